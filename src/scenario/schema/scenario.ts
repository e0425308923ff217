import { z } from 'zod';
import { lockSyntax } from '../../measure/lock/syntax.ts';
import { transportSyntax } from '../../measure/transport/syntax.ts';
import { named } from '../text/words.ts';
import { choice } from './choice.ts';
import { branch, inputSchema, isMap, notation } from './notation.ts';
import { variable, variableChange } from './data.ts';
import { statuses } from './expect.ts';
import { load } from './load.ts';
import { serve } from './serve.ts';
import { count, duration, durations, gateText, label, target } from './values.ts';
import { auth } from './auth.ts';
import { steps } from './flow.ts';
import { headers, redirects, requests, retries, stepChange, usualConflict } from './steps.ts';
import { changes } from './changes.ts';
import { consistency } from './consistency.ts';
import { connectTo, http2, proxy } from './way.ts';
import { environment, secretNames } from './environment.ts';

const mostWorkers = 64;
const mostAgents = 256;

const lock = choice('lock', lockSyntax);

const transport = choice('transport', transportSyntax);

const file = notation(
  (input, refuse) =>
    typeof input === 'string' && input !== '' && !input.includes('\0')
      ? input
      : refuse(`expected the path of a PEM file, got ${named(input)}`),
  { type: 'string', minLength: 1 },
);

const kept = z.boolean();
const freshly = z.literal('fresh');

const cookies = branch<typeof kept | typeof freshly>([kept, freshly], (input, refuse) => {
  if (typeof input === 'boolean') return kept;
  return input === 'fresh' ? freshly : refuse(`expected true, false or fresh, got ${named(input)}`);
});

const tls = z.strictObject({
  insecure: z.boolean().describe('certificates are not verified, and the report says so').prefault(false),
  ca: file.describe('PEM file with the authorities to trust, instead of the well-known ones').optional(),
  extraCa: file.describe('PEM file with authorities to trust in addition to the well-known ones').optional(),
  cert: file.describe('PEM file with the client certificate').optional(),
  key: file.describe('PEM file with its key').optional(),
  servername: label.describe("the name to request and verify, instead of the target's host").optional(),
});

const workers = notation(
  (input, refuse) => {
    if (input === 'auto') return 'auto' as const;
    return typeof input === 'number' && Number.isInteger(input) && input >= 1 && input <= mostWorkers
      ? input
      : refuse(`expected 1 to ${mostWorkers} or "auto", got ${named(input)}`);
  },
  { anyOf: [{ type: 'integer', minimum: 1, maximum: mostWorkers }, { const: 'auto' }] },
);

const agents = notation(
  (input, refuse) =>
    typeof input === 'number' && Number.isInteger(input) && input >= 0 && input <= mostAgents
      ? input
      : refuse(`expected 0 to ${mostAgents}, got ${named(input)}`),
  { type: 'integer', minimum: 0, maximum: mostAgents },
);

const timeouts = z.strictObject({
  connect: duration(1).describe('how long a connection may take').prefault('2s'),
  request: duration(1).describe('how long an answer may take').prefault('10s'),
  lock: duration(1).describe('how long an iteration waits for a lock').prefault('30s'),
});

const pause = duration().transform((us) => ({ name: 'pause', options: us }));
const processing = choice('kind of processing', {
  pause: { summary: 'wait this long', options: duration() },
  busy: { summary: 'compute this long, which blocks the generator', options: duration() },
});

const loginList = requests.transform((all) => ({ steps: all, renew: undefined }));
const renewed = {
  renew: duration(1)
    .describe('a user whose login is older than this logs in again before its next iteration: for tokens that expire')
    .optional(),
};
const loginMap = z.strictObject({
  ...renewed,
  steps: requests.describe('what each user sends before the load of each slot'),
});

/** A list of steps, or a map with one. */
const loginAs = <T extends z.ZodType>(map: T) =>
  branch<typeof loginList | T>([loginList, map], (input) => (isMap(input) ? map : loginList));

const conflict = z.strictObject({
  status: statuses.describe(
    'the status that means "another one was faster" and is not an error, or a list of them: 412',
  ),
  retries: retries.describe('further attempts before the iteration fails as gave-up').prefault(usualConflict.retries),
  backoff: durations
    .describe('pause before the next attempt: grows from the first to the second')
    .prefault(usualConflict.backoff),
});

