// What the built package's clock says in a thread, beside the clock that all threads share.
import { parentPort, workerData } from 'node:worker_threads';
import { threadClock } from '../../dist/src/host.js';

const clock = threadClock(workerData.epochNs);
const readings = Array.from({ length: 1000 }, () => {
  const beforeNs = process.hrtime.bigint();
  return { beforeNs, nowUs: clock.now(), afterNs: process.hrtime.bigint() };
});
parentPort.postMessage(readings);
