import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { HistoryBuilder } from '../../../../src/core/history/builder.ts';
import { decodeHistory, encodeHistory, HistoryDecoder } from '../../../../src/core/history/file.ts';
import { absent, ok, operations, type OperationName } from '../../../../src/core/history/history.ts';
import type { HistoryRecording, Recording } from '../../../../src/core/recording/recording.ts';
import type { Slot } from '../../../../src/core/slot.ts';
import { micros } from '../../../../src/core/units.ts';
import { needsOrder } from '../../../../src/judge/consistency/clocks/open-order.ts';
import { widenedByClocks } from '../../../../src/judge/consistency/clocks/widened.ts';
import { modelSyntax, type ModelName } from '../../../../src/judge/consistency/model-names.ts';
import { judgeSlot, type JudgedSlot } from '../../../../src/judge/consistency/slot-verdict.ts';
import { verifyHistory, readHistory } from '../../../../src/verify.ts';

const clock = { now: () => micros(0) };

/** An operation as it really was: nobody's clock shows these times. In ns. */
interface Real {
  readonly agent: number;
  readonly key?: string;
  readonly session?: number;
  readonly f: OperationName;
  readonly call: number;
  readonly ret: number;
  readonly value?: number;
  readonly operand?: number;
  readonly version?: number;
}

interface AgentClock {
  /** How far it is ahead. */
  readonly aheadNs: number;
  readonly epsilonNs: number | null;
}

/** What each agent has recorded, by its clock, and what the run makes of it. */
const judged = (
  model: ModelName,
  all: readonly Real[],
  clocks: readonly AgentClock[],
  finals: Slot['finals'][string] = {},
): JudgedSlot => {
  const shares = clocks.map(({ aheadNs, epsilonNs }, agent) => {
    const builder = new HistoryBuilder();
    for (const one of all.filter((real) => real.agent === agent)) {
      const { key = 'k', session = agent, f, call, ret, value = absent, operand = absent, version = absent } = one;
      const place = operations.indexOf(f);
      builder.append(builder.key(key), session, place, ok, call + aheadNs, ret + aheadNs, value, operand, version);
    }
    const recording: HistoryRecording = {
      model,
      path: `${agent}.history`,
      rows: 0,
      problem: null,
      unreadable: { count: 0, example: '' },
      agent,
      epsilonNs,
    };
    const history = builder.history();
    return { recording, history: { ...history, machines: [{ rows: history.length, agent, epsilonNs }] } };
  });
  const slot: Slot = {
    mode: 'm',
    round: 0,
    position: 0,
    workers: 1,
    pacing: 'relaxed',
    finals: { [model]: finals },
    recording: { histories: [] } as unknown as Recording,
  };
  return judgeSlot(slot, [model], shares, clock)[0]!;
};

const ms = 1_000_000;

/** A register that is right: each operation takes effect at one moment within its own time. */
const rightRegister = fc
  .array(
    fc.record({
      agent: fc.nat(2),
      session: fc.nat(5),
      isRead: fc.boolean(),
      stepUs: fc.integer({ min: 1, max: 300 }),
      beforeUs: fc.nat(400),
      afterUs: fc.nat(400),
    }),
    { minLength: 2, maxLength: 40 },
  )
  .map((drawn) => {
    const busy = new Map<number, number>();
    let [now, value] = [1000, 0];
    return drawn.flatMap(({ agent, session, isRead, stepUs, beforeUs, afterUs }): Real[] => {
      const user = session * 3 + agent;
      now += stepUs;
      const call = Math.max(now - beforeUs, (busy.get(user) ?? 0) + 1);
      if (call > now) return [];
      busy.set(user, now + afterUs);
      if (!isRead) value++;
      const times = { agent, session: user, call: call * 1000, ret: (now + afterUs) * 1000 };
      return [{ ...times, f: isRead ? 'read' : 'write', value, version: value + 1 }];
    });
  });

const withoutVersion = ({ version, ...one }: Real): Real => (version === undefined ? one : { ...one, version: NaN });

const clockOf = fc
  .record({
    epsilonNs: fc.constantFrom(0, 20_000, 150_000, 2 * ms, 50 * ms),
    part: fc.double({ min: -1, max: 1, noNaN: true }),
  })
  .map(({ epsilonNs, part }): AgentClock => ({ epsilonNs, aheadNs: epsilonNs * part }));

const clocks = fc.tuple(clockOf, clockOf, clockOf);

