import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';

/** What a sick target does with the nth request, from 1; `down` closes it for good, all its connections with it. */
export type Answering = (socket: Socket, nth: number, down: () => void) => unknown;

/** A target that is sick, and what must come of a run against it under `--undecided warn`. */
export interface Sick {
  readonly answer: Answering;
  /** 96: nothing completed. 97: more failed than completed. 0: less than that. */
  readonly code: 0 | 96 | 97;
  /** What the first lines of the report say. */
  readonly says: RegExp;
  /** More keys of its step. */
  readonly step?: string;
  /** More lines of its scenario; the gate, unless given. */
  readonly more?: string;
}

const said = (status: string, body: string, type = 'application/json'): string =>
  `HTTP/1.1 ${status}\r\nContent-Type: ${type}\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
const ok = said('200 OK', '{"stock":5}');
const announced = (length: number): string =>
  `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: ${length}\r\n\r\n`;

const always =
  (text: string): Answering =>
  (socket) =>
    socket.write(text);

/** A good answer where this is so, and the other one else. */
const unless =
  (isGood: (nth: number) => boolean, bad: Answering): Answering =>
  (socket, nth, down) =>
    isGood(nth) ? socket.write(ok) : bad(socket, nth, down);

const drip = (socket: Socket): void => {
  socket.write(announced(1000));
  const timer = setInterval(() => socket.write('x'), 20);
  socket.on('close', () => clearInterval(timer));
};

/** The gate of each: undecided by so few iterations, which `--undecided warn` makes a warning. */
const gate = `gates: ['p99 < 5s']`;
const noGate = '';

/** By name. */
export const sickTargets: { readonly [name: string]: Sick } = {
  'everything is 404': {
    answer: always(said('404 Not Found', '{"error":"no such item"}')),
    code: 96,
    says: /^INVALID no iteration of api completed: read: status 404,.*"no such item"/u,
  },
  'everything is 500': {
    answer: always(said('500 Internal Server Error', 'oops', 'text/plain')),
    code: 96,
    says: /^INVALID .*read: status 500,.*\(500, text\/plain, oops\)/u,
  },
  'everything is 401': {
    answer: always(said('401 Unauthorized', '{"error":"token expired"}')),
    code: 96,
    says: /^INVALID .*read: status 401,.*token expired/u,
  },
  'everything is 503, with an empty body': {
    answer: always('HTTP/1.1 503 Service Unavailable\r\nRetry-After: 30\r\nContent-Length: 0\r\n\r\n'),
    code: 96,
    says: /^INVALID .*read: status 503/u,
  },
  'no answer ever comes': { answer: () => undefined, code: 96, says: /^INVALID .*read: no answer within 500 ms/u },
  'HTML in place of JSON': {
    answer: always(said('200 OK', '<html><body>Please log in</body></html>', 'text/html')),
    code: 96,
    says: /^INVALID .*read: the body is not JSON.*text\/html, <html><body>Please log in/u,
  },
  'another field than the one captured': {
    answer: always(said('200 OK', '{"balance":100}')),
    code: 96,
    says: /^INVALID .*read: the answer has no body\.stock \(200, application\/json, \{"balance":100\}\)/u,
  },
  'a list in place of an object': {
    answer: always(said('200 OK', '[]')),
    code: 96,
    says: /^INVALID .*read: the answer has no body\.stock \(200, application\/json, \[\]\)/u,
  },
  'empty bodies': { answer: always(said('200 OK', '')), code: 96, says: /^INVALID .*read: .*body/u },
  'JSON that breaks off': {
    answer: always(said('200 OK', '{"stock":')),
    code: 96,
    says: /^INVALID .*read: the body is not JSON/u,
  },
  'XML, called JSON': {
    answer: always(said('200 OK', '<stock>5</stock>')),
    code: 96,
    says: /^INVALID .*read: the body is not JSON.*<stock>5<\/stock>/u,
  },
  'it closes without an answer': {
    answer: (socket) => socket.end(),
    code: 96,
    says: /^INVALID .*read: .*closed/u,
  },
  'it resets the connection': {
    answer: (socket) => socket.resetAndDestroy(),
    code: 96,
    says: /^INVALID .*read: .*(?:ECONNRESET|EPIPE|closed)/u,
  },
  'the body is shorter than announced': {
    answer: (socket) => socket.end(`${announced(100)}{"stock"`),
    code: 96,
    says: /^INVALID .*read: the answer \(status 200\) was cut off/u,
  },
  'the body never ends': {
    answer: drip,
    code: 96,
    says: /^INVALID .*read: the answer \(status 200\) was not complete within 500 ms/u,
  },
  'no HTTP': {
    answer: (socket) => socket.end('SSH-2.0-OpenSSH_9.6\r\n\r\n'),
    code: 96,
    says: /^INVALID .*read: invalid HTTP\/1\.1/u,
  },
  'a redirect to itself': {
    answer: always('HTTP/1.1 302 Found\r\nLocation: /items/1\r\nContent-Length: 0\r\n\r\n'),
    step: ', redirects: 5',
    code: 96,
    says: /^INVALID .*read: .*\(302, location: \/items\/1\).*The answer is a redirect/u,
  },
  'a redirect that nobody follows': {
    answer: always('HTTP/1.1 302 Found\r\nLocation: /login\r\nContent-Length: 0\r\n\r\n'),
    code: 96,
    says: /^INVALID .*read: .*\(302, location: \/login\).*The answer is a redirect/u,
  },
  'it goes away before the first answer': {
    answer: (_socket, _nth, down) => down(),
    code: 96,
    says: /^INVALID .*read: .*(?:ECONNREFUSED|ECONNRESET|closed)/u,
  },
  'it is killed midway': {
    answer: unless(
      (nth) => nth <= 10,
      (_socket, _nth, down) => down(),
    ),
    code: 97,
    says: /^UNDECIDED more iterations failed than completed in api: read: connect ECONNREFUSED/u,
  },
  '429 for three in four': {
    answer: unless((nth) => nth % 4 === 0, always(said('429 Too Many Requests', '{}'))),
    code: 97,
    says: /^UNDECIDED more iterations failed than completed in api: read: status 429/u,
  },
  'no answer for two in three': {
    answer: unless(
      (nth) => nth % 3 === 0,
      () => undefined,
    ),
    code: 97,
    says: /^UNDECIDED more iterations failed than completed in api: read: no answer within 500 ms/u,
  },
  'broken after a good beginning': {
    answer: unless((nth) => nth <= 10, always(said('502 Bad Gateway', '<h1>502</h1>', 'text/html'))),
    code: 97,
    says: /^UNDECIDED more iterations failed than completed in api: read: status 502/u,
  },
  'every other one fails': {
    answer: unless((nth) => nth % 2 === 0, always(said('500 Internal Server Error', '{}'))),
    code: 0,
    says: /^UNDECIDED p99 < 5s: .* 50 % of the iterations of api failed: read: status 500.* exit code is 0/u,
  },
  'every third one fails, and there is no gate': {
    answer: unless((nth) => nth % 3 > 0, always(said('500 Internal Server Error', '{}'))),
    code: 0,
    more: noGate,
    says: /^DONE .* 33 % of the iterations of api failed: read: status 500/u,
  },
  'every tenth one has another field, and there is no gate': {
    answer: unless((nth) => nth % 10 > 0, always(said('200 OK', '{"balance":100}'))),
    code: 0,
    more: noGate,
    says: /^DONE .* 10 % of the iterations of api failed: read: the answer has no body\.stock/u,
  },
};

/** The scenario of one of them: it captures from the body, and has one gate unless it says otherwise. */
export const scenarioOf = ({ step = '', more = gate }: Sick, origin: string): string => `
target: ${origin}
timeouts: { connect: 5s, request: 500ms }
rounds: 2
load: { users: 10, iterations: 60 }
steps: [{ name: read, get: /items/1, capture: { stock: body.stock }${step} }]
modes: { api: none }
${more}
`;

/** A target that is sick, on a free port of the loopback. */
export const openSick = async (answer: Answering): Promise<AsyncDisposable & { readonly origin: string }> => {
  const sockets = new Set<Socket>();
  let nth = 0;
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => undefined);
    let text = '';
    socket.on('data', (piece) => {
      text += piece.toString('latin1');
      for (let at = text.indexOf('\r\n\r\n'); at !== -1; at = text.indexOf('\r\n\r\n')) {
        text = text.slice(at + 4);
        answer(socket, ++nth, down);
      }
    });
  });
  const down = (): void => {
    if (server.listening) server.close();
    for (const socket of sockets) socket.destroy();
  };
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    [Symbol.asyncDispose]: async () => {
      const closed = server.listening ? once(server, 'close') : undefined;
      down();
      await closed;
    },
  };
};
