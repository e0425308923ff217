import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Result } from '../../src/core/result/result.ts';
import {
  assertNoLeftovers,
  contend,
  contendHere,
  matching,
  start,
  type Ended,
  type RunOptions,
  type Running,
} from './contend.ts';
import { documentOf, expectAllFields, expectIdentities, modeOf, sentIn } from './document.ts';
import { accepts, refusingOrigin } from './server.ts';

const scenario = 'scenarios/online-store.yaml';
const modes = ['locked', 'two-locks', 'optimistic', 'lock-free'];
const short = ['--warmup', '20ms', '--rounds', '2', '-c', '16'];
const escape = '\u001b';

afterEach(assertNoLeftovers);

/** The modes with what they are known to have lost, and the verdict on their data. */
const findingsIn = (document: Result): readonly unknown[] =>
  document.modes.map(({ name, lost, consistency }) => [
    name,
    lost !== null && lost.atLeast > 0,
    lost !== null && lost.atMost > 0,
    consistency?.verdict,
  ]);

const rightAndWrong = [
  ['locked', false, false, 'consistent'],
  ['two-locks', false, false, 'consistent'],
  ['optimistic', false, false, 'consistent'],
  ['lock-free', true, true, 'violated'],
];

describe('contend run on the built-in store', () => {
  let ended: Ended;
  let document: Result;

  beforeAll(async () => {
    // Longer than the two seconds after which progress is told.
    ended = await contend(['run', scenario, ...short, '-d', '400ms', '--json']);
    document = documentOf(ended.stdout);
  }, 60_000);

  test('prints one document and nothing else on standard output, and ends with 0', () => {
    expect(ended).toMatchObject({ code: 0, signal: null });
    expect(document).toMatchObject({ schemaVersion: 1, exitCode: 0, verdict: { is: 'pass' } });
    expect(ended.stdout).toBe(`${JSON.stringify(document, null, 2)}\n`);
  });

  test('starts the store in a process of its own', () => {
    expect(ended.children).toHaveLength(1);
  });

  test('fills every field of the document', () => {
    expectAllFields(document);
    expect(document.scenario).toEqual({ name: 'online-store', file: scenario, seed: 42, rounds: 2, control: 'locked' });
    expect(document.modes.map(({ name }) => name)).toEqual(modes);
    expect(document.modes.map(({ lock }) => lock)).toEqual(['mutex', 'request-response', 'none', 'none']);
    expect(Date.parse(document.startedAt)).toBeGreaterThan(Date.parse('2024-01-01'));
    for (const mode of document.modes) {
      expect(mode).toMatchObject({ users: 16, differentWorkload: false });
      expect(mode.slots.map(({ round }) => round)).toEqual([1, 2]);
    }
  });

  test('holds every identity in every mode', () => {
    expect(document.modes).toHaveLength(4);
    for (const mode of document.modes) expectIdentities(mode);
  });

  test('counts attempts as iterations and conflicts where nothing failed', () => {
    for (const { iterations, attempts, conflicts } of document.modes) {
      expect(iterations).toMatchObject({ failed: 0, interrupted: 0, dropped: 0 });
      expect(attempts).toBe(iterations.begun + conflicts);
    }
    expect(modeOf(document, 'optimistic').conflicts).toBeGreaterThan(0);
    expect(modeOf(document, 'optimistic').requests.byStatus['412']).toBe(modeOf(document, 'optimistic').conflicts);
  });

  test('reports the locks that a mode has, each acquired once per attempt', () => {
    const acquired = document.modes.map(({ locks }) => locks.map(({ name, waitUs }) => [name, waitUs.count]));
    const [locked, twoLocks] = document.modes.map((mode) => mode.attempts);
    expect(acquired).toEqual([
      [['mutex', locked]],
      [
        ['request', twoLocks],
        ['response', twoLocks],
      ],
      [],
      [],
    ]);
  });

  test('finds no update lost where something coordinates, and many lost where nothing does', () => {
    expect(findingsIn(document)).toEqual(rightAndWrong);
  });

  test('compares the throughput of each mode with that of the control, over both rounds', () => {
    const throughput = document.comparisons.filter(({ metric }) => metric === 'throughput');
    expect(throughput.map(({ mode, control, rounds }) => [mode, control, rounds])).toEqual(
      modes.slice(1).map((mode) => [mode, 'locked', 2]),
    );
    expect(throughput.every(({ ratio }) => ratio > 0)).toBe(true);
  });

  test('concludes that two rounds do not tell which of those that kept the data right is the cheapest', () => {
    expect(document.cheapest?.is).toBe('open');
    expect(document.cheapest?.modes.toSorted()).toEqual(['locked', 'optimistic', 'two-locks']);
    expect(document.conclusion).toMatch(
      /^Which of .* is the cheapest mode that kept the data right cannot be told: it takes 6 rounds, and there are 2\.$/u,
    );
  });

  test('warns that two rounds are few', () => {
    expect(document.generator.warnings.map(({ code }) => code)).toContain('FEW_ROUNDS');
  });

  test('tells on standard error how long it takes and how far it is, without escape sequences', () => {
    expect(ended.stderr).toMatch(/^online-store: 4 modes × 2 rounds, about [\d.]+ s\n/u);
    expect(ended.stderr).toMatch(/^contend: \S+, round \d of 2, /mu);
    expect(ended.stderr).not.toContain(escape);
  });
});