describe('operations of several machines, each with a clock that is wrong by so much at most', () => {
  test.each(['register', 'cas-register'] as const)('are never accused where a %s was right', (model) => {
    fc.assert(
      fc.property(rightRegister, clocks, fc.boolean(), (all, three, isTold) => {
        const told = isTold ? all : all.map(withoutVersion);
        const { consistency } = judged(model, told, three, { k: [0, undefined] });
        expect(consistency.findings).toEqual([]);
      }),
      { numRuns: 150 },
    );
  });

  test('are judged again from the file that was kept of them as the run has judged them', async () => {
    const wrong = (all: readonly Real[]): Real[] =>
      all.map((one) => (one.f === 'read' ? { ...one, value: one.value! - 1 } : one));
    await fc.assert(
      fc.asyncProperty(rightRegister, clocks, fc.boolean(), async (all, three, isWrong) => {
        const values = (isWrong ? wrong(all) : all).map(withoutVersion);
        const { consistency, history, about } = judged('register', values, three);
        const bytes = Buffer.concat([...encodeHistory(history, about)]);
        const parts = async function* () {
          yield bytes;
        };
        const file = await readHistory(parts(), { suggest: () => undefined });
        const again = verifyHistory(file, { initial: undefined, isOneClock: true, clock, budgetUs: 500_000 });
        expect(again.verdict).toBe(consistency.verdict);
        expect(again.exposure.clocks).toEqual(consistency.clocks);
        const plain = consistency.findings.map(({ model: _model, round: _round, ...finding }) => finding);
        expect(again.findings).toEqual(plain);
      }),
      { numRuns: 60 },
    );
  });

  /** A read of the old value that began so long after the write had been answered on another machine. */
  const stale = (gapNs: number): Real[] => [
    { agent: 0, f: 'write', session: 0, value: 1, call: 0, ret: ms },
    { agent: 0, f: 'write', session: 0, value: 2, call: 2 * ms, ret: 3 * ms },
    { agent: 1, f: 'read', session: 1, value: 1, call: 3 * ms + gapNs, ret: 4 * ms + gapNs },
  ];
  const two = (epsilonNs: number | null): AgentClock[] => [
    { aheadNs: 0, epsilonNs },
    { aheadNs: 0, epsilonNs },
  ];

  test('are wrong where they lie further apart than both clocks can be', () => {
    const verdictAt = (gapNs: number): string => judged('register', stale(gapNs), two(100_000)).consistency.verdict;
    // Threads of one machine differ by 5 µs, too.
    expect(verdictAt(150_000)).not.toBe('violated');
    expect(verdictAt(250_000)).toBe('violated');
  });

  test('show in a certificate who did what, by times as they were recorded, and what their clocks were wrong by', () => {
    const [finding] = judged('register', stale(ms), two(100_000)).consistency.findings;
    expect(finding!.evidence).toBe('bounded-clocks');
    expect(finding!.because.at(-1)).toBe('Clocks are wrong by 0.1 ms at most, which is allowed for.');
    expect(finding!.operations.map(({ agent, epsilonNs }) => [agent, epsilonNs])).toContainEqual([2, 100_000]);
    const read = finding!.operations.find(({ f }) => f === 'read')!;
    expect(read.call).toBeCloseTo(4 * ms - 5000, -1);
  });

  test('are held apart by one clock where only one machine touched a key, however wrong that clock is', () => {
    const alone = stale(20_000).map((one) => ({ ...one, agent: 0 }));
    const others = [{ agent: 1, key: 'other', f: 'read' as const, value: 0, call: 0, ret: 1 }];
    const { consistency } = judged('register', [...alone, ...others], two(50 * ms));
    expect(consistency.verdict).toBe('violated');
    expect(consistency.clocks).toBeUndefined();
  });

  test('hold a lock twice only where both held it for longer than the clocks are wrong by', () => {
    const twice = (overlapNs: number): Real[] => [
      { agent: 0, session: 0, f: 'acquire', value: 7, call: 0, ret: ms },
      { agent: 0, session: 0, f: 'release', value: 7, call: 5 * ms, ret: 6 * ms },
      { agent: 1, session: 1, f: 'acquire', value: 7, call: 4 * ms - overlapNs, ret: 5 * ms - overlapNs },
      { agent: 1, session: 1, f: 'release', value: 7, call: 9 * ms, ret: 10 * ms },
    ];
    const verdictAt = (overlapNs: number): string =>
      judged('mutex', twice(overlapNs), two(300_000)).consistency.verdict;
    expect(verdictAt(500_000)).not.toBe('violated');
    expect(verdictAt(700_000)).toBe('violated');
  });

  /** Ten agents' worth of short operations far apart: only the error of a clock lets them overlap. */
  const apart = Array.from({ length: 40 }, (_, n): Real => {
    const isRead = n % 2 === 1;
    const value = Math.floor(n / 2) + 1;
    return {
      agent: n % 2,
      session: n % 2,
      f: isRead ? 'read' : 'write',
      value,
      call: n * 3 * ms,
      ret: n * 3 * ms + 2 * ms,
    };
  });

  test('are unknown to a model that needs order where the clocks alone let half of all pairs overlap, and say so', () => {
    const near = judged('register', apart, two(100_000)).consistency;
    expect(near.verdict).not.toBe('unknown');
    const far = judged('register', apart, two(50 * ms)).consistency;
    expect(far.verdict).toBe('unknown');
    expect(far.because).toMatch(
      /^the clocks of the machines are wrong by 50 ms at most, and by that alone 100 % of the pairs .* their order says nothing$/u,
    );
    expect(far.clocks).toMatchObject({ errorNs: 50 * ms });
    expect(far.clocks!.onlyByError).toBe(far.clocks!.pairs);
  });

  test('are unknown where a clock was set meanwhile, unless they are wrong whatever the clocks say', () => {
    const { verdict, because } = judged('register', stale(ms), two(null)).consistency;
    expect([verdict, because]).toEqual([
      'unknown',
      'a clock was set meanwhile: operations of several machines cannot be put in order',
    ]);
    const unwritten: Real[] = [...stale(ms), { agent: 1, session: 1, f: 'read', value: 99, call: 8 * ms, ret: 9 * ms }];
    expect(judged('register', unwritten, two(null), { k: [0, 2] }).consistency.verdict).toBe('violated');
  });

  test('add up as ever: sums do not look at clocks', () => {
    const adds = apart.map((one): Real => ({ ...one, f: 'add', operand: 1, value: absent }));
    const own = adds.map((one, n) => ({ ...one, call: 0, session: n }));
    for (const epsilonNs of [100_000, 500 * ms]) {
      expect(judged('counter', own, two(epsilonNs), { k: [0, 40] }).consistency.verdict).toBe('consistent');
      expect(judged('counter', own, two(epsilonNs), { k: [0, 39] }).consistency).toMatchObject({
        verdict: 'violated',
        lost: { atLeast: 1, atMost: 1 },
      });
    }
    expect(judged('counter', own, two(null), { k: [0, 39] }).consistency.verdict).toBe('violated');
  });

  test('overlapped as often as by their times as they were recorded', () => {
    const { consistency } = judged('register', apart, two(2 * ms));
    expect(consistency.coverage.overlapping).toBe(0);
    expect(consistency.clocks!.pairs).toBeGreaterThan(0);
  });

  test('leave every column but the times as it was, and no operation shorter', () => {
    fc.assert(
      fc.property(rightRegister, clocks, (all, three) => {
        const { history } = judged('register', all, three);
        const { history: longer } = widenedByClocks(history, false);
        expect({ ...longer, call: 0, ret: 0, widened: 0 }).toEqual({ ...history, call: 0, ret: 0, widened: 0 });
        expect(longer.call.every((time, row) => time <= history.call[row]!)).toBe(true);
        expect(longer.ret.every((time, row) => time >= history.ret[row]!)).toBe(true);
      }),
      { numRuns: 30 },
    );
  });
});

