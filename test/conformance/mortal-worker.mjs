// The built package's worker, of which the second dies, at once, a while after it was told to begin, or then as soon as it
// is inside a lock, as the mode's name says: how a worker is lost in threads.test.ts.
import { parentPort } from 'node:worker_threads';
import '../../dist/src/measure/runner/threads/worker.js';
import { SharedMutex } from '../../dist/src/measure/lock/shared/mutex.js';

const deaths = {
  'exit 0': () => process.exit(0),
  'exit 13': () => process.exit(13),
  'throw': () => {
    throw new Error('nobody catches this');
  },
};

let die;
let diesInside = false;
let when;

const dieInside = async (got) => {
  const hold = await got;
  if (hold.refused === undefined) die();
};

const enter = Object.getOwnPropertyDescriptor(SharedMutex.prototype, 'enter').value;
SharedMutex.prototype.enter = function enterAndDie(...args) {
  const got = enter.apply(this, args);
  if (diesInside) void dieInside(got);
  return got;
};

parentPort.on('message', ({ kind, job }) => {
  if (kind === 'job' && job.shard.index === 1) {
    const [name, moment] = job.mode.name.split(', ');
    die = deaths[name];
    when = moment;
    if (when === 'at once') die();
  }
  if (kind !== 'begin' || die === undefined) return;
  setTimeout(() => {
    if (when === 'inside') diesInside = true;
    else die();
  }, 300);
});