describe('contend run without --json', () => {
  test('prints the conclusion and the table, without escape sequences; -q leaves standard error empty', async () => {
    const args = ['-d', '200ms', '--warmup', '20ms', '--rounds', '1', '--modes', 'locked,lock-free', '-q'];
    const { code, stdout, stderr } = await contendHere(['run', scenario, ...args]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(
      /^online-store {3}2 modes × 1 round {3}64 users on 20 keys {3}\d+ s {3}seed 42\n\nPASS {2}locked is the only mode/u,
    );
    expect(stdout).toMatch(/^mode +data +iter\/s +vs locked +p50 +p99 +failed$/mu);
    expect(stdout).toMatch(/^locked +right +[\d.,]+ +control .* 0$/mu);
    expect(stdout).toMatch(/^lock-free +\d+ % lost +[\d.,]+ +[\d.]+ .* 0$/mu);
    expect(stdout).not.toContain('optimistic');
    expect(stdout).not.toContain(escape);
    expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
  });
});

describe('contend run against a store that somebody else started', () => {
  let store: Running;
  let origin: string;

  beforeAll(async () => {
    store = start(['store', '--port', '0'], { withinMs: 180_000 });
    origin = await matching(store.stdout, /^http:\/\/127\.0\.0\.1:\d+(?=\n$)/u);
  });

  afterAll(async () => {
    store.child.kill('SIGTERM');
    await store.ended;
  });

  const counted = async (): Promise<number> => {
    const { requests } = (await (await fetch(`${origin}/stats`)).json()) as { requests: number };
    return requests;
  };

  /** Eight iterations of each mode, a moment's work: whether any two met in it is a matter of luck. */
  const few = async (args: readonly string[], options: RunOptions = {}): Promise<Result> => {
    const ended = await contendHere(
      ['run', scenario, '-c', '4', '--warmup', '0', '--undecided', 'warn', '-q', '--json', ...args],
      {
        ...options,
        env: { CONTEND_TARGET: origin, ...options.env },
      },
    );
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    return documentOf(ended.stdout);
  };
  const eight = ['-n', '8', '--rounds', '2', '--modes', 'locked,lock-free'];

  test('accounts for every request that the store counted', async () => {
    const before = await counted();
    const ended = await contendHere(['run', scenario, ...short, '-d', '200ms', '--target', origin, '--json']);
    const document = documentOf(ended.stdout);
    expect(ended.code).toBe(0);
    expect(await counted()).toBe(before + sentIn(document));
    expectAllFields(document);
    for (const mode of document.modes) expectIdentities(mode);
    expect(findingsIn(document)).toEqual(rightAndWrong);
  });

  test('accounts for every request of a number of iterations too', async () => {
    const before = await counted();
    expect(sentIn(await few(eight))).toBe((await counted()) - before);
  });

  test('begins exactly as many iterations as -n says, shared out over the rounds', async () => {
    const document = await few(['-n', '9', '--rounds', '2', '--modes', 'locked,optimistic']);
    for (const mode of document.modes) {
      expect(mode.iterations).toMatchObject({ begun: 9, completed: 9 });
      expectIdentities(mode);
    }
  });

  test('runs the modes that --modes names, in that order', async () => {
    const document = await few(['-n', '8', '--rounds', '2', '--modes', 'lock-free, locked']);
    expect(document.modes.map(({ name }) => name)).toEqual(['lock-free', 'locked']);
    expect(document.scenario.control).toBe('locked');
  });

  test('warms up as long as --warmup says, and not at all with 0', async () => {
    const [cold, warm] = [await few(eight), await few([...eight, '--warmup', '50ms'])];
    expect(cold.modes.map(({ requests }) => requests.unmeasured.warmup)).toEqual([0, 0]);
    expect(warm.modes[0]?.requests.unmeasured.warmup).toBeGreaterThan(0);
  });

  test('measures as often as --rounds says', async () => {
    const document = await few(['-n', '6', '--rounds', '3', '--modes', 'locked']);
    expect(document.scenario.rounds).toBe(3);
    expect(document.modes[0]?.slots).toHaveLength(3);
    expect(document.modes[0]?.requests.unmeasured).toEqual({ preflight: 0, before: 3, warmup: 0, finalReads: 120 });
  });

  test('lays the environment over the file and flags over the environment', async () => {
    const env = { CONTEND_USERS: '3', CONTEND_ITERATIONS: '8', CONTEND_ROUNDS: '2', CONTEND_SEED: '5' };
    const args = ['run', scenario, '--modes', 'locked', '--warmup', '0', '--target', origin, '-q', '--json'];
    const fromEnv = documentOf((await contendHere(args, { env })).stdout);
    expect(fromEnv.scenario).toMatchObject({ seed: 5, rounds: 2 });
    expect(fromEnv.modes[0]).toMatchObject({ users: 3, iterations: { begun: 8 } });
    const flags = ['-c', '2', '--seed', '6', '--rounds', '1', '-n', '4'];
    const fromFlags = documentOf((await contendHere([...args, ...flags], { env })).stdout);
    expect(fromFlags.scenario).toMatchObject({ seed: 6, rounds: 1 });
    expect(fromFlags.modes[0]).toMatchObject({ users: 2, iterations: { begun: 4 } });
  });

  test('takes --target rather than CONTEND_TARGET, and CONTEND_TARGET rather than the file', async () => {
    const before = await counted();
    await few(eight);
    const between = await counted();
    expect(between).toBeGreaterThan(before);
    await few([...eight, '--target', origin], { env: { CONTEND_TARGET: await refusingOrigin() } });
    expect(await counted()).toBeGreaterThan(between);
  });

  test('takes -n rather than a duration of the environment', async () => {
    const document = await few(eight, { env: { CONTEND_DURATION: '60s' } });
    expect(document.modes[0]?.iterations.begun).toBe(8);
  });

  test('keeps the seed, and orders the slots by it: the same twice, mirrored in the second round, otherwise elsewhere', async () => {
    const orders = [];
    for (const seed of ['9', '9', '10']) {
      const document = await few([...eight, '--seed', seed]);
      expect(document.scenario.seed).toBe(Number(seed));
      orders.push(document.modes.map(({ slots }) => slots.map(({ position }) => position)));
    }
    const [first, again, other] = orders;
    expect(again).toEqual(first);
    expect(other).not.toEqual(first);
    for (const positions of first!) expect(positions[1]).toBe(1 - positions[0]!);
  });

  test('leaves the store as it is; SIGTERM ends it with 143, and then it is gone', async () => {
    expect(await accepts(origin)).toBe(true);
    store.child.kill('SIGTERM');
    expect(await store.ended).toMatchObject({ code: 143, signal: null });
    expect(await accepts(origin)).toBe(false);
  });
});
