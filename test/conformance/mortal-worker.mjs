// The built package's worker, of which the second dies, at once, when all of them have done something, or then as soon as it
// is inside a lock, as the mode's name says: how a worker is lost in threads.test.ts.
import { setTimeout as pause } from 'node:timers/promises';
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
let origin;

/** Settles when the store has answered so many: more than the reads before the load, and some of every worker. */
const answered = async (requests) => {
  for (;;) {
    const stats = await (await fetch(`${origin}/stats`)).json();
    if (stats.requests >= requests) return;
    await pause(20);
  }
};

const dieLater = async () => {
  await answered(300);
  if (when === 'inside') diesInside = true;
  else die();
};

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
    origin = job.endpoint.origin;
    when = moment;
    if (when === 'at once') die();
  }
  if (kind === 'begin' && die !== undefined) void dieLater();
});
