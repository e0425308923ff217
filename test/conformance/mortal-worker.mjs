// The built package's worker, of which the second dies, at once or a while after it was told to begin, as the mode's name
// says: how a worker is lost in threads.test.ts.
import { parentPort } from 'node:worker_threads';
import '../../dist/src/measure/runner/threads/worker.js';

const deaths = {
  'exit 0': () => process.exit(0),
  'exit 13': () => process.exit(13),
  'throw': () => {
    throw new Error('nobody catches this');
  },
};

let die;
parentPort.on('message', ({ kind, job }) => {
  if (kind === 'job' && job.shard.index === 1) {
    const [name, when] = job.mode.name.split(', ');
    die = deaths[name];
    if (when === 'at once') die();
  }
  if (kind === 'begin' && die !== undefined) setTimeout(() => die(), 300);
});
