import { describe, expect, test } from 'vitest';
import { checkCertificate } from '../../../../src/judge/consistency/check-certificate.ts';
import type { Subject } from '../../../../src/judge/consistency/check-certificate.ts';
import type { History } from '../../../../src/core/history/history.ts';
import type { Contradiction, Known } from '../../../../src/judge/consistency/engines/engine.ts';
import { allocation } from '../../../../src/judge/consistency/engines/holds/allocation.ts';
import { appendLog } from '../../../../src/judge/consistency/engines/lists/append-log.ts';
import { holdsOf } from '../../../../src/judge/consistency/engines/holds/held.ts';
import { mutex } from '../../../../src/judge/consistency/engines/holds/mutex.ts';
import { overlaps } from '../../../../src/judge/consistency/engines/holds/overlaps.ts';
import { issued } from '../../../../src/judge/consistency/engines/lists/issued.ts';
import { lostUpdates } from '../../../../src/judge/consistency/engines/amounts/lost-updates.ts';
import { transfers } from '../../../../src/judge/consistency/engines/amounts/transfers.ts';
import { isLinearizable } from '../oracle.ts';
import type { Model } from '../oracle.ts';
import { allRows, dice, historyOf } from '../small-history.ts';
import type { Row } from '../small-history.ts';

type Die = (limit: number) => number;
const unknown = { initial: NaN, final: NaN };

const lockModel = (mayAnybodyRelease: boolean): Model<number> => ({
  init: () => -1,
  step: (holder, { f, version }) => {
    if (f === 'acquire') return holder === -1 ? version : undefined;
    return mayAnybodyRelease || holder === version ? -1 : holder;
  },
  equal: (a, b) => a === b,
});

/** Up to three holders, each acquiring and releasing by turns; `version` is the holder. */
const turns = (die: Die, isAnybody: boolean, isCertain: boolean): Row[] => {
  const rows: Row[] = [];
  for (let holder = 0; holder < 3; holder += 1) {
    let now = die(8);
    for (let n = die(4); n > 0 && rows.length < 8; n -= 1) {
      const [call, ret] = [now, now + die(4)];
      const status = (['ok', 'ok', 'ok', 'info', 'fail'] as const)[die(5)]!;
      const version = isAnybody && die(4) === 0 ? (holder + 1) % 3 : holder;
      const f = die(2) === 0 ? 'acquire' : 'release';
      if (isCertain && f === 'release' && status === 'info') continue;
      rows.push({ f, call, ret, status, session: holder, version });
      now = ret + 1 + die(5);
    }
  }
  return rows;
};

const certificates = { found: 0, rejected: 0, unexplained: [] as string[] };

/** Whether two operations of one holder began at the very same moment, so that nobody can say which one came first. */
const isAnyoneTwiceAtOnce = ({ call, session, version }: History): boolean => {
  const holder = version.some(Number.isNaN) ? session : version;
  return new Set(Array.from(call, (at, row) => `${holder[row]} ${at}`)).size < call.length;
};

/** How many contradictions there are; each is held against the check of certificates. */
const confirmed = (history: History, known: Known, subject: Subject, found: readonly Contradiction[]): number => {
  certificates.found += found.length;
  const rejected = found.filter((finding) => !checkCertificate(history, known, subject, finding));
  certificates.rejected += rejected.length;
  if (rejected.length === found.length && found.length > 0 && !isAnyoneTwiceAtOnce(history))
    certificates.unexplained.push(JSON.stringify([rejected, subject, history]));
  return found.length;
};

/** How many runs of these were illegal, of `runs`; fails where the verdict and the truth disagree. */
const disagreements = (
  seed: number,
  runs: number,
  one: (die: Die) => { readonly found: number; readonly isLegal: boolean; readonly rows: readonly Row[] },
  isExact = true,
): number => {
  const die = dice(seed);
  let illegal = 0;
  for (let run = 0; run < runs; run += 1) {
    const { found, isLegal, rows } = one(die);
    const isAgreed = isExact ? (found === 0) === isLegal : found === 0 || !isLegal;
    if (!isAgreed) expect.fail(`seed ${seed}, run ${run}: ${isLegal ? 'legal' : 'illegal'} ${JSON.stringify(rows)}`);
    if (!isLegal) illegal += 1;
  }
  return illegal;
};

