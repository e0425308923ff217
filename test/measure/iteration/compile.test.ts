import { describe, expect, test, vi } from 'vitest';
import type { CriticalStep, Mode } from '../../../src/core/plan/plan.ts';
import { HistoryDecoder } from '../../../src/core/history/file.ts';
import { operations, outcomes } from '../../../src/core/history/history.ts';
import { micros, microsFromMs } from '../../../src/core/units.ts';
import { compileIteration, type CompileParts } from '../../../src/measure/iteration/compile.ts';
import { Pauses } from '../../../src/measure/pauses.ts';
import { newUser, type End, type User } from '../../../src/measure/user.ts';
import type { Tally } from '../../../src/measure/record/tally.ts';
import type { RequestParts, Transport } from '../../../src/measure/transport/transport.ts';
import { HistoryLogs } from '../../../src/measure/record/history-log.ts';
import { memoryFiles } from '../histories.ts';
import { rangeOf, readModifyWrite, requestStep, storeMode } from '../mode.ts';

const silent: Tally = {
  exchange: () => undefined,
  lock: () => undefined,
  lapsed: () => undefined,
  section: () => undefined,
  attempt: () => undefined,
  group: () => undefined,
  conflict: () => undefined,
  iteration: () => undefined,
};

interface Sent {
  readonly method: string;
  readonly path: string;
  readonly headers: { readonly [name: string]: string };
  readonly body: string | undefined;
}

/** A transport that answers from a script and keeps what it was asked to send. */
const scripted = (
  answers: (sent: Sent, at: number) => Partial<User['exchange']>,
): { transport: Transport; sent: Sent[] } => {
  const sent: Sent[] = [];
  const textOf = (text: RequestParts['path'], user: User): string => (typeof text === 'string' ? text : text(user));
  const bodyOf = (body: RequestParts['body'], user: User): string | undefined =>
    (typeof body === 'function' ? body(user) : body)?.toString();
  const transport: Transport = {
    httpVersion: '1.1',
    connections: undefined,
    closeIdle: () => undefined,
    together: async (_requests, send) => {
      send(0);
      return Promise.resolve();
    },
    close: async () => undefined,
    prepare: (parts) => (user, answered) => {
      const one = {
        method: parts.method,
        path: textOf(parts.path, user),
        headers: Object.fromEntries(parts.headers.map(([name, value]) => [name, textOf(value, user)])),
        body: bodyOf(parts.body, user),
      };
      sent.push(one);
      Object.assign(
        user.exchange,
        { status: 200, failure: undefined, head: '', body: '{}', maybeApplied: false },
        answers(one, sent.length - 1),
      );
      return Promise.resolve(answered?.(user) ?? 'completed');
    },
  };
  return { transport, sent };
};

const runOnce = async (
  mode: Mode,
  answers: Parameters<typeof scripted>[0],
  more: Partial<CompileParts> = {},
): Promise<{ end: End; user: User; sent: Sent[] }> => {
  const { transport, sent } = scripted(answers);
  const clock = { now: () => micros(performance.now() * 1000) };
  const pauses = new Pauses(new AbortController().signal);
  const iteration = compileIteration(mode, {
    transport,
    lock: {},
    tally: silent,
    clock,
    pauses,
    seed: 42,
    slot: { round: 0, firstIteration: 0 },
    tables: {},
    ...more,
  });
  const user = newUser(0, iteration.variables);
  user.iteration = 7;
  iteration.fill(user);
  const end = await iteration.run(user);
  return { end, user, sent };
};

const stockOf = (stock: unknown): Partial<User['exchange']> => ({
  body: JSON.stringify({ stock }),
  head: '\r\netag: "3"',
});

