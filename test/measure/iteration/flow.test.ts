import { describe, expect, test } from 'vitest';
import type { GroupStep } from '../../../src/core/plan/flow.ts';
import type { CriticalStep, Mode, SectionStep, Step } from '../../../src/core/plan/plan.ts';
import { micros, microsFromMs } from '../../../src/core/units.ts';
import { compileIteration } from '../../../src/measure/iteration/compile.ts';
import { Pauses } from '../../../src/measure/pauses.ts';
import { newUser, type End, type User } from '../../../src/measure/user.ts';
import type { Tally } from '../../../src/measure/record/tally.ts';
import type { Transport } from '../../../src/measure/transport/transport.ts';
import { rangeOf, requestStep, storeMode } from '../mode.ts';

const get = (path: string, capture: { readonly [name: string]: string } = {}) =>
  requestStep({ name: path, path, capture });

const modeOf = (...steps: Step[]): Mode =>
  storeMode({
    data: { product: rangeOf(1, 1000) },
    lock: { name: 'none', options: {} },
    observe: [],
    steps,
  });

/** What each request takes. */
const requestUs = 1000;

/** Runs iterations of one user and gives the paths of each, and what else was told. */
const run = async (
  mode: Mode,
  { iterations = [0], seed = 42, bodies = [] as unknown[], pauses = new Pauses(new AbortController().signal) } = {},
) => {
  const paths: string[] = [];
  let attempts = 0;
  let nowUs = 0;
  const passes: { group: number; us: number; end: End }[] = [];
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
      nowUs += requestUs;
      paths.push(typeof parts.path === 'string' ? parts.path : parts.path(user));
      Object.assign(user.exchange, { status: 200, failure: undefined, body: JSON.stringify(bodies.shift() ?? {}) });
      return Promise.resolve(answered?.(user) ?? 'completed');
    },
  };
  const nothing = (): void => undefined;
  const tally: Tally = {
    exchange: nothing,
    lock: nothing,
    lapsed: nothing,
    section: nothing,
    attempt: () => void attempts++,
    group: (_, group, us, end) => void passes.push({ group, us, end }),
    conflict: nothing,
    iteration: nothing,
  };
  const clock = { now: () => micros(nowUs) };
  const iteration = compileIteration(mode, {
    transport,
    lock: {},
    tally,
    clock,
    pauses,
    seed,
    slot: { round: 0, firstIteration: 0 },
    tables: {},
  });
  const user: User = newUser(0, iteration.variables);
  const sent: string[][] = [];
  const ends: End[] = [];
  for (const number of iterations) {
    user.iteration = number;
    iteration.fill(user);
    ends.push(await iteration.run(user));
    sent.push(paths.splice(0));
  }
  return { sent, ends, user, attempts, passes };
};

const manyIterations = Array.from({ length: 4000 }, (_, number) => number);

describe('repeated steps', () => {
  test('are sent so many times, or as many as a captured number says', async () => {
    const fixed = await run(modeOf({ kind: 'repeat', times: 3, steps: [get('/a'), get('/b')] }));
    expect(fixed.sent).toEqual([['/a', '/b', '/a', '/b', '/a', '/b']]);
    const steps: Step[] = [get('/n', { n: 'body.n' }), { kind: 'repeat', times: '${n}', steps: [get('/a')] }];
    expect((await run(modeOf(...steps), { bodies: [{ n: 2 }] })).sent).toEqual([['/n', '/a', '/a']]);
    expect((await run(modeOf(...steps), { bodies: [{ n: '3' }] })).sent).toEqual([['/n', '/a', '/a', '/a']]);
    expect((await run(modeOf(...steps), { bodies: [{ n: 0 }] })).sent).toEqual([['/n']]);
  });

  test.each([-1, 1.5, 'many', null, 1e9])('fail the iteration where that is %j', async (n) => {
    const { ends, user } = await run(
      modeOf(get('/n', { n: 'body.n' }), { kind: 'repeat', times: '${n}', steps: [get('/a')] }),
      { bodies: [{ n }] },
    );
    expect(ends).toEqual(['failed']);
    expect([user.failure, user.failureText]).toEqual([
      'capture',
      'repeat: "${n}" is not a whole number from 0 to 1000000',
    ]);
  });

  test('end with the first that does not complete', async () => {
    const { sent, ends } = await run(modeOf({ kind: 'repeat', times: 3, steps: [get('/a', { x: 'body.x' })] }), {
      bodies: [{ x: 1 }, {}],
    });
    expect(sent).toEqual([['/a', '/a']]);
    expect(ends).toEqual(['failed']);
  });

  test('have what the pass before has captured, and not what the iteration before has', async () => {
    const mode = modeOf({ kind: 'repeat', times: 2, steps: [get('/p/${next ?? "first"}', { next: 'body.next' })] });
    const { sent } = await run(mode, { iterations: [0, 1], bodies: [{ next: 'b' }, { next: 'c' }, { next: 'd' }] });
    expect(sent).toEqual([
      ['/p/first', '/p/b'],
      ['/p/first', '/p/d'],
    ]);
  });
});

