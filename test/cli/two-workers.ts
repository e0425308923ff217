/** What runs the store, locked and lock-free, over two threads, but for how long. */
export const run = [
  'run',
  'scenarios/online-store.yaml',
  '--modes',
  'locked,lock-free',
  '--json',
  '-q',
  '-w',
  '2',
  '-c',
  '8',
  '--warmup',
  '50ms',
];
