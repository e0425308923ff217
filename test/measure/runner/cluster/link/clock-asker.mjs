// An agent's clock on another machine: asks Redis for its time, and compares what it makes of it with what only a test can know,
// the wall clock that both machines have. Tells offset, error and how wrong it was, in µs, one JSON a line.
import { Redis } from 'ioredis';
import { processHost } from '../../../../../dist/src/host.js';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  askTime,
  keepAsking,
  monotonicOf,
  ReferenceClock,
} from '../../../../../dist/src/measure/runner/cluster/link/clock.js';

const monotonicUs = monotonicOf(processHost());
const [url, looks] = process.argv.slice(2);
const redis = new Redis(url, { connectTimeout: 20_000, maxRetriesPerRequest: null });
const clock = new ReferenceClock();

/** The true offset lies between two bounds: where a millisecond of the wall clock begins is known to a microsecond. */
const truth = () => {
  let [least, most] = [-Infinity, Infinity];
  for (let edge = 0; edge < 8; edge++) {
    const wallMs = Date.now();
    let before = monotonicUs();
    for (;;) {
      const now = Date.now();
      const after = monotonicUs();
      if (now === wallMs + 1) {
        least = Math.max(least, now * 1000 - after);
        most = Math.min(most, now * 1000 - before);
        break;
      }
      // It was held for longer than a millisecond.
      if (now > wallMs) break;
      before = after;
    }
  }
  return [least, most];
};

await askTime({ redis, nowUs: monotonicUs }, clock, 8);
const asking = keepAsking({ redis, nowUs: monotonicUs }, clock);
for (let look = 0; look < Number(looks); look++) {
  await sleep(150 + 37 * look);
  const [least, most] = truth();
  const atUs = monotonicUs();
  const { offsetUs, errorUs } = clock.at(atUs);
  const wrongUs = Math.max(0, least - offsetUs, offsetUs - most);
  process.stdout.write(`${JSON.stringify({ atUs, offsetUs, errorUs, wrongUs, spreadUs: most - least })}\n`);
}
asking[Symbol.dispose]();
redis.disconnect();