/** What a mode may change, and the defaults if neither it nor the scenario sets a value. */
const modeShape = {
  target: target.describe(
    'where requests go: https://…, http://…, http://unix:/path/of/socket or builtin:store; with "serve", http://127.0.0.1:${port}',
  ),
  serve: serve
    .describe(
      'a target that contend starts, waits for and stops: needs --allow-run; modes with the same "serve" share one process',
    )
    .optional(),
  load: load.describe('how much, how long').prefault({}),
  workers: workers
    .describe('threads that share the users; auto: one per core, minus one for a target on this machine')
    .prefault(1),
  agents: agents
    .describe(
      'how many of the machines from --agents measure it, with the threads that each lends; 0: this machine; default: all',
    )
    .optional(),
  pacing: z
    .enum(['auto', 'hybrid', 'relaxed'])
    .describe(
      'open load: hybrid polls the clock while it waits for an answer and before each start, which takes up to a core and is late by microseconds; relaxed sleeps and is late by a tenth of a millisecond; auto: hybrid if a core can be spared',
    )
    .prefault('auto'),
  transport: transport.describe('the HTTP client').prefault('wire'),
  http2: http2
    .describe(
      'HTTP/2: negotiated over https; over http the target must be known to speak it; auto: HTTP/1.1 with an https target that does not speak HTTP/2',
    )
    .prefault(false),
  keepAlive: z
    .boolean()
    .describe('requests reuse connections; false: each opens a new one and asks to close it (HTTP/1.1)')
    .prefault(true),
  proxy: proxy
    .describe(
      'proxy for the requests: http(s)://[user:password@]host:port, or none; default: what HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and NO_PROXY say',
    )
    .optional(),
  connectTo: connectTo
    .describe('host:port of an address to the host:port to connect to instead; requests still name the address')
    .prefault({}),
  tls: tls.describe('settings of https connections').prefault({}),
  timeouts: timeouts.describe('how long things may take').prefault({}),
  data: z
    .record(z.string(), variable)
    .describe('variables of an iteration, as ${name} in the steps: product: 1..20')
    .prefault({}),
  headers: headers.describe("sent with every request; a step's headers win, null removes one").prefault({}),
  before: requests
    .describe('sent once before the load of each slot, to put the target into a known state')
    .prefault([]),
  login: loginAs(loginMap)
    .describe(
      "sent by each user before the load of each slot; its captures are that user's variables in the steps; { renew: 10m, steps: [...] } sends it again when it is older than that",
    )
    .prefault([]),
  after: requests.describe('sent once after each slot, to clean up; it can use the captures of "before"').prefault([]),
  cookies: cookies
    .describe(
      'each user keeps its cookies from its login to the end of the slot; fresh: each iteration begins with those of the login',
    )
    .prefault(false),
  auth: auth
    .describe('the Authorization header of every request that knows the names in it: { bearer: "${token}" }')
    .optional(),
  redirects: redirects
    .describe("how many redirects a request follows, within the target's origin; each counts as a request of its step")
    .prefault(0),
  steps: steps.describe('what one iteration does; without a critical step all of it is one critical section'),
  lock: lock.describe('what is held over a critical section').prefault('none'),
  process: branch<typeof pause | typeof processing>([pause, processing], (input) => (isMap(input) ? processing : pause))
    .describe('time that each critical section takes after its last answer: 2ms is { pause: 2ms }')
    .prefault(0),
  conflict: conflict
    .describe('answers after which a critical section starts again; a step may have its own')
    .optional(),
  violations: z
    .enum(['forbidden', 'allowed'])
    .describe('whether inconsistent data fails the run or is only a finding')
    .prefault('forbidden'),
};

const change = z.strictObject({
  ...changes(modeShape),
  login: loginAs(z.strictObject(changes(loginMap.shape)))
    .nullable()
    .describe('what each user sends before the load of each slot; { renew: 1m } only changes that')
    .optional(),
  data: z.record(z.string(), variableChange.nullable()).nullable().describe('variables that change').optional(),
  steps: z
    .record(z.string(), stepChange.nullable())
    .nullable()
    .describe('by name of a step: what changes in it; null removes it')
    .optional(),
});

const loneWords = { enum: Object.keys(lockSyntax).filter((word) => lock.safeParse(word).success) };

