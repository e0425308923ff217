import { Worker } from 'node:worker_threads';

/**
 * A thread that does nothing but sleep: Atomics.wait is exact to 0.1 ms, where a timer of the event loop is up to 1.3 ms
 * late. It waits for a request, sleeps for as long as that says, and reports back; a newer request ends the sleep.
 */
const code = `
const { parentPort, workerData: words } = require('node:worker_threads');
parentPort.postMessage(0);
for (let seen = 0; ; ) {
  Atomics.wait(words, 0, seen);
  const wish = Atomics.load(words, 0);
  if (wish < 0) break;
  if (wish === seen) continue;
  seen = wish;
  const us = Atomics.load(words, 1);
  const untilMs = performance.now() + us / 1000;
  // The wake-up for this very wish may only arrive now: it is not a newer one, so the sleep goes on.
  for (let leftMs = us / 1000; leftMs > 0; leftMs = untilMs - performance.now()) {
    if (Atomics.wait(words, 0, wish, leftMs) === 'timed-out' || Atomics.load(words, 0) !== wish) break;
  }
  if (Atomics.load(words, 0) === wish) parentPort.postMessage(wish);
}
`;

/** The longest sleep at once, in µs: the most that the word holds. */
const longestUs = 2 ** 31 - 1;

/**
 * Sleeps for a thread that has other things to do.
 *
 * @cost a sleep: about 0.1 ms of CPU over both threads; one extra thread, ready after about 30 ms
 */
export class Sleeper {
  /** It is ready for requests. */
  isReady = false;
  readonly #words = new Int32Array(new SharedArrayBuffer(8));
  readonly #thread: Worker;
  #wish = 0;

  /** @param woke called at the end of a sleep that no other has replaced */
  constructor(woke: () => void) {
    this.#thread = new Worker(code, { eval: true, workerData: this.#words, stderr: false });
    this.#thread.on('message', (wish: number) => {
      if (wish === 0) this.isReady = true;
      else if (wish === this.#wish) woke();
    });
    this.#thread.on('error', () => {
      // Timers take over: a sleeping pacer is woken, and sets one.
      this.isReady = false;
      woke();
    });
    this.#thread.unref();
  }

  /** Sleeps for this long from now, in place of any sleep before. */
  sleep(us: number): void {
    Atomics.store(this.#words, 1, Math.max(0, Math.min(longestUs, Math.floor(us))));
    this.#wish = this.#wish === longestUs ? 1 : this.#wish + 1;
    this.#tell(this.#wish);
  }

  /** Ends the thread. */
  end(): void {
    this.#tell(-1);
  }

  #tell(wish: number): void {
    Atomics.store(this.#words, 0, wish);
    Atomics.notify(this.#words, 0);
  }
}