describe('an if', () => {
  const mode = modeOf(get('/s', { stock: 'body.stock' }), {
    kind: 'if',
    test: '${stock > 5}',
    yes: [get('/yes')],
    no: [get('/no')],
  });

  test('goes one way where its condition holds, and the other where it does not', async () => {
    const { sent } = await run(mode, { iterations: [0, 1], bodies: [{ stock: 6 }, {}, { stock: 5 }] });
    expect(sent).toEqual([
      ['/s', '/yes'],
      ['/s', '/no'],
    ]);
  });

  test('whose condition has no value fails the iteration, and says why', async () => {
    const { ends, user } = await run(mode, { bodies: [{ stock: 'none' }] });
    expect(ends).toEqual(['failed']);
    expect(user.failureText).toBe('if: ">" needs a number and was given "none"');
  });

  test('without an else does nothing where it does not hold', async () => {
    const steps: Step[] = [{ kind: 'if', test: '${product < 0}', yes: [get('/a')], no: [] }, get('/b')];
    expect((await run(modeOf(...steps))).sent).toEqual([['/b']]);
  });
});

describe('a choice', () => {
  const mode = modeOf({
    kind: 'choose',
    branches: [
      { weight: 3, steps: [get('/a')] },
      { weight: 1, steps: [get('/b')] },
      { weight: 0.5, steps: [] },
    ],
  });

  test('is by weight', async () => {
    const { sent } = await run(mode, { iterations: manyIterations });
    const of = (path: string): number => sent.filter(([one]) => one === path).length;
    // Five standard deviations of a binomial of 4000.
    expect(Math.abs(of('/a') - 4000 * (3 / 4.5))).toBeLessThan(150);
    expect(Math.abs(of('/b') - 4000 * (1 / 4.5))).toBeLessThan(150);
    expect(of('/a') + of('/b')).toBeLessThan(4000);
  });

  test('follows from the seed and the number of the iteration, whatever came before it', async () => {
    const { sent } = await run(mode, { iterations: manyIterations.slice(0, 100) });
    const backwards = await run(mode, { iterations: manyIterations.slice(0, 100).toReversed() });
    expect(backwards.sent.toReversed()).toEqual(sent);
    const other = await run(mode, { iterations: manyIterations.slice(0, 100), seed: 43 });
    expect(other.sent).not.toEqual(sent);
  });

  test('is drawn anew in each pass, and each choice for itself', async () => {
    const [choose] = mode.steps;
    const both = await run(modeOf({ kind: 'repeat', times: 40, steps: [choose!] }));
    expect(new Set(both.sent[0])).toEqual(new Set(['/a', '/b']));
    const second = {
      ...choose!,
      branches: [
        { weight: 3, steps: [get('/c')] },
        { weight: 1.5, steps: [get('/d')] },
      ],
    } as Step;
    const { sent } = await run(modeOf(choose!, second), { iterations: manyIterations.slice(0, 200) });
    expect(new Set(sent.map((paths) => paths.join())).size).toBe(6);
  });
});

describe('a think', () => {
  const thinking = (least: number, most: number): Mode =>
    modeOf({ kind: 'think', us: [microsFromMs(least), microsFromMs(most)] }, get('/a'));

  test('pauses for a time between the two, which the seed and the iteration decide', async () => {
    const lengths: number[] = [];
    const pauses = new Pauses(new AbortController().signal);
    pauses.pause = async (us) => lengths.push(us) > 0;
    await run(thinking(10, 50), { iterations: manyIterations, pauses });
    expect(Math.min(...lengths)).toBeGreaterThanOrEqual(10_000);
    expect(Math.max(...lengths)).toBeLessThanOrEqual(50_000);
    const mean = lengths.reduce((sum, us) => sum + us, 0) / lengths.length;
    expect(Math.abs(mean - 30_000)).toBeLessThan(1000);
    const again = lengths.splice(0);
    await run(thinking(10, 50), { iterations: manyIterations, pauses });
    expect(lengths).toEqual(again);
  });

  test('ends with the slot, and the iteration is interrupted', async () => {
    const over = new AbortController();
    over.abort();
    const { ends, sent } = await run(thinking(5000, 5000), { pauses: new Pauses(over.signal) });
    expect([ends, sent]).toEqual([['interrupted'], [[]]]);
  });
});

