import type { About } from '../../core/history/about.ts';
import { askedAt, fail, type History, info, nameOf, ok, operations, valueOf } from '../../core/history/history.ts';
import { leavesInWords } from '../../core/leaves.ts';
import type { ConsistencyVerdict, DataFinding, HistoryCoverage } from '../../core/result/finding.ts';
import { compileHolds, type Holds, type Named } from '../../template/holds.ts';
import { during, picked } from './engines/columns/scratch.ts';
import { at, firstFrom, indexes, justAbove, sortNumbers } from './engines/columns/sorted.ts';
import { pairsOf } from './exposure.ts';
import { plainFinding } from './plain-finding.ts';

/** What the answers to an invariant say. */
export interface JudgedInvariant {
  readonly verdict: ConsistencyVerdict;
  readonly because?: string;
  readonly findings: readonly DataFinding[];
  readonly coverage: HistoryCoverage;
  /** Answers that told whether it holds, while changes known to be done were under way. */
  readonly underWay: number;
}

const [askOf, changeOf] = (['ask', 'change'] as const).map((f) => operations.indexOf(f)) as [number, number];

/** What an invariant is about: everything. */
const whole = 'all';

/** How many changes a certificate shows with the answers. */
const mostChanges = 6;

/**
 * Checks the answers to an invariant against its expressions. A broken one is wrong in itself and needs neither a clock nor another answer.
 *
 * A mode is not blamed for what was broken before its load began: an earlier slot may have left it so.
 */
export const judgeInvariant = (history: History, { that = [], doubt, incomplete }: About): JudgedInvariant => {
  const { f, status, operand } = history;
  const rows = indexes(history.length);
  const changes = picked(rows, (row) => f[row] === changeOf && status[row] !== fail).slice();
  const done = picked(changes, (row) => status[row] === ok).slice();
  const asks = Array.from(picked(rows, (row) => f[row] === askOf)).toSorted(
    (a, b) => history.call[a]! - history.call[b]!,
  );
  const answered = asks.filter((row) => status[row] === ok);
  const told = toldBy(history, that);
  const sure = answered.filter((row) => typeof told(row) === 'boolean');
  const broken = sure.filter((row) => told(row) === false);
  const first = answered.find((row) => operand[row] === askedAt.before);
  const countOf = (outcome: number): number => changes.reduce((sum, row) => sum + (status[row] === outcome ? 1 : 0), 0);
  const coverage = {
    operations: changes.length + asks.length,
    keys: 1,
    keysDecided: 1,
    acknowledged: countOf(ok),
    unknown: countOf(info),
    reads: answered.length,
  };
  const underWay = during(() => countUnderWay(history, done, sure));
  const judged = (
    verdict: ConsistencyVerdict,
    because?: string,
    findings: readonly DataFinding[] = [],
  ): JudgedInvariant => ({
    verdict,
    ...(because !== undefined && { because }),
    findings,
    coverage: { ...coverage, keysDecided: verdict === 'unknown' ? 0 : 1 },
    underWay,
  });
  if (incomplete !== undefined) return judged('unknown', incomplete);
  if (first !== undefined && broken.includes(first)) {
    const why = whyBroken(valuesOf(history, first), that);
    return judged('unknown', `it was broken before the load began: ${why}; steps under "before:" can put it right`);
  }
  if (broken.length > 0)
    return judged('violated', undefined, [certificateOf(history, { sure, broken, changes }, that)]);
  const unsure = answered.map(told).find((one) => typeof one === 'string');
  const open = doubt ?? unsure ?? (answered.some((row) => operand[row] === askedAt.after) ? undefined : neverAfter);
  if (open !== undefined) return judged('unknown', open);
  const untested = untestedBy(history, done, coverage, underWay);
  return untested === undefined
    ? judged('no-violation-found', askedWords(underWay, answered.length))
    : judged('not-exercised', untested);
};

const neverAfter = 'it could not be checked after the load';

/** How often an invariant was checked, in words. @param all answers, including those while changes were under way */
export const askedWords = (underWay: number, all: number): string =>
  `it held each time: asked ${times(underWay)} while changes were under way, ${times(all - underWay)} while none were`;

