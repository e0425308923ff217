// A server of every fault, in its own process: `node server.mjs [backlog]`. It speaks HTTP by hand, so that it can speak it wrongly,
// and counts the requests that it has read whole, so that a request that was sent twice shows.
//
//   any method, /<fault>/<number…>   see `faults` below; what is none of them is answered with 200 {"stock":5}
//
// On the control port:  GET /counts     {"POST /silent": 12, …}
//                       POST /forget    begins anew
//
// Says {"port":N,"tlsPort":N,"controlPort":N} when it is ready, and ends with its standard input, after two minutes at
// the latest. Behind tlsPort is a certificate that nobody knows.
import { readFileSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { createServer } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { gzipSync } from 'node:zlib';

const lifetimeMs = 120_000;
/** How many connections wait to be accepted; more are not even answered. */
const backlog = Number(process.argv[2] ?? 511);

/** 20 KB that unpack to 20 MB. */
const bomb = gzipSync(Buffer.alloc(20_000_000));
const stock = gzipSync('{"stock":5}');

let counts = {};
const open = new Set();

const answer = (status, body = '{"stock":5}', more = '') =>
  `HTTP/1.1 ${status}\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n${more}\r\n${body}`;
const ok = answer('200 OK');
const chunked = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n';
const head = (length) => `HTTP/1.1 200 OK\r\nContent-Length: ${length}\r\n\r\n`;

const zipped = (socket, body) => {
  socket.write(`HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: ${body.length}\r\n\r\n`);
  socket.write(body);
};

/** What was written is on its way when the connection is reset. */
const resetAfter = (socket, text) => {
  socket.write(text);
  setTimeout(() => socket.resetAndDestroy(), 10);
};

const drip = (socket, first, text) => {
  socket.write(first);
  const timer = setInterval(() => socket.write(text), 20);
  socket.on('close', () => clearInterval(timer));
};

const pour = (socket) => {
  const chunk = `10000\r\n${'x'.repeat(0x10000)}\r\n`;
  const more = () => {
    while (!socket.destroyed && socket.write(chunk));
  };
  socket.on('drain', more).write(chunked);
  more();
};

const refuseFromNowOn = () => {
  server.close();
  for (const socket of open) socket.destroy();
};

/** `nth`: of the requests of this path, from 1. `onConnection`: of those of the connection. `text`: the whole request. */
const faults = {
  'silent': () => undefined,
  'late': (socket, [ms]) => setTimeout(() => socket.write(ok), ms),
  'reset': (socket) => socket.resetAndDestroy(),
  'reset-in-head': (socket) => resetAfter(socket, 'HTTP/1.1 200 OK\r\nContent-'),
  'reset-in-body': (socket) => resetAfter(socket, `${head(100)}abc`),
  'slow-head': (socket) => drip(socket, 'HTTP/1.1 200 OK\r\n', 'X-More: 1\r\n'),
  'slow-body': (socket) => drip(socket, head(1_000_000), 'x'),
  'endless': pour,
  'cut-off': (socket) => socket.end(`${head(100)}abc`),
  'too-long': (socket) => socket.write(`${head(2)}{}and more of it`),
  'bad-chunk': (socket) => socket.write(`${chunked}zz\r\nabc\r\n`),
  'bad-status': (socket) => socket.write('HTTP/1.1 fine\r\n\r\n'),
  'two-lengths': (socket) => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}'),
  'huge-head': (socket) => socket.write(answer('200 OK', '{}', `X-Huge: ${'x'.repeat(1_000_000)}\r\n`)),
  'gzip': (socket) => zipped(socket, stock),
  'zip-bomb': (socket) => zipped(socket, bomb),
  'early-hints': (socket) => socket.write(`HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n${ok}`),
  'continue': (socket) => socket.write(`HTTP/1.1 100 Continue\r\n\r\n${ok}`),
  'upgrade': (socket) => socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n'),
  'body-of-204': (socket) => socket.write('HTTP/1.1 204 No Content\r\n\r\n{"stock":5}'),
  'close': (socket) => socket.end(answer('200 OK', '{"stock":5}', 'Connection: close\r\n')),
  // As it is met in the wild: the server has had enough of the idle connection just when the next request is on its way.
  'idle-reset': (socket, _numbers, { onConnection }) => {
    if (onConnection === 1) socket.write(ok);
    else socket.resetAndDestroy();
  },
  'idle-race': (socket, [ms]) => {
    socket.write(ok);
    setTimeout(() => socket.resetAndDestroy(), ms);
  },
  'text': (socket) => socket.write(answer('200 OK', 'Hello <b>world</b>')),
  'nothing': (socket) => socket.write(answer('200 OK', 'null')),
  'word': (socket) => socket.write(answer('200 OK', '{"stock":"many"}')),
  'echo': (socket, _numbers, { text }) => socket.write(answer('200 OK', text)),
  'echo-status': (socket, _numbers, { text }) =>
    socket.write(answer(`500 ${text.replaceAll(/[\r\n]+/gu, ' ').slice(0, 2000)}`)),
  'echo-json': (socket, _numbers, { text }) => socket.write(answer('200 OK', JSON.stringify({ stock: text }))),
  'echo-type': (socket, _numbers, { text }) =>
    socket.write(`HTTP/1.1 200 OK\r\nContent-Encoding: ${text.replaceAll(/[\r\n]+/gu, ' ')}\r\n\r\n`),
  'echo-bare': (socket, _numbers, { text }) => socket.end(text),
  'echo-credential': (socket, _numbers, { text }) =>
    socket.write(answer('200 OK', /^authorization: \S+ (.*)$/imu.exec(text)?.[1] ?? 'none')),
  'huge-json': (socket) => socket.write(answer('200 OK', JSON.stringify({ stock: 5, rest: 'x'.repeat(2_000_000) }))),
  'deep-json': (socket) => socket.write(answer('200 OK', '['.repeat(50_000) + ']'.repeat(50_000))),
  'fails-after': (socket, [times], { nth }) => socket.write(nth <= times ? ok : answer('503 Service Unavailable')),
  'refuses-after': (socket, [times], { nth }) => (nth <= times ? socket.write(ok) : refuseFromNowOn()),
  'late-after': (socket, [times, ms], { nth }) => setTimeout(() => socket.write(ok), nth <= times ? 0 : ms),
};

