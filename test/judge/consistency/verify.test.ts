import { describe, expect, test } from 'vitest';
import type { Clock } from '../../../src/core/clock.ts';
import { HistoryBuilder } from '../../../src/core/history/builder.ts';
import {
  absent,
  fail,
  firstName,
  type History,
  info,
  nothing,
  ok,
  operations,
} from '../../../src/core/history/history.ts';
import { micros } from '../../../src/core/units.ts';
import type { Known } from '../../../src/judge/consistency/engines/engine.ts';
import type { HistoryVerdict, VerifyOptions } from '../../../src/judge/consistency/history-verdict.ts';
import type { ModelName } from '../../../src/judge/consistency/model-names.ts';
import { verify } from '../../../src/judge/consistency/verify.ts';
import { dice, historyOf, type Row } from './histories.ts';
import { casRegister, counter, isLinearizable } from './oracle.ts';

const stopped: Clock = { now: () => micros(0) };

const judge = (
  history: History,
  model: VerifyOptions['model'],
  more: Partial<VerifyOptions> & { readonly is?: Known } = {},
): HistoryVerdict => {
  const { is = { initial: NaN, final: NaN }, ...options } = more;
  return verify(history, { model, known: () => is, clock: stopped, budgetUs: 1e6, mostBytes: 2 ** 24, ...options });
};

/** Operations of two at a time. */
const overlapping = (rows: readonly Omit<Row, 'call' | 'ret'>[]): Row[] =>
  rows.map((row, n) => ({ session: n % 2, call: 10 * n, ret: 10 * n + 15, ...row }));

