// The empty pacer: a bare loop that reads the clock on every turn and does nothing when something is due. How late it is shows what
// the machine and the event loop cost. A loop that does work in between cannot be less late.
// `node test/bench/pacer.mjs <per second> <warm-up seconds> <seconds>` prints {"p50","p90","p99"} in µs.
import { Histogram } from '../../dist/src/core/recording/histogram.js';

const [perSecond, warmupSeconds, seconds] = process.argv.slice(2).map(Number);
const everyUs = 1e6 / perSecond;
const nowUs = () => performance.now() * 1000;
const lag = Histogram.empty();
const fromUs = nowUs();
const measuredUs = fromUs + warmupSeconds * 1e6;
const untilUs = measuredUs + seconds * 1e6;
let dueUs = fromUs;

const turn = () => {
  for (let now = nowUs(); dueUs <= now; dueUs += everyUs) if (dueUs >= measuredUs) lag.record(now - dueUs);
  if (dueUs < untilUs) {
    setImmediate(turn);
    return;
  }
  const [p50, p90, p99] = [50, 90, 99].map((percent) => lag.percentile(percent));
  process.stdout.write(`${JSON.stringify({ p50, p90, p99 })}\n`);
};
turn();
