// A server of known behaviour, in its own process: `node server.mjs`. It stamps each request as it comes and goes, by its
// own clock, and tells the stamps, so that what contend measured can be held against what happened.
//
//   GET  /delay/<ms>                        answers after so long, any number at once; the first answer on a connection comes
//                                           up to twice as late, so that the users do not come all at once ever after
//   GET  /serial/<ms>                       holds one request at a time, for so long; the others queue
//   GET  /stall/<ms>/<after ms>/<for ms>    answers after so long; so long after the first request nothing is answered for so long
//   GET  /periodic/<ms>/<for ms>            answers at once, but nothing in the first so many ms of each period of <ms>, which the
//                                           first request begins: what comes in them is answered at their end
//   GET  /stamps                            [{ path, receivedUs, heldUs, answeredUs }] in the order of arrival; answeredUs null: not yet
//   POST /forget                            begins anew
//
// A GET may also be sent to the bare port, where it is answered without an HTTP server's own cost: two thousand at once take it
// milliseconds.
//
// Says {"port":N,"barePort":N} when it is ready, and ends with its standard input, after two minutes at the latest.
import { createServer } from 'node:http';
import { createServer as createBareServer } from 'node:net';

const lifetimeMs = 120_000;

let stamps = [];
let stallFromUs;
let periodsFromUs;
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
  const isDue = ({ dueUs }) => dueUs <= nowIsUs;
  // Nothing is copied in a turn that has nothing to do: thousands may wait.
  if (waiting.some(isDue)) {
    const due = new Set(waiting.filter(isDue));
    for (const { act } of due) act();
    waiting = waiting.filter((one) => !due.has(one));
  }
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
  periodic: (stamp, response, periodMs, forMs) => {
    periodsFromUs ??= stamp.receivedUs;
    const intoUs = (stamp.receivedUs - periodsFromUs) % (periodMs * 1000);
    if (intoUs >= forMs * 1000) answer(stamp, response);
    else at(stamp.receivedUs - intoUs + forMs * 1000, () => answer(stamp, response));
  },
  stall: (stamp, response, ms, afterMs, forMs) => {
    stallFromUs ??= stamp.receivedUs + afterMs * 1000;
    const stallToUs = stallFromUs + forMs * 1000;
    const dueUs = stamp.receivedUs + ms * 1000;
    at(dueUs >= stallFromUs && dueUs < stallToUs ? stallToUs : dueUs, () => answer(stamp, response));
  },
};

/** @returns false: there is no such behaviour */
const serve = (path, receivedUs, response) => {
  const [, name, ...numbers] = path.split('/');
  const behaviour = Object.hasOwn(behaviours, name) ? behaviours[name] : undefined;
  if (behaviour === undefined) return false;
  const stamp = { path, receivedUs, heldUs: receivedUs, answeredUs: null };
  stamps.push(stamp);
  behaviour(stamp, response, ...numbers.map(Number));
  return true;
};

const bareAnswer = Buffer.from('HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}');

// One GET a connection at a time, which comes whole: all that the loopback and contend's users do.
const bareServer = createBareServer((socket) => {
  const response = { socket, end: () => socket.write(bareAnswer) };
  socket.on('data', (chunk) => {
    const path = chunk.latin1Slice(4, chunk.indexOf(' ', 4));
    if (!serve(path, nowUs(), response)) socket.destroy();
  });
  socket.on('error', () => socket.destroy());
});

const server = createServer((request, response) => {
  const receivedUs = nowUs();
  const path = request.url;
  if (path === '/stamps') response.end(JSON.stringify(stamps));
  else if (path === '/forget') {
    stamps = [];
    stallFromUs = undefined;
    periodsFromUs = undefined;
    response.end('{}');
  } else if (!serve(path, receivedUs, response)) response.writeHead(404).end();
});
// An idle connection stays.
server.keepAliveTimeout = 0;

const end = () => process.exit(0);
process.stdin.on('end', end).on('close', end).on('error', end).resume();
setTimeout(end, lifetimeMs);
server.listen(0, '127.0.0.1', () => {
  bareServer.listen({ port: 0, host: '127.0.0.1', backlog: 4096 }, () => {
    process.stdout.write(`{"port":${server.address().port},"barePort":${bareServer.address().port}}\n`);
  });
});