describe('verify', () => {
  test('says consistent of a register whose answers tell versions, by these', () => {
    const history = historyOf(
      overlapping([
        { f: 'write', value: 5, version: 1 },
        { f: 'read', value: 5, version: 1 },
        { f: 'write', value: 5, version: 2 },
      ]),
    );
    expect(judge(history, 'register')).toMatchObject({ verdict: 'consistent', keys: { k: { verdict: 'consistent' } } });
  });

  test('reads an ETag, which is a text, as the value that was seen under it', () => {
    const [a, b, c] = [firstName, firstName - 1, firstName - 2];
    const rows = (operand: number): Row[] =>
      overlapping([
        { f: 'write', value: 5, version: a },
        { f: 'cas', operand: a, value: 6, version: b },
        { f: 'cas', operand, value: 7, version: c },
      ]);
    const named = (operand: number): History => ({ ...historyOf(rows(operand)), names: ['"a"', '"b"', '"c"'] });
    expect(judge(named(b), 'cas-register').verdict).toBe('consistent');
    expect(judge(named(a), 'cas-register').verdict).toBe('consistent');
    expect(judge(named(a), 'cas-register', { is: { initial: 0, final: NaN } })).toMatchObject({
      verdict: 'violated',
      findings: [{ key: 'k', rule: 'lost-update', evidence: 'clock-free', operations: [0, 1, 2] }],
    });
    expect(judge({ ...named(firstName - 3), names: ['"a"', '"b"', '"c"', '"d"'] }, 'cas-register').verdict).toBe(
      'unknown',
    );
  });

  test.each([
    {
      name: 'a register with values that come again',
      model: 'cas-register',
      oracle: casRegister,
      f: ['read', 'write', 'cas'],
    },
    { name: 'a counter of several amounts', model: 'counter', oracle: counter, f: ['read', 'add', 'add'] },
  ] as const)('agrees with trying all orders on 6,000 histories of $name', ({ model, oracle, f }) => {
    let [violated, exercised] = [0, 0];
    for (let seed = 0; seed < 6000; seed++) {
      const roll = dice(seed);
      const rows = Array.from({ length: 2 + roll(5) }, (): Row => {
        const call = roll(8);
        const status = [ok, ok, ok, ok, info, fail][roll(6)]!;
        return {
          f: f[roll(f.length)]!,
          session: roll(3),
          call,
          ret: status === info ? Infinity : call + roll(5),
          status,
          value: model === 'counter' ? [0, 1, 2, 3, absent][roll(5)]! : [1, 2, nothing][roll(3)]!,
          operand: [1, 2, model === 'counter' ? -1 : nothing][roll(3)]!,
        };
      });
      const known = { initial: [0, nothing][roll(2)]!, final: [absent, 1, 2][roll(3)]! };
      const history = historyOf(model === 'counter' ? rows.map(readable) : rows);
      const is = model === 'counter' ? { ...known, initial: 0 } : known;
      const all = Uint32Array.from({ length: history.length }, (_, row) => row);
      const isLegal = isLinearizable(history, all, is, oracle);
      const { verdict, keys } = judge(history, model, { is });
      // If every compare-and-swap has an unknown outcome, they may be built on values or on versions.
      const swaps = rows.filter((row) => row.f === 'cas' && row.status !== fail);
      const isSure = swaps.length === 0 || swaps.some(({ status }) => status === ok);
      const isMissed = !isLegal && verdict !== 'violated' && (isSure || verdict === 'consistent');
      if ((isLegal && ['violated', 'unknown'].includes(keys['k']!.verdict)) || isMissed)
        expect.fail(
          `seed ${seed}: ${verdict}, and it is ${isLegal ? 'legal' : 'not'} ${JSON.stringify({ rows, is, keys })}`,
        );
      if (verdict === 'violated') violated++;
      if (verdict !== 'not-exercised') exercised++;
    }
    expect(violated).toBeGreaterThan(600);
    expect(exercised - violated).toBeGreaterThan(100);
  });

  /** A read says what it saw; where there was no answer, it told nothing. */
  const readable = (row: Row): Row => {
    if (row.f === 'read') return Number.isNaN(row.value) ? { ...row, value: 0 } : row;
    return row.status === info ? { ...row, value: absent } : row;
  };

  test('shows of a counter that is read, changed and written back the pair that lost an update, and how many there were', () => {
    const history = historyOf(
      overlapping([
        { f: 'cas', operand: 40, value: 41 },
        { f: 'cas', operand: 41, value: 42 },
        { f: 'cas', operand: 41, value: 42 },
        { f: 'cas', operand: 42, value: 43 },
      ]),
    );
    expect(judge(history, 'rmw-counter', { is: { initial: 40, final: 43 } })).toMatchObject({
      verdict: 'violated',
      findings: [{ rule: 'lost-update', evidence: 'clock-free', operations: [1, 2, 0], atLeast: 1, atMost: 1 }],
      exposure: { overlapping: 3, atMostShare: null },
    });
    const atOnce = historyOf([...history.value.keys()].filter((row) => row !== 2).map((row) => rowOf(history, row)));
    expect(judge(atOnce, 'rmw-counter', { is: { initial: 40, final: 43 } }).verdict).toBe('consistent');
  });

  test('of a counter that goes both ways believes no pair that was built on one value', () => {
    const history = historyOf(
      overlapping([
        { f: 'cas', operand: 1, value: 2 },
        { f: 'cas', operand: 2, value: 1 },
        { f: 'cas', operand: 1, value: 2 },
      ]),
    );
    expect(judge(history, 'rmw-counter', { is: { initial: 1, final: 2 } }).verdict).toBe('consistent');
  });

  test('judges no section, and counts the pairs of them that overlapped', () => {
    const history = historyOf([
      { f: 'section', call: 0, ret: 20 },
      { f: 'write', value: 1, call: 1, ret: 2 },
      { f: 'section', call: 5, ret: 40, session: 1 },
      { f: 'write', value: 2, call: 25, ret: 26, session: 1 },
      { f: 'section', call: 41, ret: 50 },
    ]);
    expect(judge(history, 'register')).toMatchObject({
      verdict: 'consistent',
      coverage: { operations: 2, acknowledged: 2, reads: 0 },
      exposure: { overlapping: 1, atMostShare: 1 },
    });
  });

  test.each(['allocation', 'mutex'] as const)(
    'of %s says consistent only where two holders would have been seen',
    (model) => {
      /** Turns of 100 ns: one is granted it and gives it back after so long, meanwhile another one is refused. */
      const turns = (count: number, heldFor: (turn: number) => number): Row[] =>
        Array.from({ length: count }, (_, turn) => turn).flatMap((turn): Row[] => {
          const [call, back] = [100 * turn, 100 * turn + 20 + heldFor(turn)];
          return [
            { f: 'acquire', session: 0, call, ret: call + 20 },
            { f: 'acquire', session: 1, status: fail, call: call + 10, ret: call + 29 },
            { f: 'release', session: 0, call: back, ret: back + 20 },
          ];
        });
      const said = (rows: readonly Row[]): HistoryVerdict => judge(historyOf(rows), model);
      expect(said(turns(5, () => 19))).toMatchObject({
        verdict: 'consistent',
        exposure: { overlapping: 5, atMostShare: 0.6 },
      });
      expect(said(turns(5, () => 18))).toMatchObject({
        verdict: 'not-exercised',
        exposure: { overlapping: 0, atMostShare: null },
        keys: { k: { because: expect.stringContaining('put "think:" between acquire and release') as string } },
      });
      // One that was held up is no test of thousands.
      expect(said(turns(4000, (turn) => (turn === 7 ? 19 : 1))).verdict).toBe('not-exercised');
      expect(said(turns(4000, (turn) => (turn % 500 === 7 ? 19 : 1)))).toMatchObject({
        verdict: 'consistent',
        exposure: { overlapping: 8 },
      });
      // Nobody else was there.
      expect(said(turns(5, () => 19).filter(({ session }) => session === 0))).toMatchObject({
        keys: { k: { because: 'no two operations were under way at once, one of them a change' } },
      });
    },
  );

  test('counts what is held under another name only where the target may have given that', () => {
    // One has 1 while another asks for 2, which somebody else has as well.
    const rows: Row[] = [
      { f: 'acquire', session: 0, call: 0, ret: 10, value: 1 },
      { f: 'acquire', session: 1, call: 20, ret: 30, value: 2 },
      { f: 'release', session: 0, call: 50, ret: 60, value: 1 },
      { f: 'release', session: 1, call: 50, ret: 60, value: 2 },
    ];
    const said = (model: ModelName, more: readonly Row[] = []): HistoryVerdict =>
      judge(historyOf([...rows, ...more]), model);
    expect(said('allocation')).toMatchObject({ verdict: 'consistent', exposure: { overlapping: 1 } });
    // Of a lock, and of a seat that is refused by its name, who asks says which one.
    expect(said('mutex')).toMatchObject({ verdict: 'not-exercised', exposure: { overlapping: 0 } });
    const refused: Row = { f: 'acquire', session: 2, status: fail, call: 15, ret: 25, value: 2 };
    expect(said('allocation', [refused])).toMatchObject({ verdict: 'not-exercised', exposure: { overlapping: 0 } });
    expect(said('allocation', [{ ...refused, call: 35, ret: 45 }])).toMatchObject({
      verdict: 'consistent',
      exposure: { overlapping: 1 },
    });
    expect(said('allocation', [{ ...refused, value: NaN }])).toMatchObject({ exposure: { overlapping: 2 } });
  });

  test('says not-exercised where no two operations were under way at once, and where nothing was acknowledged', () => {
    const alone = historyOf([
      { f: 'write', value: 1, call: 0, ret: 1 },
      { f: 'read', value: 1, call: 2, ret: 3 },
    ]);
    expect(judge(alone, 'register')).toMatchObject({ verdict: 'not-exercised', exposure: { overlapping: 0 } });
    const reads = historyOf(
      overlapping([
        { f: 'read', value: 1 },
        { f: 'read', value: 1 },
      ]),
    );
    expect(judge(reads, 'register')).toMatchObject({
      keys: { k: { verdict: 'not-exercised', because: 'no change was acknowledged' } },
    });
  });

  test('says unknown, and never a pass, where its time or its memory is over', () => {
    const busy = historyOf(
      Array.from({ length: 40 }, (_, n): Row => ({
        f: n % 2 === 0 ? 'write' : 'read',
        session: n,
        value: n % 3,
        call: 0,
        ret: 100,
      })),
    );
    for (const limits of [{ budgetUs: 0 }, { mostBytes: 0 }])
      expect(judge(busy, 'register', limits)).toMatchObject({ verdict: 'unknown', findings: [] });
    const ever = { init: 0, step: (state: unknown) => (state as number) + 1, equal: () => false, hash: () => 0 };
    expect(judge(busy, 'custom', { custom: ever, mostBytes: 5000 }).keys).toEqual({
      k: { verdict: 'unknown', because: 'the search ran out of its 0 MiB after 0 of 40 operations' },
    });
  });

  test('without one clock believes only what needs none, and the order within each session', () => {
    const history = historyOf([
      { f: 'write', value: 1, session: 0, call: 0, ret: 1 },
      { f: 'write', value: 2, session: 0, call: 2, ret: 3 },
      { f: 'read', value: 1, session: 1, call: 4, ret: 5 },
      { f: 'read', value: 2, session: 1, call: 0, ret: 20 },
    ]);
    const is = { initial: 0, final: NaN };
    expect(judge(history, 'register', { is }).verdict).toBe('violated');
    expect(judge(history, 'register', { is, isOneClock: false })).toMatchObject({
      keys: { k: { verdict: 'violated' } },
      findings: [{ rule: 'coherence', evidence: 'session' }],
    });
    const other = { ...history, session: Uint32Array.from([0, 0, 1, 2]) };
    expect(judge(other, 'register', { is, isOneClock: false }).verdict).toBe('no-violation-found');
  });

  test('accuses nobody of what may be right by an initial value that is not known, and which is written again', () => {
    const twice: readonly Row[] = [
      { f: 'cas', operand: 1, value: 2, session: 0, call: 0, ret: 9 },
      { f: 'cas', operand: 1, value: 3, session: 1, call: 0, ret: 9 },
      { f: 'write', value: 1, session: 2, call: 0, ret: 9 },
    ];
    expect(judge(historyOf(twice), 'cas-register').verdict).toBe('consistent');
    expect(judge(historyOf(twice), 'cas-register', { isOneClock: false }).verdict).toBe('no-violation-found');
    // One of the two values was the initial one, and not both.
    const other = twice.map((row): Row => ({
      ...row,
      session: row.session! + 3,
      value: row.value! + 10,
      ...(row.operand !== undefined && { operand: row.operand + 10 }),
    }));
    const history = historyOf([...twice, ...other]);
    for (const isOneClock of [true, false])
      expect(judge(history, 'cas-register', { isOneClock })).toMatchObject({
        verdict: 'violated',
        findings: [{ rule: 'lost-update', evidence: 'clock-free', operations: [2, 0, 1, 5, 3, 4], atLeast: 1 }],
      });
  });

  test('orders no versions that are texts, whatever session saw them', () => {
    const [a, b] = [firstName, firstName - 1];
    const rows: readonly Row[] = [
      { f: 'write', value: 5, version: a, session: 0, call: 0, ret: 9 },
      { f: 'write', value: 6, version: b, session: 1, call: 5, ret: 19 },
      { f: 'read', value: 5, version: a, session: 2, call: 6, ret: 8 },
      { f: 'read', value: 6, version: b, session: 2, call: 20, ret: 29 },
    ];
    const history = { ...historyOf(rows), names: ['"z"', '"a"'] };
    expect(judge(history, 'register', { isOneClock: false })).toMatchObject({ verdict: 'no-violation-found' });
    const back = { ...history, value: Float64Array.from([5, 6, 6, 5]), version: Float64Array.from([a, b, b, a]) };
    const is = { initial: 0, final: 6 };
    expect(judge(back, 'register', { is, isOneClock: false })).toMatchObject({
      verdict: 'violated',
      findings: [{ rule: 'monotonic-reads', evidence: 'session' }],
    });
  });

  test('finds a version that was made twice where another answer told none', () => {
    const history = historyOf(
      overlapping([
        { f: 'write', value: 5, version: 1 },
        { f: 'write', value: 6, version: 1 },
        { f: 'write', value: 7 },
      ]),
    );
    expect(judge(history, 'register')).toMatchObject({
      verdict: 'violated',
      findings: [
        { rule: 'forked-version', evidence: 'clock-free', operations: [0, 1] },
        { rule: 'two-contents-of-one-version' },
      ],
    });
  });

  test('does not take for a value what a compare-and-swap was built on where none was answered, and no answer told a version', () => {
    const rows: readonly Row[] = [
      { f: 'write', value: 5, session: 0, call: 0, ret: 9 },
      { f: 'write', value: 6, session: 1, call: 5, ret: 9 },
      { f: 'cas', operand: 3, value: 7, status: info, session: 2, call: 10, ret: Infinity },
      { f: 'read', value: 7, session: 0, call: 20, ret: 29 },
    ];
    const is = { initial: 0, final: NaN };
    expect(judge(historyOf(rows), 'cas-register', { is })).toMatchObject({
      verdict: 'no-violation-found',
      keys: { k: { because: expect.stringContaining('built on versions or on values') as string } },
    });
    // What nobody saw may not have happened, whatever it was built on.
    expect(judge(historyOf(rows.slice(0, 3)), 'cas-register', { is }).verdict).toBe('consistent');
  });

  test('ends where what was read is not known', () => {
    const rows = overlapping([
      { f: 'write', value: 5 },
      { f: 'write', value: 5 },
      { f: 'read', value: absent },
      { f: 'read', value: absent },
      { f: 'read', value: 6 },
      { f: 'read', value: 7 },
    ]);
    expect(judge(historyOf(rows), 'register', { is: { initial: 0, final: NaN } }).verdict).toBe('violated');
    const later: Row = { f: 'read', value: 0, session: 7, call: 100, ret: 101 };
    expect(judge(historyOf([...rows.slice(0, 4), later]), 'register', { is: { initial: 0, final: NaN } }).verdict).toBe(
      'violated',
    );
  });

  test('takes the balances of accounts from what is known of their names', () => {
    const builder = new HistoryBuilder();
    const [bank, transfer] = [builder.key('bank'), operations.indexOf('transfer')];
    const [alice, bob] = [builder.value('alice'), builder.value('bob')];
    builder.append(bank, 0, transfer, ok, 0, 10, alice, 30, bob);
    builder.append(bank, 1, transfer, ok, 5, 15, bob, 10, alice);
    const history = builder.history();
    const known =
      (final: number) =>
      (key: string): Known =>
        key === 'alice' ? { initial: 100, final } : { initial: NaN, final: NaN };
    expect(judge(history, 'transfer', { known: known(80) }).verdict).toBe('no-violation-found');
    expect(judge(history, 'transfer', { known: known(70) })).toMatchObject({
      verdict: 'violated',
      findings: [{ rule: 'account-balance', atLeast: 1 }],
    });
  });

  test.each([
    ['mutex', [{ f: 'acquire' }, { f: 'acquire' }], 'held-twice'],
    [
      'allocation',
      [
        { f: 'acquire', value: 7 },
        { f: 'acquire', value: 7 },
      ],
      'allocated-twice',
    ],
    [
      'issue',
      [
        { f: 'issue', value: 7 },
        { f: 'issue', value: 7 },
      ],
      'issued-twice',
    ],
    [
      'append-log',
      [
        { f: 'append', value: 7, version: 3 },
        { f: 'append', value: 8, version: 3 },
      ],
      'not-a-prefix',
    ],
    ['stock', [{ f: 'take' }, { f: 'take' }, { f: 'take' }], 'oversold'],
    [
      'counter',
      [
        { f: 'add', value: 3 },
        { f: 'add', value: 3 },
      ],
      'told-twice',
    ],
  ] as const)('finds what is wrong with %s', (model, rows, rule) => {
    const found = judge(historyOf(overlapping(rows)), model, { is: { initial: 2, final: NaN } });
    expect(found.verdict).toBe('violated');
    expect(found.findings.map((one) => one.rule)).toContain(rule);
  });
});

const rowOf = (history: History, row: number): Row => ({
  f: operations[history.f[row]!]!,
  session: history.session[row]!,
  call: history.call[row]!,
  ret: history.ret[row]!,
  value: history.value[row]!,
  operand: history.operand[row]!,
});
