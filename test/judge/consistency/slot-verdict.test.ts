import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { HistoryBuilder } from '../../../src/core/history/builder.ts';
import {
  absent,
  fail,
  info,
  ok,
  operations,
  type OperationName,
  type Outcome,
} from '../../../src/core/history/history.ts';
import type { Promises } from '../../../src/core/plan/plan.ts';
import type { HistoryRecording, Recording } from '../../../src/core/recording/recording.ts';
import type { ReadTwice, Slot, SlotConsistency } from '../../../src/core/slot.ts';
import { brokenRule } from '../../../src/core/result/finding.ts';
import { micros } from '../../../src/core/units.ts';
import { modeConsistency } from '../../../src/judge/consistency/mode-verdict.ts';
import { judgeSlot } from '../../../src/judge/consistency/slot-verdict.ts';

/** A change to a key as the target saw it: what was acknowledged, and how often it was done. */
interface Change {
  readonly delta: number;
  readonly told: Outcome;
  readonly applied: 0 | 1 | 2;
}

/** What an operation says; what is left out was not said. */
interface Said {
  readonly value?: unknown;
  readonly operand?: unknown;
  readonly version?: unknown;
  readonly status?: number;
  readonly session?: number;
}

const outcome = { ok, fail, info };
const clock = { now: () => micros(0) };
const whole: HistoryRecording = {
  model: 'counter',
  path: 'a.history',
  rows: 0,
  problem: null,
  unreadable: { count: 0, example: '' },
};

const slotWith = (finals: { readonly [key: string]: ReadTwice }, round = 0): Slot => ({
  mode: 'm',
  round,
  position: 0,
  workers: 1,
  pacing: 'relaxed',
  finals: { counter: finals },
  recording: { histories: [] } as unknown as Recording,
});

type Finals = Slot['finals'][string];

/** All under way at once, or one after the other. */
const judged = (
  changes: readonly Change[],
  {
    before = 1000,
    round = 0,
    isAlone = false,
    recording = whole,
    finals = {},
  }: {
    readonly before?: number;
    readonly round?: number;
    readonly isAlone?: boolean;
    readonly recording?: HistoryRecording;
    readonly finals?: Finals;
  } = {},
): SlotConsistency => {
  const builder = new HistoryBuilder();
  const key = builder.key('a');
  for (const [at, { delta, told }] of changes.entries()) {
    const [call, ret] = isAlone ? [10 * at, 10 * at + 5] : [0, 100];
    const end = told === 'info' ? Infinity : ret;
    builder.append(key, at, operations.indexOf('add'), outcome[told], call, end, absent, delta, absent);
    builder.append(key, at, operations.indexOf('section'), ok, call, ret, absent, absent, absent);
  }
  const after = before + changes.reduce((total, { delta, applied }) => total + delta * applied, 0);
  const slot = slotWith({ a: [before, after], ...finals }, round);
  return judgeSlot(slot, ['counter'], [{ recording, history: builder.history() }], clock)[0]!.consistency;
};

const acknowledged = (count: number, delta: number, applied: 0 | 1 | 2 = 1): Change[] =>
  Array.from({ length: count }, () => ({ delta, told: 'ok', applied }));
const unknown = (count: number, delta: number, applied: 0 | 1): Change[] =>
  Array.from({ length: count }, () => ({ delta, told: 'info', applied }));