const asked = (socket, method, path, text, onConnection) => {
  const name = `${method} ${path}`;
  counts[name] = (counts[name] ?? 0) + 1;
  const [, fault, ...numbers] = path.split('/');
  const act = Object.hasOwn(faults, fault) ? faults[fault] : () => socket.write(ok);
  return act(socket, numbers.map(Number), { nth: counts[name], onConnection, text });
};

const speak = (socket) => {
  let text = '';
  let requests = 0;
  open.add(socket);
  socket.on('close', () => open.delete(socket)).on('error', () => undefined);
  socket.setEncoding('latin1').on('data', (more) => {
    text += more;
    for (;;) {
      const end = text.indexOf('\r\n\r\n');
      if (end === -1) return;
      const length = Number(/^content-length: (\d+)/imu.exec(text.slice(0, end))?.[1] ?? 0);
      if (text.length < end + 4 + length) return;
      const [method, path] = text.split(' ', 2);
      const whole = text.slice(0, end + 4 + length);
      text = text.slice(end + 4 + length);
      asked(socket, method, path, whole, ++requests);
    }
  });
};

const pem = readFileSync(new URL('./self-signed.pem', import.meta.url));
const server = createServer(speak);
const tlsServer = createTlsServer({ key: pem, cert: pem }, speak);
const control = createHttpServer((request, response) => {
  if (request.url === '/forget') counts = {};
  response.end(JSON.stringify(counts));
});

const end = () => process.exit(0);
process.stdin.on('end', end).on('close', end).on('error', end).resume();
setTimeout(end, lifetimeMs);

const listening = [server, tlsServer, control].map(
  (one) =>
    new Promise((resolve) => {
      one.listen({ port: 0, host: '127.0.0.1', backlog }, () => resolve(one.address().port));
    }),
);
const [port, tlsPort, controlPort] = await Promise.all(listening);
process.stdout.write(`${JSON.stringify({ port, tlsPort, controlPort })}\n`);