describe('a compiled iteration', () => {
  test('sends the steps in order, each with what the ones before it captured', async () => {
    const { end, sent } = await runOnce(storeMode({ data: { product: rangeOf(5, 5) } }), () => stockOf(10));
    expect(end).toBe('completed');
    expect(sent).toEqual([
      { method: 'GET', path: '/products/5', headers: {}, body: undefined },
      { method: 'PUT', path: '/products/5', headers: { 'content-type': 'application/json' }, body: '{"stock":9}' },
    ]);
  });

  test.each([
    ['an answer that is no JSON', { body: '<html>' }, 'capture', 'read: the body is not JSON'],
    ['a value that is not there', { body: '{}' }, 'capture', 'read: the answer has no body.stock'],
    [
      'a value that cannot be reckoned with',
      stockOf('many'),
      'capture',
      'write: "-" needs a number and was given "many"',
    ],
    ['a failed request', { status: 0, failure: 'reset', detail: 'hung up' }, 'reset', 'read: hung up'],
    ['a status nobody expected', { status: 500 }, 'check', 'read: status 500, expected one below 400'],
  ] as const)('fails at %s, and sends nothing more', async (_what, answer, failure, text) => {
    const { end, user, sent } = await runOnce(storeMode(), () => answer);
    expect([end, user.failure]).toEqual(['failed', failure]);
    expect(user.failureText).toContain(text);
    expect(sent).toHaveLength(1);
  });

  test('a value cannot break out of a path or a header', async () => {
    const step = (more: object): CriticalStep => ({
      kind: 'critical',
      steps: [
        requestStep({ name: 'a', path: '/a', capture: { x: 'body.stock' } }),
        requestStep({ name: 'b', path: '/b', ...more }),
      ],
    });
    const path = await runOnce(storeMode({ steps: [step({ path: '/b/${x}' })], observe: [] }), () =>
      stockOf('../c?d#e\r\n'),
    );
    expect(path.sent[1]!.path).toBe('/b/..%2Fc%3Fd%23e%0D%0A');
    const header = await runOnce(storeMode({ steps: [step({ headers: { 'x-a': '${x}' } })], observe: [] }), () =>
      stockOf('a\r\nx-evil: 1'),
    );
    expect([header.end, header.user.failure, header.sent.length]).toEqual(['failed', 'capture', 1]);
    const whole = await runOnce(storeMode({ steps: [step({ path: '${x}' })], observe: [] }), () =>
      stockOf('/p/1?full=yes'),
    );
    expect(whole.sent[1]!.path).toBe('/p/1?full=yes');
  });
});

describe('a conflict', () => {
  const optimistic = (retries: number): Mode =>
    storeMode({
      steps: [
        {
          ...readModifyWrite,
          steps: [readModifyWrite.steps[0], { ...readModifyWrite.steps[1], conflict: [409, 412] }],
          conflict: { retries, backoffUs: [microsFromMs(4), microsFromMs(20)] },
        },
      ],
    });
  const clashing = (times: number) => {
    let left = times;
    return ({ method }: Sent): Partial<User['exchange']> =>
      method === 'PUT' && left-- > 0 ? { status: 412 } : stockOf(left);
  };

  test('runs the section again from its first step, with the same data values', async () => {
    const { end, sent } = await runOnce(optimistic(5), clashing(2));
    expect(end).toBe('completed');
    expect(sent.map(({ method }) => method)).toEqual(['GET', 'PUT', 'GET', 'PUT', 'GET', 'PUT']);
    expect(new Set(sent.map(({ path }) => path)).size).toBe(1);
  });

  test('is one of its own step alone: the same status from another step fails', async () => {
    const { end, user, sent } = await runOnce(optimistic(5), ({ method }) =>
      method === 'GET' ? { status: 412 } : stockOf(1),
    );
    expect([end, user.failure, sent.length]).toEqual(['failed', 'check', 1]);
  });

  test('may have any of several statuses', async () => {
    const statuses = [409, 412, 200];
    const { end, sent } = await runOnce(optimistic(5), ({ method }) =>
      method === 'PUT' ? { ...stockOf(1), status: statuses.shift()! } : stockOf(1),
    );
    expect([end, sent.length]).toEqual(['completed', 6]);
  });

  test('with n retries is given up after n + 1 attempts', async () => {
    const { end, user, sent } = await runOnce(optimistic(2), clashing(99));
    expect([end, user.failure, sent.length]).toEqual(['failed', 'gave-up', 6]);
  });

  test('waits between its bounds, longer each time, and the same for the same seed', async () => {
    const pauses = vi.fn(async (_us: number) => true);
    const waits = async (): Promise<number[]> => {
      pauses.mockClear();
      await runOnce(optimistic(6), clashing(99), { pauses: { pause: pauses } as unknown as Pauses });
      return pauses.mock.calls.map(([us]) => us);
    };
    const first = await waits();
    expect(first).toHaveLength(6);
    first.forEach((us, attempt) => {
      expect(us).toBeGreaterThanOrEqual(4000);
      expect(us).toBeLessThanOrEqual(Math.min(20_000, 4000 * 2 ** (attempt + 1)));
    });
    expect(new Set(first).size).toBe(6);
    expect(await waits()).toEqual(first);
  });
});