describe('a slot', () => {
  test('in which every acknowledged change stayed is consistent', () => {
    expect(judged(acknowledged(10, -1))).toMatchObject({
      verdict: 'consistent',
      lost: { acknowledged: 10, atLeast: 0, atMost: 0 },
      findings: [],
      coverage: { operations: 10, acknowledged: 10, unknown: 0, reads: 0, overlapping: 45 },
    });
  });

  test('in which nothing overlapped was not put to the test', () => {
    expect(judged(acknowledged(10, -1), { isAlone: true })).toMatchObject({
      verdict: 'not-exercised',
      coverage: { overlapping: 0 },
    });
  });

  test('is violated all the same where something was lost though nothing overlapped', () => {
    expect(judged(acknowledged(2, -1, 0), { isAlone: true }).verdict).toBe('violated');
  });

  test('tells lost updates exactly where nothing is unknown', () => {
    const { verdict, lost, findings } = judged([...acknowledged(7, -1), ...acknowledged(3, -1, 0)]);
    expect([verdict, lost]).toEqual(['violated', { acknowledged: 10, atLeast: 3, atMost: 3 }]);
    expect(findings[0]).toMatchObject({
      model: 'counter',
      rule: 'lost-update',
      evidence: 'clock-free',
      key: 'a',
      before: 1000,
      expected: [990, 990],
      after: 993,
      acknowledged: 10,
      atLeast: 3,
      atMost: 3,
    });
    expect(findings[0]!.operations[0]).toMatchObject({ letter: 'A', f: 'add', operand: -1, status: 'ok' });
    expect(findings[0]!.because.length).toBeGreaterThan(0);
  });

  test('a change of which nobody knows widens the bounds, and is no violation by itself', () => {
    for (const applied of [0, 1] as const) {
      const { verdict, lost } = judged([...acknowledged(10, -1), ...unknown(2, -1, applied)]);
      expect(verdict).toBe('consistent');
      expect(lost!.atLeast).toBe(0);
      expect(lost!.atMost).toBeLessThanOrEqual(2);
    }
  });

  test('what was applied twice is found, and is not called lost', () => {
    const { lost, findings } = judged([...acknowledged(9, 5), ...acknowledged(1, 5, 2)]);
    expect(lost).toEqual({ acknowledged: 10, atLeast: 0, atMost: 0 });
    expect(findings[0]).toMatchObject({ rule: 'more-than-acknowledged', atLeast: 1, atMost: 1 });
  });

  test('a key that changed though nobody changed it is found', () => {
    const { verdict, findings } = judged(acknowledged(3, 1), { finals: { b: [10, 12] } });
    expect(verdict).toBe('violated');
    expect(findings[0]).toMatchObject({ key: 'b', rule: 'unexplained-change' });
  });

  /** Transfers of 1, from the one to the other, all under way at once. */
  const transferred = (transfers: readonly (readonly [string | number, string | number])[], finals: Finals) => {
    const builder = new HistoryBuilder();
    const key = builder.key('all');
    for (const [at, [from, to]] of transfers.entries()) {
      builder.append(key, at, operations.indexOf('transfer'), ok, 0, 100, builder.value(from), 1, builder.value(to));
      builder.append(key, at, operations.indexOf('section'), ok, 0, 100, absent, absent, absent);
    }
    const share = { recording: { ...whole, model: 'transfer' }, history: builder.history() };
    return judgeSlot({ ...slotWith({}), finals: { transfer: finals } }, ['transfer'], [share], clock)[0]!.consistency;
  };

  test('an account that only pays or is only paid was changed by this run', () => {
    const finals: Finals = { '1': [10, 8], '2': [10, 11], 'three': [10, 11], '4': [10, 10] };
    expect(
      transferred(
        [
          [1, 2],
          [1, 'three'],
        ],
        finals,
      ),
    ).toMatchObject({ verdict: 'no-violation-found', findings: [], coverage: { operations: 2 } });
  });

  test('one transfer is held against the total of all accounts, not against the one that pays', () => {
    expect(transferred([[1, 2]], { '1': [10, 9], '2': [10, 11] })).toMatchObject({
      verdict: 'not-exercised',
      findings: [],
    });
  });

  test('an account that no transfer names and that changed is found, and one whose transfers do not give what it has', () => {
    const { verdict, findings } = transferred([[1, 2]], { '1': [10, 9], '2': [10, 12], '3': [10, 9] });
    expect(verdict).toBe('violated');
    expect(findings.map(({ key, rule, because }) => [key, rule, because[0]])).toEqual([
      ['all', 'account-balance', 'Account 2 had 10; by its transfers 11 is expected, 12 is there.'],
      ['3', 'unexplained-change', 'It was 10, and is 9 afterwards.'],
    ]);
  });

  test('an account that transfers name and nobody reads leaves it unknown, and so do sums of fractions', () => {
    expect(transferred([[1, 6]], { '1': [10, 9], '2': [10, 10] })).toMatchObject({
      verdict: 'unknown',
      because: 'transfers name the account 6, which "key" does not read',
      findings: [],
    });
    expect(transferred([[1, 2]], { '1': [10.1, 9.1], '2': [10, 11] })).toMatchObject({
      verdict: 'unknown',
      because: 'the value of 1 is 10.1, which is not a whole number: count in the smallest unit',
      findings: [],
    });
    expect(judged(acknowledged(3, 1), { before: 0.5 })).toMatchObject({ verdict: 'unknown', findings: [] });
  });

  test('how wrong an account is is counted in transfers, not in money', () => {
    const finals: Finals = { '1': [1000, 980], '2': [1000, 1005] };
    const { findings } = transferred(
      Array.from({ length: 20 }, () => [1, 2] as const),
      finals,
    );
    expect(findings).toMatchObject([{ rule: 'account-balance', atLeast: 15 }]);
    expect(findings[0]!.because[0]).toContain(
      'Account 2 had 1,000; by its transfers 1,020 is expected, 1,005 is there.',
    );
  });

  /** Of one key: what each row is, from when to when, and its value, operand and version. */
  const slotOf = (
    model: string,
    rows: readonly (readonly [f: OperationName, call: number, ret: number, said: Said])[],
    { promises = {}, finals = {} }: { promises?: Promises; finals?: Finals } = {},
  ): SlotConsistency => {
    const builder = new HistoryBuilder();
    const key = builder.key('a');
    for (const [f, call, ret, { value, operand, version, status = ok, session = call }] of rows)
      builder.append(
        key,
        session,
        operations.indexOf(f),
        status,
        call,
        ret,
        builder.value(value),
        builder.value(operand),
        builder.value(version),
      );
    const share = { recording: { ...whole, model }, history: builder.history() };
    const slot = { ...slotWith({}), finals: { [model]: finals } };
    return judgeSlot(slot, [model], [share], clock, { [model]: promises })[0]!.consistency;
  };

  test('a lock with a lease is free again once that has lapsed', () => {
    const rows = [
      ['acquire', 0, 20e6, { session: 1 }],
      ['acquire', 10e6, 30e6, { session: 2, status: fail }],
      ['acquire', 101e6, 103e6, { session: 2 }],
      ['release', 104e6, 105e6, { session: 2 }],
    ] as const;
    expect(slotOf('mutex', rows).findings).toMatchObject([{ rule: 'held-twice' }]);
    expect(slotOf('mutex', rows, { promises: { leaseNs: 100e6 } }).findings).toEqual([]);
    expect(slotOf('mutex', rows, { promises: { leaseNs: 110e6 } }).findings).toMatchObject([{ rule: 'held-twice' }]);
  });

  test('numbers rise and leave none out where that is promised', () => {
    const rows = [
      ['issue', 0, 10, { value: 3 }],
      ['issue', 5, 15, { value: 1 }],
      ['issue', 20, 30, { value: 2 }],
    ] as const;
    const rulesOf = (promises: Promises, some: Parameters<typeof slotOf>[1] = rows): string[] =>
      slotOf('issue', some, { promises }).findings.map(({ rule }) => rule);
    expect(rulesOf({})).toEqual([]);
    expect(rulesOf({ isOrdered: true })).toEqual(['issued-out-of-order']);
    expect(rulesOf({ isDense: true })).toEqual([]);
    expect(rulesOf({ isDense: true }, rows.slice(0, 2))).toEqual(['issued-gap']);
  });

  test('an account may be overdrawn, unless a least balance is promised, below which it did not begin', () => {
    const rows = [
      ['transfer', 0, 10, { value: 1, version: 2, operand: 5 }],
      ['transfer', 5, 15, { value: 1, version: 2, operand: 6 }],
    ] as const;
    const ends = (promises: Promises, from: number): unknown =>
      slotOf('transfer', rows, { promises, finals: { 1: [from, from - 11], 2: [0, 11] } });
    expect(ends({}, 10)).toMatchObject({ verdict: 'no-violation-found', findings: [] });
    expect(ends({ least: 0 }, 11)).toMatchObject({ verdict: 'no-violation-found', findings: [] });
    expect(ends({ least: 0 }, 10)).toMatchObject({
      findings: [
        { rule: 'overdrawn', because: ['Account 1 ends at -1, below 0; these are the last of its 2 payments.'] },
      ],
    });
    expect(ends({ least: -1 }, 10)).toMatchObject({ findings: [] });
  });

  test('a stock that was oversold says how much was granted of how much, and that it stands at 0 is no lost update', () => {
    const rows = Array.from({ length: 170 }, (_, n) => ['take', 0, 10, { session: n }] as const);
    const floored = slotOf('stock', rows, { finals: { a: [50, 0] } });
    expect(floored).toMatchObject({
      verdict: 'violated',
      findings: [
        { rule: 'oversold', sold: { granted: 170, of: 50 }, atLeast: 120, before: 50, expected: [-120, -120] },
      ],
      lost: { acknowledged: 170, atLeast: 0, atMost: 0 },
    });
    expect(slotOf('stock', rows, { finals: { a: [50, -120] } })).toMatchObject({
      findings: [{ rule: 'oversold', sold: { granted: 170, of: 50 } }],
      lost: { atLeast: 0, atMost: 0 },
    });
    const lost = slotOf('stock', rows, { finals: { a: [50, 30] } });
    expect(lost.findings.map(({ rule, atLeast }) => [rule, atLeast])).toEqual([
      ['oversold', 120],
      ['lost-update', 30],
    ]);
    const { consistency } = modeConsistency(['stock'], [[lost]]);
    expect(brokenRule(consistency.findings)).toBe('oversold, 170 granted of 50');
  });

  test('a seat that two held counts among the grants of its key, of all slots together; giving it back cannot go wrong', () => {
    const rows = [
      ['acquire', 0, 10, { session: 0 }],
      ['acquire', 2, 12, { session: 1 }],
      ['release', 20, 22, { session: 0 }],
      ['release', 23, 24, { session: 1 }],
      ['acquire', 30, 31, { session: 0 }],
      ['release', 40, 41, { session: 0 }],
    ] as const;
    const wrong = slotOf('allocation', rows);
    expect(wrong).toMatchObject({
      findings: [{ rule: 'allocated-twice', atLeast: 1, acknowledged: 3 }],
      wrong: { atLeast: 1, of: 3 },
    });
    const right = slotOf(
      'allocation',
      rows.slice(2).filter(([f], at) => f === 'acquire' || at > 1),
    );
    expect(right).toMatchObject({ findings: [], wrong: { atLeast: 0, of: 1 } });
    const { consistency } = modeConsistency(['allocation'], [[wrong], [right], [wrong]]);
    expect(consistency.wrong).toEqual({ atLeast: 2, of: 7 });
    expect(brokenRule(consistency.findings, consistency.wrong)).toBe('allocated twice, at least 2 of 7 grants');
  });

  describe('where an answer gave no whole number', () => {
    const adds = [
      ['add', 0, 10, { operand: 1, session: 1 }],
      ['add', 5, 15, { operand: 1, session: 2 }],
    ] as const;
    const finals: Finals = { a: [0, 2] };

    test.each([
      ['a text', '2', 'an answer gave "2", a text, where a whole number is wanted: number(body.count) makes one of it'],
      [
        'a fraction',
        0.02,
        'an answer gave 0.02, which is not a whole number: count in the smallest unit, as round(body.euros * 100) does',
      ],
      ['nothing', null, 'an answer gave null where a whole number is wanted: if it means 0, write ?? 0 behind it'],
      ['a list', [2], 'an answer gave [2] where a whole number is wanted that adds up exactly'],
      ['true', true, 'an answer gave true where a whole number is wanted that adds up exactly'],
      [
        'too much',
        1e20,
        'an answer gave 100000000000000000000, beyond 2^53, where a whole number is wanted that adds up exactly: put it in quotes or count in smaller numbers',
      ],
    ])('but %s, nothing is known', (_, value, because) => {
      const read = ['read', 20, 30, { value, session: 3 }] as const;
      expect(slotOf('counter', [...adds, read], { finals })).toMatchObject({
        verdict: 'unknown',
        because,
        findings: [],
      });
      const takes = adds.map(([, ...one]) => ['take', ...one] as const);
      const stock = slotOf('stock', [...takes, read, read], { finals: { a: [9, 7] } });
      expect(stock).toMatchObject({ verdict: 'unknown', because: `${because}, and so it was 2 times`, findings: [] });
      const told = adds.map(([f, call, ret, one]) => [f, call, ret, { ...one, value }] as const);
      expect(slotOf('counter', told, { finals }).verdict).toBe('unknown');
      const swaps = [
        ['cas', 0, 10, { operand: 0, value: 1, session: 1 }],
        ['cas', 12, 20, { operand: 1, value: 2, session: 2 }],
        read,
      ] as const;
      expect(slotOf('rmw-counter', [...swaps, ['read', 5, 15, { value: 1 }]], { finals }).verdict).toBe('unknown');
    });

    test('what the others show to be wrong is wrong', () => {
      const read = ['read', 20, 30, { value: '2', session: 3 }] as const;
      expect(slotOf('counter', [...adds, read], { finals: { a: [0, 1] } })).toMatchObject({
        verdict: 'violated',
        findings: [{ rule: 'lost-update' }],
      });
    });

    test('null stands for 0 where that explains it', () => {
      const read = ['read', 0, 4, { value: null, session: 3 }] as const;
      expect(slotOf('counter', [...adds, read], { finals }).verdict).toBe('consistent');
    });

    test('the total of accounts and the length of a log are not known either', () => {
      const transfers = [
        ['transfer', 0, 10, { value: 1, version: 2, operand: 5 }],
        ['read', 5, 15, { value: '20', session: 3 }],
      ] as const;
      expect(slotOf('transfer', transfers, { finals: { 1: [10, 5], 2: [10, 15] } })).toMatchObject({
        verdict: 'unknown',
      });
      const log = [
        ['append', 0, 10, { value: 'x' }],
        ['read', 5, 15, { version: '1' }],
      ] as const;
      expect(slotOf('append-log', log)).toMatchObject({
        verdict: 'unknown',
        because: 'an answer gave "1", a text, where a whole number is wanted: number(body.count) makes one of it',
      });
    });
  });

  describe('two values that differ in kind alone are told as that,', () => {
    const hint = (text: string, number: string): string =>
      `${text}, a text, and ${number}, a number, are two values: where they mean the same, both have to be of one kind, as number(body.value) makes them`;
    const because = (...of: Parameters<typeof slotOf>): readonly string[] =>
      slotOf(...of).findings.flatMap((one) => one.because);

    test('of a register', () => {
      const rows = [
        ['write', 0, 10, { value: 2 }],
        ['read', 5, 15, { value: '2' }],
      ] as const;
      expect(because('register', rows, { finals: { a: [0, 2] } })).toContain(`${hint('"2"', '2')}.`);
      const other = [
        ['write', 0, 10, { value: '7' }],
        ['read', 5, 15, { value: 7 }],
      ] as const;
      expect(because('register', other, { finals: { a: [0, '7'] } })).toContain(`${hint('"7"', '7')}.`);
      expect(because('register', [rows[0]], { finals: { a: [0, '2'] } })).toContain(`${hint('"2"', '2')}.`);
      const apart = [rows[0], ['read', 5, 15, { value: '3' }]] as const;
      expect(because('register', apart, { finals: { a: [0, 2] } }).join(' ')).not.toContain('are two values');
    });

    test('of what a compare-and-swap was built on', () => {
      const swaps = [
        ['cas', 0, 10, { operand: 'v', value: 1, version: '"a"' }],
        ['cas', 20, 30, { operand: '3', value: 2, version: '"b"' }],
        ['read', 0, 30, { value: 5, version: 3 }],
      ] as const;
      expect(slotOf('cas-register', swaps)).toMatchObject({
        verdict: 'unknown',
        because: `a version that is not a number was seen with no value, or with two; ${hint('"3"', '3')}`,
      });
    });

    test('of a log, and of what holds and releases', () => {
      const log = [
        ['append', 0, 10, { value: 1 }],
        ['read', 5, 15, { value: '1', version: 1 }],
      ] as const;
      expect(because('append-log', log, { finals: { a: [[], [1]] } })).toContain(`${hint('"1"', '1')}.`);
      const seats = [
        ['acquire', 0, 10, { value: 4, session: 1 }],
        ['release', 20, 30, { value: '4', session: 1 }],
        ['acquire', 40, 50, { value: 4, session: 2 }],
      ] as const;
      expect(because('allocation', seats)).toContain(`${hint('"4"', '4')}.`);
    });
  });

  test('tokens and numbers that are texts are told apart, and in no order', () => {
    const locks = ['b', 'a', 'c'].flatMap((token, n) => [
      ['acquire', 100 * n, 100 * n + 10, { version: token, session: n }] as const,
      ['release', 100 * n + 20, 100 * n + 30, { version: token, session: n }] as const,
    ]);
    expect(slotOf('mutex', locks).findings).toEqual([]);
    const numbers = ['2', '1', '3'].map((value, n) => ['issue', 100 * n, 100 * n + 10, { value }] as const);
    expect(slotOf('issue', numbers).findings).toEqual([]);
    const ordered = slotOf('issue', [...numbers, ['issue', 5, 15, { value: '4' }]], {
      promises: { isOrdered: true, isDense: true },
    });
    expect(ordered).toMatchObject({
      verdict: 'unknown',
      because: '"2" was issued, which is not a number: the order that is promised cannot be judged',
      findings: [],
    });
    const twice = slotOf('issue', [...numbers, ['issue', 5, 15, { value: '1' }]], { promises: { isOrdered: true } });
    expect(twice.findings).toMatchObject([{ rule: 'issued-twice' }]);
  });

  test('a list that was read whole is held against those before and after the load', () => {
    const builder = new HistoryBuilder();
    const key = builder.key('a');
    for (const [at, element] of ['x', 'y'].entries())
      builder.append(key, at, operations.indexOf('append'), ok, 0, 10, builder.value(element), absent, absent);
    builder.appendList(key, 3, 20, 30, ['o', 'x', 'y']);
    const share = { recording: { ...whole, model: 'append-log' }, history: builder.history() };
    const judgedWith = (finals: ReadTwice) => {
      const slot = { ...slotWith({}), finals: { 'append-log': { a: finals } } };
      return judgeSlot(slot, ['append-log'], [share], clock)[0]!.consistency;
    };
    expect(judgedWith([['o'], ['o', 'x', 'y']])).toMatchObject({
      verdict: 'consistent',
      coverage: { operations: 3, reads: 1 },
    });
    for (const finals of [
      [['p'], ['o', 'x', 'y']],
      [['o'], ['o', 'y', 'x']],
      [['p'], ['p', 'x', 'y']],
    ] as const)
      expect(judgedWith(finals).findings.map(({ rule }) => rule)).toContain('not-a-prefix');
    expect(
      judgedWith([
        ['p', 'q'],
        ['q', 'p', 'x', 'y'],
      ]).verdict,
    ).toBe('violated');
  });

  test('a value that could not be read leaves it unknown', () => {
    expect(judged(acknowledged(3, 1), { finals: { a: [1000, undefined] } })).toMatchObject({
      verdict: 'unknown',
      because: 'the value of a could not be read',
    });
  });

  test('a history that is not whole leaves it unknown, and so do answers that did not say what they should', () => {
    const broken = { ...whole, problem: 'a.history cannot be written: the disk is full' };
    expect(judged(acknowledged(3, 1), { recording: broken })).toMatchObject({
      verdict: 'unknown',
      because: broken.problem,
    });
    const silent = { ...whole, unreadable: { count: 3, example: 'an answer to read has no body.stock' } };
    expect(judged(acknowledged(3, 1), { recording: silent })).toMatchObject({
      verdict: 'unknown',
      because: 'an answer to read has no body.stock, and so it was 3 times',
    });
  });

  test('with nothing acknowledged was not put to the test', () => {
    expect(judged([]).verdict).toBe('not-exercised');
    expect(judgeSlot(slotWith({ a: [1, 1] }), ['counter'], [], clock)[0]!.consistency.verdict).toBe('not-exercised');
  });

  test('the true number of lost updates always lies within the bounds', () => {
    const change = (delta: fc.Arbitrary<number>): fc.Arbitrary<Change> =>
      fc.record({
        delta,
        told: fc.constantFrom('ok' as const, 'info' as const),
        applied: fc.constantFrom(0 as const, 1 as const),
      });
    const oneWay = fc
      .oneof(fc.constant(-1), fc.constant(3))
      .chain((delta) => fc.array(change(fc.constant(delta)), { minLength: 1, maxLength: 30 }));
    const sizes = fc.array(change(fc.integer({ min: -4, max: -1 })), { minLength: 1, maxLength: 30 });
    const mixed = fc.array(change(fc.integer({ min: -3, max: 3 }).filter((delta) => delta !== 0)), {
      minLength: 1,
      maxLength: 30,
    });
    fc.assert(
      fc.property(fc.oneof(oneWay, sizes, mixed), (changes) => {
        const truth = changes.filter(({ told, applied }) => told === 'ok' && applied === 0).length;
        const lost = judged(changes).lost!;
        expect(lost.atLeast).toBeLessThanOrEqual(truth);
        expect(lost.atMost).toBeGreaterThanOrEqual(lost.atLeast);
        // Changes that cancel out hide a loss from any sum; one way, none can.
        const signs = new Set(changes.map(({ delta }) => Math.sign(delta)));
        if (signs.size === 1) expect(lost.atMost).toBeGreaterThanOrEqual(truth);
      }),
      { numRuns: 300 },
    );
  });
});

