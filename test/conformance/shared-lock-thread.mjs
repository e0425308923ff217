// One of the threads of shared-lock.ts, told again and again: users of a lock of the built package, each again and again until it is over.
import { setImmediate } from 'node:timers/promises';
import { parentPort } from 'node:worker_threads';
import { micros } from '../../dist/src/core/units.js';
import { critical } from '../../dist/src/measure/iteration/run.js';
import { newUser } from '../../dist/src/measure/user.js';
import { guardsOver } from '../../dist/src/measure/lock/guards.js';
import { locks } from '../../dist/src/measure/lock/index.js';

const contend = async (contending) => {
  const { lock, memory, data, places, thread, threads, users, pairs, keys, readers, holdUs, timeoutUs, leaves } =
    contending;
  const words = new Int32Array(data);
  const clock = { now: () => micros(performance.now() * 1000) };
  const over = new AbortController();
  const how = { clock, timeoutUs: micros(timeoutUs), signal: over.signal };
  const parts = {
    lock: locks[lock.name](lock.options, {
      ...how,
      guard: guardsOver(memory, threads, how),
      text: () => (user) => String(user.variables[0]),
    }),
    tally: { lock: () => undefined, section: () => undefined },
    clock,
  };

  const pause = async (number) => {
    if (holdUs > 0) for (const untilUs = clock.now() + holdUs; clock.now() < untilUs;) await setImmediate();
    // Now and then others have a turn of the event loop, and otherwise at least a microtask.
    else if (number % 8 === 0) await setImmediate();
  };

  /** Adds one to a number of the key, in two moves with a pause between them that nothing but the lock protects. */
  const addOne = (from) => async (user) => {
    const at = from + user.variables[0];
    const inside = Atomics.add(words, places.inside, 1) + 1;
    if (inside > words[places.mostInside]) words[places.mostInside] = inside;
    const seen = words[at];
    await pause(user.iteration);
    words[at] = seen + 1;
    Atomics.sub(words, places.inside, 1);
    return 'completed';
  };

  /** Looks twice, and may not see a difference. */
  const look = async (user) => {
    const inside = Atomics.add(words, places.inside, 1) + 1;
    if (inside > words[places.mostInside]) words[places.mostInside] = inside;
    const seen = words[places.sums + user.variables[0]];
    await setImmediate();
    if (words[places.sums + user.variables[0]] !== seen) Atomics.add(words, places.torn, 1);
    Atomics.sub(words, places.inside, 1);
    return 'completed';
  };

  const noteOwner = async () => {
    words[places.owners + Atomics.add(words, places.owned, 1)] = thread;
    return 'completed';
  };

  const write = critical(addOne(places.sums), noteOwner, 'exclusive', parts);
  const read = critical(look, async () => 'completed', 'shared', parts);
  const ends = { completed: 0, written: 0, failed: 0, interrupted: 0 };
  const completed = Array.from({ length: users }, () => 0);

  const live = async (user) => {
    for (;;) {
      const number = Atomics.add(words, places.begun, 1);
      if (number >= pairs) return;
      user.iteration = number;
      user.variables[0] = number % keys;
      const reads = number % 100 < readers;
      const end = await (reads ? read : write)(user);
      ends[end]++;
      if (end === 'completed' && !reads) ends.written++;
      if (end === 'interrupted') return;
      if (end === 'completed') completed[user.index]++;
      if (leaves && ends.completed === 200) over.abort();
    }
  };

  Atomics.add(words, places.there, 1);
  while (Atomics.load(words, places.there) < threads) await setImmediate();
  await Promise.all(Array.from({ length: users }, async (_, index) => live(newUser(index, 1))));
  return { ...ends, users: completed };
};

// Waiting for a lock holds no thread: what does is that more may come.
parentPort.on('message', (contending) => {
  void contend(contending).then((ends) => parentPort.postMessage(ends));
});