const mode = branch<typeof lock | typeof change>(
  [lock, change],
  (input, refuse) => {
    if (typeof input === 'string') return lock;
    return isMap(input) ? change : refuse(`expected a lock or a map of what changes, got ${named(input)}`);
  },
  { anyOf: [{ ...loneWords, description: 'the lock of the mode' }, inputSchema(change)] },
);

const gateMap = z.strictObject({
  gate: gateText.describe('what must hold: "p99(locked) < 50ms"'),
  abort: z
    .boolean()
    .describe('stop the run after the round in which it fails; not for a gate that compares modes')
    .optional(),
});

const gate = branch<typeof gateText | typeof gateMap>([gateText, gateMap], (input) =>
  isMap(input) ? gateMap : gateText,
);

/** The sweep is read later, which reports unknown axes and their wrong values. */
const axis = notation(
  (input, refuse) =>
    isMap(input) ? input : refuse(`expected an axis and its values, got ${named(input)}`, 'such as { users: 1..128 }'),
  { type: 'object', minProperties: 1, maxProperties: 1, additionalProperties: { type: ['string', 'number', 'array'] } },
);

/** The keys that only the whole scenario has. */
const wholeShape = {
  name: label.describe('name in reports; default: the name of the file').optional(),
  env: environment
    .describe(
      'environment variables that templates may read as ${env.NAME}: [REGION], or with defaults { REGION: eu }; -e NAME=VALUE also sets one',
    )
    .prefault([]),
  secrets: secretNames
    .describe('environment variables whose values are masked in everything contend writes: [API_TOKEN]')
    .prefault([]),
  destructive: z
    .boolean()
    .describe('allows writes (anything but GET, HEAD and OPTIONS) to a target that is not this machine')
    .prefault(false),
  seed: count(0, 2 ** 32 - 1)
    .describe('seed of everything random; drawn and printed if not given')
    .optional(),
  rounds: count(1, 1000)
    .describe(
      'how often each mode is measured; default 12 if a gate compares modes, else 1 with one mode or with stages',
    )
    .optional()
    .meta({ usually: 6 }),
  control: label.describe('the mode that the others are compared with; default: the first').optional(),
  modes: z
    .record(z.string(), mode)
    .describe('name to lock, or to what changes; default: one mode, named after its lock, "lock-free" without one')
    .optional(),
  consistency: consistency
    .describe('what the steps mean for the data, so that contend can judge its correctness; a section for each model')
    .optional(),
  sweep: axis
    .describe(
      'what contend sweep varies, and over which values; contend run ignores it: { users: 1..128 }, { rate: 100..5000 }, { data.product: [1, 4, 20] }',
    )
    .optional(),
  gates: z
    .array(gate)
    .max(100)
    .describe(
      'what must hold, or the run fails: "p99(locked) < 50ms", "service.p99(locked/write) < 5ms", "lockWait.p50(locked) < 1ms", "errors(locked) < 0.1%", "throughput(locked) >= 2000", "lost(locked) == 0", "consistency(locked)", "target.cpu(locked) < 500us", "target.memory(locked) < 512MB", "generator", "generator(locked)", of one mode without its name "p99 < 50ms"; between modes "throughput(new) >= 0.95 * throughput(old)", "service.p99(new) <= 1.1 * service.p99(old) + 5ms"; of a sweep "peak(locked) >= 16", "capacity(keyed) >= 2 * capacity(locked)"',
    )
    .prefault([]),
};

/** The scenario file: validation, types, the JSON Schema, and every default. */
export const scenarioSchema = z.strictObject({ ...wholeShape, ...modeShape });

/** The top-level keys of a scenario. */
export const scenarioKeys: readonly string[] = Object.keys(scenarioSchema.shape);

/** Top-level maps of a scenario, with keys that people write next to them, or in each other. */
export const sectionKeys: { readonly [section: string]: readonly string[] } = {
  load: Object.keys(load.shape),
  timeouts: Object.keys(timeouts.shape),
  tls: Object.keys(tls.shape),
};

/** A valid scenario, or one with a mode laid over it. */
export type Scenario = z.output<typeof scenarioSchema>;

/** Whether a key belongs to the whole scenario only, so that no mode has it. */
export const isWholeKey = (key: string): boolean => Object.hasOwn(wholeShape, key);