/** Holds, issued numbers, logs, lost updates and transfers, each held against another judge on so many times 2,500 histories. */
export const countingTrials = (times: number): void => {
  describe('holds', () => {
    const judged = (die: Die, isCertain: boolean): { found: number; isLegal: boolean; rows: readonly Row[] } => {
      const rows = turns(die, false, isCertain);
      const history = historyOf(rows);
      const found = confirmed(
        history,
        unknown,
        { is: 'holds', leaseNs: Infinity },
        overlaps(history, allRows(history), holdsOf(history, allRows(history), Infinity), Infinity, 'held-twice'),
      );
      return { rows, found, isLegal: isLinearizable(history, allRows(history), unknown, lockModel(false)) };
    };

    test('of a lock agree with the oracle', () => {
      expect(disagreements(8001, 2500 * times, (die) => judged(die, true))).toBeGreaterThan(125 * times);
    });

    test('accuse no legal history where nobody knows what became of a release', () => {
      expect(disagreements(8008, 1250 * times, (die) => judged(die, false), false)).toBeGreaterThan(50 * times);
    });

    test('of what anybody may give back accuse no legal history', () => {
      const illegal = disagreements(
        8002,
        2500 * times,
        (die) => {
          const rows = turns(die, true, false);
          const history = historyOf(rows);
          const found = confirmed(
            history,
            unknown,
            { is: 'holds', leaseNs: Infinity },
            allocation()(history, allRows(history), unknown),
          );
          return { rows, found, isLegal: isLinearizable(history, allRows(history), unknown, lockModel(true)) };
        },
        false,
      );
      expect(illegal).toBeGreaterThan(125 * times);
    });

    test('end when the lease has lapsed, and their tokens rise', () => {
      const lease = historyOf([
        { f: 'acquire', call: 0, ret: 1, version: 5 },
        { f: 'acquire', call: 20, ret: 21, version: 4 },
      ]);
      expect(mutex(10)(lease, allRows(lease), unknown).map(({ rule }) => rule)).toEqual(['token-order']);
      expect(mutex(30)(lease, allRows(lease), unknown).map(({ rule }) => rule)).toEqual(['held-twice', 'token-order']);
    });
  });

  describe('issued', () => {
    test('agrees with a look at every pair', () => {
      const illegal = disagreements(8003, 2500 * times, (die) => {
        const rows = Array.from({ length: 1 + die(6) }, (_, i): Row => {
          const call = die(12);
          const status = (['ok', 'ok', 'ok', 'info', 'fail'] as const)[die(5)]!;
          return { f: 'issue', call, ret: call + die(5), status, value: status === 'ok' ? 1 + i + die(2) : NaN };
        });
        const history = historyOf(rows);
        const found = confirmed(
          history,
          unknown,
          { is: 'issued' },
          issued({ isOrdered: true, isDense: true })(history, allRows(history), unknown),
        );
        const done = rows.filter(({ status }) => status === 'ok');
        const values = done.map(({ value }) => value!);
        const left = done.length === 0 ? 0 : Math.max(...values) - Math.min(...values) + 1 - new Set(values).size;
        const isWrong = done.some((a) =>
          done.some((b) => a !== b && (a.value === b.value || (a.ret < b.call && a.value! > b.value!))),
        );
        return { rows, found, isLegal: !isWrong && left <= rows.filter(({ status }) => status === 'info').length };
      });
      expect(illegal).toBeGreaterThan(125 * times);
    });
  });

  describe('append log', () => {
    const log: Model<string> = {
      init: () => '',
      step: (list, { f, value, version }) => {
        const next = f === 'append' ? list + String(value) : list;
        if (!Number.isNaN(version) && version !== next.length) return undefined;
        return f === 'append' || version === 0 || Number.isNaN(value) || next.endsWith(String(value))
          ? next
          : undefined;
      },
      equal: (a, b) => a === b,
    };

    test('agrees with the oracle where the final list is known', () => {
      const illegal = disagreements(8004, 2500 * times, (die) => {
        let list: number[] = [];
        let moment = 0;
        const rows: Row[] = [];
        for (let n = 1 + die(6); n > 0; n -= 1) {
          moment += die(3);
          const times = { call: Math.max(0, moment - die(4)), ret: moment + die(4) };
          if (die(3) === 0) rows.push({ f: 'read', ...times, version: list.length, value: list.at(-1) ?? NaN });
          else {
            const status = (['ok', 'ok', 'ok', 'info', 'fail'] as const)[die(5)]!;
            if (status === 'ok' || (status === 'info' && die(2) === 0)) list.push(n);
            const version = status === 'ok' && die(2) === 0 ? list.length : NaN;
            rows.push({ f: 'append', ...times, status, value: n, version });
          }
        }
        const spoiled = die(6);
        const at = die(rows.length);
        if (spoiled === 0) rows.splice(at, 1);
        if (spoiled === 1) list = list.slice(1);
        if (spoiled === 2) list = list.toReversed();
        if (spoiled === 3) rows[at] = { ...rows[at]!, call: rows[at]!.call + 3, ret: rows[at]!.ret + 3 };
        const history = historyOf(rows);
        const known = { initial: 0, final: NaN };
        const lists = { initial: undefined, final: Float64Array.from(list) };
        const found = confirmed(
          history,
          known,
          { is: 'log', lists },
          appendLog(lists)(history, allRows(history), known),
        );
        // The final list, for the oracle: reads of each length are not enough, so the whole of it is the last state.
        const wholeLog: Model<string> = {
          ...log,
          step: (state, step) =>
            step.f === 'read' && step.value === -1
              ? state === list.join('')
                ? state
                : undefined
              : log.step(state, step),
        };
        return { rows, found, isLegal: isLinearizable(history, allRows(history), { initial: 0, final: -1 }, wholeLog) };
      });
      expect(illegal).toBeGreaterThan(125 * times);
    });
  });

  describe('lost updates', () => {
    test('are as many as were built on a value that another one was built on', () => {
      const die = dice(8005);
      for (let run = 0; run < 2500 * times; run += 1) {
        const rows = Array.from({ length: 1 + die(6) }, (): Row => {
          const operand = die(5);
          const status = (['ok', 'ok', 'info', 'fail'] as const)[die(4)]!;
          return { f: 'cas', call: die(9), ret: 9 + die(9), status, operand, value: operand + 1 };
        });
        const history = historyOf(rows);
        const done = rows.filter(({ status }) => status === 'ok').map(({ operand }) => operand);
        const [found] = lostUpdates(history, allRows(history), unknown);
        if (found !== undefined) confirmed(history, unknown, { is: 'amounts' }, [found]);
        if ((found?.atLeast ?? 0) !== done.length - new Set(done).size)
          expect.fail(`run ${run}: ${JSON.stringify(rows)}`);
        if (found === undefined) continue;
        const [a, b] = found.operations;
        expect(rows[a!]!.operand === rows[b!]!.operand && a !== b).toBe(true);
      }
    });
  });

  describe('transfers', () => {
    test('are explained if and only if some outcome of the unknown ones gives each balance, for amounts of one', () => {
      const illegal = disagreements(8006, 2500 * times, (die) => {
        const rows = Array.from({ length: die(6) }, (): Row => {
          const status = (['ok', 'ok', 'info', 'fail'] as const)[die(4)]!;
          const from = die(2);
          return { f: 'transfer', call: 0, ret: 1, status, value: from, version: 1 - from, operand: 1 };
        });
        const history = historyOf(rows);
        const [final, total] = [die(5) + 3, 10 + (die(8) === 0 ? 1 : 0)];
        const balances = new Map([[0, { initial: 5, final }]]);
        const known = { initial: 10, final: total };
        const found = transfers({ balances, least: 0 })(history, allRows(history), known);
        confirmed(history, known, { is: 'transfers', balances, least: 0 }, found);
        let ends = new Set([5]);
        for (const { status, value } of rows) {
          const moved = [...ends].map((level) => level + (value === 0 ? -1 : 1));
          if (status !== 'fail') ends = new Set(status === 'info' ? [...ends, ...moved] : moved);
        }
        return { rows, found: found.length, isLegal: ends.has(final) && total === 10 };
      });
      expect(illegal).toBeGreaterThan(125 * times);
    });

    test('show the first wrong snapshot beside the last good one and what was under way in between', () => {
      const history = historyOf([
        { f: 'read', call: 0, ret: 1, value: 100 },
        { f: 'transfer', call: 2, ret: 5, value: 0, version: 1, operand: 10 },
        { f: 'read', call: 3, ret: 4, value: 90 },
      ]);
      const [found] = transfers({ balances: new Map(), least: -Infinity })(history, allRows(history), {
        initial: 100,
        final: 100,
      });
      expect(found).toMatchObject({ rule: 'wrong-total', operations: [2, 0, 1], atLeast: 1, atMost: 1 });
    });
  });

  describe('certificates of all these', () => {
    test('pass the check, but for some that stand beside one which does, or where two operations of one holder were at the very same moment', () => {
      expect(certificates.found).toBeGreaterThan(500 * times);
      expect(certificates.rejected / certificates.found).toBeLessThan(0.005);
      expect(certificates.unexplained).toEqual([]);
    });
  });
};