const times = (count: number): string => (count === 1 ? 'once' : `${count.toLocaleString('en')} times`);

const untestedBy = (
  history: History,
  done: Uint32Array,
  { acknowledged, unknown }: HistoryCoverage,
  underWay: number,
): string | undefined => {
  if (acknowledged === 0) return 'no change was acknowledged';
  if (unknown > acknowledged)
    return `${unknown} changes are of unknown outcome, and only ${acknowledged} are known to have happened`;
  return underWay === 0 && pairsOf(history, done) === 0
    ? 'no two changes were under way at once, and it was not checked during one'
    : undefined;
};

/** What each answer says; computed once for answers with the same content. */
const toldBy = (history: History, that: readonly string[]): ((row: number) => boolean | string) => {
  const each = that.map(compileHolds);
  const known = new Map<number, boolean | string>();
  return (row) => {
    const value = history.value[row]!;
    const found = known.get(value) ?? toldOf(each, valuesOf(history, row));
    known.set(value, found);
    return found;
  };
};

const toldOf = (each: readonly Holds[], values: Named): boolean | string => {
  for (const holds of each) {
    const found = holds(values);
    if (found !== true) return found;
  }
  return true;
};

const valuesOf = (history: History, row: number): Named => {
  const value = history.value[row]!;
  return nameOf(value) < 0 ? {} : (valueOf(history, value) as Named);
};

/** How many of these answers came while a change was under way, one that had begun before the answer and not ended before the question. */
const countUnderWay = (history: History, done: Uint32Array, asks: readonly number[]): number => {
  const calls = sortNumbers(at(done, history.call));
  const rets = sortNumbers(at(done, history.ret));
  return asks.filter((row) => firstFrom(calls, justAbove(history.ret[row]!)) - firstFrom(rets, history.call[row]!) > 0)
    .length;
};

interface Answers {
  /** Those that tell whether it holds, in the order in which they were asked. */
  readonly sure: readonly number[];
  readonly broken: readonly number[];
  readonly changes: Uint32Array;
}

/** The first broken answer, the last before it that was not, and the changes in between. */
const certificateOf = (history: History, { sure, broken, changes }: Answers, that: readonly string[]): DataFinding => {
  const { call, ret } = history;
  const [wrong] = broken as readonly [number, ...number[]];
  const held = sure.filter((row) => row !== wrong && call[row]! < call[wrong]!).at(-1);
  const from = held === undefined ? -Infinity : call[held]!;
  const between = Array.from(changes)
    .filter((row) => call[row]! <= ret[wrong]! && ret[row]! >= from)
    .toSorted((a, b) => call[a]! - call[b]!);
  // Those begun before the question was asked are more likely.
  const before = between.filter((row) => call[row]! <= call[wrong]!);
  const shown = (before.length > 0 ? before : between).slice(-mostChanges);
  const rows = [...(held === undefined ? [] : [held]), ...shown, wrong].toSorted((a, b) => call[a]! - call[b]!);
  const finding = plainFinding(
    history,
    {
      rule: 'invariant-broken',
      evidence: 'clock-free',
      operations: rows,
      because: [
        `It was answered ${whyBroken(valuesOf(history, wrong), that)}.`,
        ...(held === undefined
          ? []
          : [`It held when it was asked before, with ${leavesInWords(valuesOf(history, held))}.`]),
        ...(between.length > shown.length
          ? [`${between.length.toLocaleString('en')} changes lie in between: ${shown.length} are shown.`]
          : []),
      ],
      atLeast: broken.length,
      atMost: null,
      asked: { broken: broken.length, of: sure.length },
    },
    whole,
  );
  return {
    ...finding,
    operations: finding.operations.map(({ operand: _when, ...one }, place) => ({
      ...one,
      ...(one.f === 'ask' ? { session: 'observer' } : { value: history.keys[history.key[rows[place]!]!]! }),
    })),
  };
};

/** The values that an invariant reads, and which of its expressions they break. */
const whyBroken = (values: Named, that: readonly string[]): string => {
  const source = that.find((one) => compileHolds(one)(values) === false) ?? that[0]!;
  return `${leavesInWords(values)}, and so ${source} does not hold`;
};
