import { describe, test } from 'vitest';
import { expectOthersKept, ThreadsRig, type Death } from './threads-rig.ts';

const rig = new ThreadsRig();

// One more that is lost inside a lock is in threads.test.ts.
describe('a worker that is lost', () => {
  test.each<Death>([
    [
      'exit 0, later',
      3,
      'worker 2 of 3 ended with code 0: its share of the users and iterations, every 3rd from number 1',
    ],
    ['exit 13, later', 2, 'worker 2 of 2 ended with code 13: its share of the users and iterations, every 2nd from'],
    ['throw, later', 2, 'worker 2 of 2 failed: nobody catches this: its share of the users and iterations'],
  ])('%s, of %d: the others are stopped, and what they measured is kept', async (...death) =>
    expectOthersKept(rig, ...death),
  );
});
