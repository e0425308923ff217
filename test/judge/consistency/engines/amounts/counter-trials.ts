import { describe, expect, test } from 'vitest';
import { checkCertificate } from '../../../../../src/judge/consistency/check-certificate.ts';
import type { Contradiction, Engine, Known } from '../../../../../src/judge/consistency/engines/engine.ts';
import { counter } from '../../../../../src/judge/consistency/engines/amounts/counter.ts';
import { stock } from '../../../../../src/judge/consistency/engines/amounts/stock.ts';
import { counter as counterModel, isLinearizable, stock as stockModel } from '../../oracle.ts';
import type { Model, Step } from '../../oracle.ts';
import { allRows, dice, historyOf } from '../../small-history.ts';
import type { Row } from '../../small-history.ts';

const judge = (engine: Engine, rows: readonly Row[], known: Known): readonly Contradiction[] => {
  const history = historyOf(rows);
  return engine(history, allRows(history), known);
};

type Die = (limit: number) => number;

/** A refusal, for the oracle, is a read of a stock that is too small for what was asked. */
const withRefusals: Model<number> = {
  ...stockModel,
  step: (level, step: Step) =>
    step.f === 'cas' ? (level < step.operand ? level : undefined) : stockModel.step(level, step),
};
const asReads = (rows: readonly Row[]): readonly Row[] =>
  rows.map((row) => (row.f === 'take' && row.status === 'fail' ? { ...row, f: 'cas', status: 'ok' } : row));

interface Case {
  readonly rows: readonly Row[];
  readonly known: Known;
}

/** Carries operations out one by one, each at a moment within its own time; then maybe spoils what was told. */
const simulate = (die: Die, isStock: boolean, sizes: readonly number[]): Case => {
  const start = isStock ? die(4) * sizes[0]! : die(3);
  let level = start;
  let rows: Row[] = [];
  let moment = 0;
  for (let n = 1 + die(7); n > 0; n -= 1) {
    moment += die(3);
    const [call, ret] = [Math.max(0, moment - die(4)), moment + die(4)];
    const size = sizes[die(sizes.length)]!;
    const kind = die(4);
    if (kind < 2) rows.push({ f: 'read', call, ret, value: level, status: die(9) === 0 ? 'info' : 'ok' });
    else if (isStock && level < size) rows.push({ f: 'take', call, ret, operand: size, status: 'fail' });
    else {
      const isUnknown = die(4) === 0;
      const isApplied = !isUnknown || die(2) === 0;
      if (isApplied) level += isStock ? -size : size;
      const told = !isUnknown && die(3) === 0 ? { value: level } : {};
      rows.push({ f: isStock ? 'take' : 'add', call, ret, operand: size, status: isUnknown ? 'info' : 'ok', ...told });
    }
    if (!isStock && die(10) === 0) rows.push({ f: 'add', call, ret, operand: size, status: 'fail' });
  }
  rows = rows.slice(0, 8);
  const at = die(rows.length);
  const one = rows[at]!;
  const shift = die(3) - 1;
  const spoiled = die(6);
  if (spoiled === 0) rows.splice(at, 1);
  else if (spoiled === 1) rows.push(one);
  else if (spoiled === 2 && one.value !== undefined) rows[at] = { ...one, value: one.value + shift };
  else if (spoiled === 3) rows[at] = { ...one, call: one.call + 3, ret: one.ret + 3 + die(2) };
  const final = die(2) === 0 ? NaN : level + (die(4) === 0 ? shift : 0);
  return { rows, known: { initial: start, final } };
};

const isLegal = ({ rows, known }: Case, isStock: boolean): boolean => {
  const history = historyOf(isStock ? asReads(rows) : rows);
  return isLinearizable(history, allRows(history), known, isStock ? withRefusals : counterModel);
};

const compare = (isStock: boolean, sizes: readonly number[], seed: number, runs: number, isExact: boolean): number => {
  const die = dice(seed);
  let illegal = 0;
  for (let run = 0; run < runs; run += 1) {
    const one = simulate(die, isStock, sizes);
    const isTrue = isLegal(one, isStock);
    const found = judge(isStock ? stock : counter, one.rows, one.known);
    const isAgreed = isExact ? (found.length === 0) === isTrue : found.length === 0 || !isTrue;
    if (!isAgreed)
      expect.fail(
        `seed ${seed}, run ${run}: ${isTrue ? 'legal' : 'illegal'} ${JSON.stringify({ one, found }, null, 1)}`,
      );
    const history = historyOf(one.rows);
    // One of several may rest on what only the others show.
    const isConfirmed = found.map((finding) => checkCertificate(history, one.known, { is: 'amounts' }, finding));
    if (found.length > 0 && !isConfirmed.includes(true))
      expect.fail(`seed ${seed}, run ${run}: not confirmed ${JSON.stringify({ one, found })}`);
    for (const { operations, because } of found) {
      expect(operations.length).toBeLessThanOrEqual(5);
      expect(because.length).toBeGreaterThan(0);
    }
    if (!isTrue) illegal += 1;
  }
  return illegal / runs;
};

/** Counters and stocks, held against trying all orders, on so many times 2,500 histories. */
export const counterTrials = (times: number): void => {
  describe('counter', () => {
    test('agrees with the oracle on histories of equal steps, told or not', () => {
      expect(compare(false, [1], 7001, 2500 * times, true)).toBeGreaterThan(0.1);
    });

    test('accuses no legal history of steps of several sizes, either way', () => {
      expect(compare(false, [1, -2, 3], 7002, 750 * times, false)).toBeGreaterThan(0.1);
      expect(compare(false, [1, 2], 7003, 750 * times, false)).toBeGreaterThan(0.1);
    });
  });

  describe('stock', () => {
    test('agrees with the oracle on histories of takes of one, refusals included', () => {
      expect(compare(true, [1], 7004, 2500 * times, true)).toBeGreaterThan(0.1);
    });

    test('accuses no legal history of takes of several sizes', () => {
      expect(compare(true, [1, 2], 7005, 750 * times, false)).toBeGreaterThan(0.1);
    });
  });
};