describe('a group', () => {
  const groupOf = (name: string, ...steps: SectionStep[]): GroupStep<SectionStep> => ({ kind: 'group', name, steps });

  test('tells what each of its passes took, and what those of the groups in it took', async () => {
    const inner = groupOf('inner', get('/b'), get('/c'));
    const mode = modeOf(get('/a'), groupOf('outer', { kind: 'repeat', times: 2, steps: [inner] }, get('/d')));
    const { sent, passes } = await run(mode);
    expect(sent).toEqual([['/a', '/b', '/c', '/b', '/c', '/d']]);
    expect(passes).toEqual([
      { group: 1, us: 2 * requestUs, end: 'completed' },
      { group: 1, us: 2 * requestUs, end: 'completed' },
      { group: 0, us: 5 * requestUs, end: 'completed' },
    ]);
  });

  test('tells how a pass ended that did not complete', async () => {
    const { passes, ends } = await run(modeOf(groupOf('a', get('/a', { x: 'body.x' }), get('/b'))));
    expect(ends).toEqual(['failed']);
    expect(passes).toEqual([{ group: 0, us: requestUs, end: 'failed' }]);
  });

  test('in a critical section is passed through anew after a conflict; around one, once', async () => {
    const write = requestStep({ name: 'write', path: '/w', method: 'PUT', capture: { x: 'body.x' }, conflict: [200] });
    const clashing = (step: SectionStep): CriticalStep => ({
      kind: 'critical',
      steps: [step],
      conflict: { retries: 2, backoffUs: [micros(0), micros(0)] },
    });
    const inside = await run(modeOf(clashing(groupOf('a', write))));
    expect(inside.passes.map(({ end }) => end)).toEqual(['conflict', 'conflict', 'conflict']);
    expect(inside.attempts).toBe(3);
    const around = await run(modeOf({ kind: 'group', name: 'a', steps: [clashing(write)] }));
    expect(around.passes).toEqual([{ group: 0, us: 3 * requestUs, end: 'failed' }]);
  });

  test('keeps nothing that is captured in it from being known for certain', async () => {
    const mode = modeOf(groupOf('a', get('/n', { n: 'body.n' })), get('/p/${n}'));
    expect((await run(mode, { bodies: [{ n: 7 }] })).sent).toEqual([['/n', '/p/7']]);
  });
});

describe('a critical section of steps that hold others', () => {
  const section = (...steps: CriticalStep['steps']): CriticalStep => ({ kind: 'critical', steps });

  test('is counted as an attempt where no request of its own begins it', async () => {
    const choose: CriticalStep['steps'][0] = { kind: 'choose', branches: [{ weight: 1, steps: [get('/a')] }] };
    expect((await run(modeOf(section(choose, get('/b'))))).attempts).toBe(1);
    expect((await run(modeOf(section(get('/b'), choose)))).attempts).toBe(0);
    expect((await run(modeOf({ kind: 'repeat', times: 3, steps: [section(choose)] }))).attempts).toBe(3);
  });

  test('begins again after a conflict with what was known before it', async () => {
    const paged: CriticalStep['steps'][0] = {
      kind: 'repeat',
      times: 2,
      steps: [get('/p/${next ?? "first"}', { next: 'body.next' })],
    };
    const write = requestStep({ name: 'write', path: '/w', method: 'PUT', conflict: [200] });
    const clashing = {
      ...section(paged, write),
      conflict: { retries: 1, backoffUs: [micros(0), micros(0)] as const },
    };
    const bodies = [{ next: 'b' }, { next: 'c' }, {}, { next: 'd' }, { next: 'e' }, {}];
    const { sent } = await run(modeOf(clashing), { bodies: [...bodies] });
    expect(sent).toEqual([['/p/first', '/p/b', '/w', '/p/first', '/p/d', '/w']]);
    const known = await run(modeOf(get('/s', { next: 'body.next' }), clashing), { bodies: [{ next: 'a' }, ...bodies] });
    expect(known.sent).toEqual([['/s', '/p/a', '/p/b', '/w', '/p/a', '/p/d', '/w']]);
  });

  test('makes the same choice again after a conflict', async () => {
    const branches = ['/a', '/b', '/c', '/d'].map((path) => ({ weight: 1, steps: [get(path)] }));
    const write = requestStep({ name: 'write', path: '/w', method: 'PUT', conflict: [200] });
    const mode = modeOf({
      ...section({ kind: 'choose', branches }, write),
      conflict: { retries: 2, backoffUs: [micros(0), micros(0)] },
    });
    const { sent, ends } = await run(mode, { iterations: manyIterations.slice(0, 20) });
    expect(new Set(ends)).toEqual(new Set(['failed']));
    for (const [first, ...others] of sent) expect(others).toEqual(['/w', first, '/w', first, '/w']);
  });
});