describe('the slots of a mode', () => {
  test('are added up, the worst finding first', () => {
    const { lost, consistency } = modeConsistency(
      ['counter'],
      [
        [judged(acknowledged(5, -1))],
        [judged(acknowledged(1, -1, 0), { round: 1 })],
        [judged(acknowledged(4, -1, 0), { round: 2 })],
      ],
    );
    expect(lost).toEqual({ acknowledged: 10, atLeast: 5, atMost: 5 });
    expect(consistency).toMatchObject({ verdict: 'violated', model: 'counter', findingCount: 2 });
    expect(consistency.exposure).toEqual({ overlapping: 10 + 0 + 6, atMostShare: null });
    expect(consistency.findings.map(({ round, atLeast }) => [round, atLeast])).toEqual([
      [3, 4],
      [2, 1],
    ]);
  });

  test('are consistent where some were and the others were not put to the test; three over the pairs is what is left open', () => {
    const { consistency } = modeConsistency(
      ['counter'],
      [[judged(acknowledged(5, -1))], [judged(acknowledged(5, -1), { isAlone: true })]],
    );
    expect(consistency.verdict).toBe('consistent');
    expect(consistency.exposure).toEqual({ overlapping: 10, atMostShare: 0.3 });
  });

  test('are not put to the test where none was, and unknown as soon as one is', () => {
    const alone = judged(acknowledged(5, -1), { isAlone: true });
    const unread = judged(acknowledged(5, -1), { finals: { a: [1000, undefined] } });
    expect(modeConsistency(['counter'], [[alone], [alone]]).consistency.verdict).toBe('not-exercised');
    expect(modeConsistency(['counter'], [[alone], [unread]]).consistency).toMatchObject({
      verdict: 'unknown',
      checks: [{ model: 'counter', because: 'the value of a could not be read' }],
    });
  });
});