describe('process', () => {
  const timeOf = async (kind: 'pause' | 'busy'): Promise<number> => {
    const startedMs = performance.now();
    await runOnce(storeMode({ process: { kind, us: microsFromMs(30) } }), () => stockOf(1));
    return performance.now() - startedMs;
  };

  test.each(['pause', 'busy'] as const)('%s takes its time after the last answer', async (kind) => {
    expect(await timeOf(kind)).toBeGreaterThanOrEqual(29);
  });

  test('is left out where the last answer failed', async () => {
    const pause = vi.fn(async () => true);
    const process = { kind: 'pause', us: microsFromMs(30) } as const;
    const pauses = { pause } as unknown as Pauses;
    await runOnce(storeMode({ process }), ({ method }) => (method === 'PUT' ? { status: 500 } : stockOf(1)), {
      pauses,
    });
    expect(pause).not.toHaveBeenCalled();
  });
});

describe('a step that is sent again', () => {
  const pay = requestStep({
    name: 'pay',
    method: 'POST',
    path: '/payments/${product}',
    json: { product: '${product}' },
    capture: { id: 'body.id' },
    retry: { statuses: [503], failures: ['timeout'], times: 2, backoffUs: [microsFromMs(1), microsFromMs(1)] },
  });
  const mode = storeMode({ steps: [{ kind: 'critical', steps: [pay] }], data: { product: rangeOf(1, 9) } });
  const timedOut = { status: 0, failure: 'timeout', detail: 'no answer', maybeApplied: true } as const;
  const script =
    (...answers: readonly Partial<User['exchange']>[]) =>
    (_: Sent, at: number): Partial<User['exchange']> =>
      answers[at] ?? { body: '{"id":1}' };

  test('is the same bytes, each time, until it is answered', async () => {
    let nowUs = 0;
    const pause = async (us: number): Promise<boolean> => {
      nowUs += us;
      return true;
    };
    const { end, sent, user } = await runOnce(mode, script(timedOut, { status: 503 }), {
      clock: { now: () => micros(nowUs) },
      pauses: { pause } as unknown as Pauses,
    });
    expect([end, sent.length]).toEqual(['completed', 3]);
    expect(new Set(sent.map((one) => JSON.stringify(one))).size).toBe(1);
    expect(user.spent.retriesUs).toBe(2000);
  });

  test.each([
    ['so often at most, and ends as the last try does', [timedOut, { status: 503 }, timedOut], 3, 'timeout'],
    ['after nothing else that went wrong', [{ status: 500 }], 1, 'check'],
    ['after no other failure', [{ ...timedOut, failure: 'reset' as const }], 1, 'reset'],
    ['after no answer that lacks what is captured', [{ body: '{}' }], 1, 'capture'],
    ['until something else goes wrong', [{ status: 503 }, { status: 404 }], 2, 'check'],
  ])('is sent %s', async (_, answers, tries, failure) => {
    const { end, sent, user } = await runOnce(mode, script(...answers));
    expect([end, sent.length, user.failure]).toEqual(['failed', tries, failure]);
  });

  test('is not sent at all where a template has no value, whatever was answered before', async () => {
    const read = requestStep({ name: 'read', path: '/' });
    const broken = { ...pay, path: '/${id - 1}' };
    const { end, sent } = await runOnce(
      { ...mode, steps: [{ kind: 'critical', steps: [{ ...read, expect: { status: [503] } }, broken] }] },
      () => ({ status: 503 }),
    );
    expect([end, sent.length]).toEqual(['failed', 1]);
  });

  test('is a request each time, in one hold, one attempt and one iteration', async () => {
    const counts = { requests: 0, attempts: 0, holds: 0 };
    const tally: Tally = {
      ...silent,
      exchange: () => void counts.requests++,
      attempt: () => void counts.attempts++,
      lock: () => void counts.holds++,
    };
    const section = { name: 'mutex', waiting: 0, acquire: () => ({ release: () => undefined }) };
    const { end } = await runOnce(mode, script(timedOut, timedOut), { tally, lock: { section } });
    expect([end, counts]).toEqual(['completed', { requests: 3, attempts: 1, holds: 1 }]);
  });

  test('is an operation each time: one that timed out is of unknown outcome', async () => {
    const files = memoryFiles();
    const logs = new HistoryLogs('slot', files.openFile);
    const observed = {
      model: 'counter',
      step: 'pay',
      operation: 'add',
      key: '${product}',
      spansSection: false,
    } as const;
    await runOnce({ ...mode, observe: [observed] }, script(timedOut, { status: 503 }), {
      historyOf: (model) => logs.of(model),
    });
    logs.finish();
    const decoder = new HistoryDecoder();
    for await (const part of files.readBytes('slot.counter.history')) decoder.push(part);
    const { f, status } = decoder.history();
    const adds = Array.from(status).filter((_, row) => operations[f[row]!] === 'add');
    expect(adds.map((outcome) => outcomes[outcome])).toEqual(['info', 'info', 'ok']);
  });
});