describe('a history file of several machines', () => {
  const three = [0, 1, 2].map((agent) => ({ aheadNs: 0, epsilonNs: agent === 2 ? null : agent * 1000 }));

  test('says in each block whose rows they are, and what that clock was wrong by', () => {
    fc.assert(
      fc.property(rightRegister, (all) => {
        const { history, about } = judged('register', all, three);
        const bytes = Buffer.concat([...encodeHistory(history, about)]);
        const again = decodeHistory([bytes]);
        expect(again).toEqual(history);
        const decoder = new HistoryDecoder();
        decoder.push(bytes);
        expect(decoder.about).toEqual(about);
      }),
    );
  });

  test('of one machine is what it always was', () => {
    const builder = new HistoryBuilder();
    builder.append(builder.key('k'), 0, 0, 0, 1, 2, 3, absent, absent);
    const text = Buffer.concat([...encodeHistory(builder.history())]).toString('latin1');
    expect(text.startsWith('{"contendHistory":1,"rows":1')).toBe(true);
  });
});

test('models that hold sums or doubles against each other need no order; all others do', () => {
  const needing = Object.keys(modelSyntax).filter((model) => needsOrder(model as ModelName, {}));
  expect(needing.toSorted()).toEqual([
    'allocation',
    'append-log',
    'cas-register',
    'custom',
    'mutex',
    'queue',
    'register',
    'set',
  ]);
  expect(needsOrder('at-most', { limit: 5, perNs: ms })).toBe(true);
  expect(needsOrder('issue', { isOrdered: true })).toBe(true);
});
