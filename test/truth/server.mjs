// A server of known behaviour, in its own process: `node server.mjs`. It stamps each request as it comes and goes, by its
// own clock, and tells the stamps, so that what contend measured can be held against what happened.
//
//   GET  /delay/<ms>                        answers after so long, any number at once; the first answer on a connection comes
//                                           up to twice as late, so that the users do not come all at once ever after
//   GET  /serial/<ms>                       holds one request at a time, for so long; the others queue
//   GET  /stall/<ms>/<after ms>/<for ms>    answers after so long; so long after the first request nothing is answered for so long
//   GET  /stamps                            [{ path, receivedUs, heldUs, answeredUs }] in the order of arrival; answeredUs null: not yet
//   POST /forget                            begins anew
//
// Says {"port":N} when it is ready, and ends with its standard input, after two minutes at the latest.
import { createServer } from 'node:http';

const lifetimeMs = 120_000;

let stamps = [];
let stallFromUs;
const queue = [];
let waiting = [];
const met = new WeakSet();

const nowUs = () => performance.now() * 1000;

/** Looks at the clock each turn while anything waits: on time to some µs, and a core that does not nap stamps arrivals at once. */
const at = (dueUs, act) => {
  waiting.push({ dueUs, act });
  if (waiting.length === 1) setImmediate(turn);
};

const turn = () => {
  const nowIsUs = nowUs();
  const due = waiting.filter(({ dueUs }) => dueUs <= nowIsUs);
  for (const { act } of due) act();
  waiting = waiting.filter((one) => !due.includes(one));
  if (waiting.length > 0) setImmediate(turn);
};

const answer = (stamp, response) => {
  response.end('{}');
  stamp.answeredUs = nowUs();
};

const holdFirst = () => {
  const [{ stamp, response, ms }] = queue;
  stamp.heldUs = nowUs();
  at(stamp.heldUs + ms * 1000, () => {
    answer(stamp, response);
    queue.shift();
    if (queue.length > 0) holdFirst();
  });
};

const behaviours = {
  delay: (stamp, response, ms) => {
    const { socket } = response;
    const laterMs = met.has(socket) ? 0 : Math.random() * ms;
    met.add(socket);
    at(stamp.receivedUs + (ms + laterMs) * 1000, () => answer(stamp, response));
  },
  serial: (stamp, response, ms) => {
    queue.push({ stamp, response, ms });
    if (queue.length === 1) holdFirst();
  },
  stall: (stamp, response, ms, afterMs, forMs) => {
    stallFromUs ??= stamp.receivedUs + afterMs * 1000;
    const stallToUs = stallFromUs + forMs * 1000;
    const dueUs = stamp.receivedUs + ms * 1000;
    at(dueUs >= stallFromUs && dueUs < stallToUs ? stallToUs : dueUs, () => answer(stamp, response));
  },
};

const server = createServer((request, response) => {
  const receivedUs = nowUs();
  const path = request.url;
  if (path === '/stamps') return response.end(JSON.stringify(stamps));
  if (path === '/forget') {
    stamps = [];
    stallFromUs = undefined;
    return response.end('{}');
  }
  const [, name, ...numbers] = path.split('/');
  const behaviour = Object.hasOwn(behaviours, name) ? behaviours[name] : undefined;
  if (behaviour === undefined) return response.writeHead(404).end();
  const stamp = { path, receivedUs, heldUs: receivedUs, answeredUs: null };
  stamps.push(stamp);
  return behaviour(stamp, response, ...numbers.map(Number));
});
// An idle connection stays.
server.keepAliveTimeout = 0;

const end = () => process.exit(0);
process.stdin.on('end', end).on('close', end).on('error', end).resume();
setTimeout(end, lifetimeMs);
server.listen(0, '127.0.0.1', () => process.stdout.write(`{"port":${server.address().port}}\n`));