describe('a step in copies', () => {
  const click = requestStep({
    name: 'click',
    method: 'POST',
    path: '/redeem/${product}',
    capture: { id: 'body.id' },
    copies: 3,
  });
  const mode = storeMode({ steps: [{ kind: 'critical', steps: [click] }], data: { product: rangeOf(4, 4) } });
  /** Answered in this order, by what the copies are called; `doneUs` says when. */
  const answering =
    (...doneUs: readonly number[]) =>
    (_: Sent, at: number): Partial<User['exchange']> => ({
      body: `{"id":${at}}`,
      sentUs: micros(10),
      doneUs: micros(doneUs[at] ?? 100),
    });

  test('is the same request each time, and captures of the one answered first', async () => {
    const { end, sent, user } = await runOnce(mode, answering(50, 30, 40));
    expect([end, sent.length, new Set(sent.map((one) => JSON.stringify(one))).size]).toEqual(['completed', 3, 1]);
    expect(user.variables).toContain(1);
    expect(user.spent).toMatchObject({ serviceUs: 40 });
  });

  test('fails as the copy that failed, with its answer', async () => {
    const refused = (sent: Sent, at: number) => ({
      ...answering(20, 30, 40)(sent, at),
      ...(at === 2 && { status: 409, body: 'no' }),
    });
    const { end, user } = await runOnce(mode, refused);
    expect([end, user.failure, user.failedStep, user.exchange.status]).toEqual(['failed', 'check', 'click', 409]);
  });

  test('is counted as so many requests, in one hold, one attempt and one iteration', async () => {
    const counts = { requests: 0, attempts: 0, holds: 0 };
    const tally: Tally = {
      ...silent,
      exchange: () => void counts.requests++,
      attempt: () => void counts.attempts++,
      lock: () => void counts.holds++,
    };
    const section = { name: 'mutex', waiting: 0, acquire: () => ({ release: () => undefined }) };
    const { end } = await runOnce(mode, answering(), { tally, lock: { section } });
    expect([end, counts]).toEqual(['completed', { requests: 3, attempts: 1, holds: 1 }]);
  });

  test('is so many operations that overlap, each of a session of its own', async () => {
    const files = memoryFiles();
    const logs = new HistoryLogs('slot', files.openFile);
    const observed = {
      model: 'counter',
      step: 'click',
      operation: 'add',
      key: '${product}',
      spansSection: false,
    } as const;
    await runOnce({ ...mode, observe: [observed] }, answering(20, 30, 40), { historyOf: (model) => logs.of(model) });
    logs.finish();
    const decoder = new HistoryDecoder();
    for await (const part of files.readBytes('slot.counter.history')) decoder.push(part);
    const { f, session, ret } = decoder.history();
    const rows = Array.from(f, (one, row) => [operations[one], session[row], ret[row]! / 1000]);
    const users = mode.load.users;
    expect(rows.filter(([name]) => name === 'add')).toEqual([
      ['add', 1, 20],
      ['add', users + 1, 30],
      ['add', 2 * users + 1, 40],
    ]);
    const sections = rows.filter(([name]) => name === 'section').map(([, one]) => one);
    expect(new Set(sections)).toEqual(new Set([1, users + 1, 2 * users + 1]));
  });

  test('is not sent at all where a template has no value', async () => {
    const broken = {
      ...mode,
      steps: [{ kind: 'critical' as const, steps: [{ ...click, path: '/${id - 1}' }] as const }],
    };
    const { end, sent } = await runOnce(broken, answering());
    expect([end, sent]).toEqual(['failed', []]);
  });
});
