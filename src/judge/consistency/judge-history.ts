import { wholeIn } from '../../core/exact/whole.ts';
import { writeJson } from '../../core/exact/write.ts';
import type { About } from '../../core/history/about.ts';
import type { History } from '../../core/history/history.ts';
import type { Json } from '../../core/json.ts';
import type { ConsistencyVerdict, DataFinding } from '../../core/result/finding.ts';
import type { ReadTwice } from '../../core/slot.ts';
import { accountNames } from './accounts.ts';
import type { Known } from './engines/engine.ts';
import type { LogLists } from './engines/lists/places.ts';
import type { HistoryVerdict, VerifyOptions } from './history-verdict.ts';
import type { ModelName } from './model-names.ts';
import { plainFinding } from './plain-finding.ts';
import { ValueNumbers } from './value-numbers.ts';
import { verify } from './verify.ts';

/** Models that add changes up, so that what was lost can be counted. */
export const sumsOf: { readonly [model: string]: true } = { 'counter': true, 'rmw-counter': true, 'stock': true };

/** A history that was judged together with the values that were read around it. */
export interface JudgedHistory {
  /** With names for those values, too. */
  readonly history: History;
  readonly verdict: ConsistencyVerdict;
  /** Why it is that, where there is more to say. */
  readonly because?: string;
  readonly findings: readonly DataFinding[];
  /** What the operations alone say. */
  readonly judged: HistoryVerdict;
  /** The keys or accounts that the operations are about. */
  readonly touched: readonly string[];
  readonly values: ReadonlyMap<string, ReadTwice>;
  readonly known: (key: string) => Known;
}

/** How it is judged. */
export interface JudgeOptions extends Omit<VerifyOptions, 'known' | 'lists'> {
  /** What every key had before the load, in place of what was read. */
  readonly initial?: Json | undefined;
}

/**
 * Holds a history against its model and the values that were read before and after it: what a run says of a slot, and
 * `verify` of the file that was kept of it.
 *
 * @throws {ContendError} ERR_USAGE where a custom model throws
 */
export const judgeHistory = (operations: History, about: About, options: JudgeOptions): JudgedHistory => {
  const { model } = options;
  const values = valuesOf(about, options.initial);
  const numbers = new ValueNumbers(operations);
  const history = { ...operations, names: numbers.names };
  const touched = model === 'transfer' ? [...accountNames(history).values()] : history.keys;
  const unsure = unfitOf(model, values, touched);
  const foreign = foreignWrites(touched, values);
  const known = (key: string): Known => {
    if (unsure !== undefined) return { initial: NaN, final: NaN };
    if (model !== 'transfer' || key !== whole) return numbers.known(values.get(key));
    const total = totalOf(values);
    // What somebody else wrote is told by itself, and the total is off by it.
    return foreign.length === 0 ? total : { ...total, final: NaN };
  };
  const lists = (key: string): LogLists => numbers.lists(values.get(key));
  const judged = verify(history, { ...options, known, lists });
  const findings = [...judged.findings.map(({ key, ...finding }) => plainFinding(history, finding, key)), ...foreign];
  const doubt = about.doubt ?? unsure;
  const verdict = verdictOf(findings.length > 0 ? 'violated' : judged.verdict, doubt);
  const because = verdict === 'unknown' && doubt !== undefined ? doubt : reasonOf(judged, verdict);
  return {
    history,
    verdict,
    ...(because === undefined ? {} : { because }),
    findings,
    judged,
    touched,
    values,
    known,
  };
};

const valuesOf = ({ initial, final }: About, instead: Json | undefined): ReadonlyMap<string, ReadTwice> => {
  const [before, after] = [new Map(Object.entries(initial)), new Map(Object.entries(final))];
  const keys = new Set([...before.keys(), ...after.keys()]);
  return new Map(Array.from(keys, (key) => [key, [instead === undefined ? before.get(key) : instead, after.get(key)]]));
};

/** Why sums cannot be held against these values. */
const unfitOf = (
  model: ModelName,
  values: ReadonlyMap<string, ReadTwice>,
  touched: readonly string[],
): string | undefined => {
  if (model !== 'transfer' && !Object.hasOwn(sumsOf, model)) return undefined;
  for (const [key, both] of values) {
    const broken = both.find(
      (value) => typeof value === 'bigint' || (typeof value === 'number' && !Number.isSafeInteger(value)),
    );
    if (broken !== undefined)
      return wholeIn(broken) === undefined
        ? `the value of ${key} is ${writeJson(broken)}, no whole number: sums are counted in the smallest unit`
        : `the value of ${key} is ${wholeIn(broken)}, beyond 2^53: put it in quotes or count in smaller numbers`;
  }
  const unread = model === 'transfer' ? touched.find((account) => !values.has(account)) : undefined;
  return unread === undefined ? undefined : `transfers name the account ${unread}, which "key" does not read`;
};

/** What transfers are judged as: all accounts together. */
const whole = 'all';

/** Of all accounts together; NaN where one could not be read. */
const totalOf = (values: ReadonlyMap<string, ReadTwice>): Known => {
  const total = (at: 0 | 1): number => [...values.values()].reduce((sum, both) => sum + Number(both[at] ?? NaN), 0);
  return { initial: total(0), final: total(1) };
};

/** Values that changed although nobody in this run touched them. */
const foreignWrites = (keys: Iterable<string>, values: ReadonlyMap<string, ReadTwice>): readonly DataFinding[] => {
  const touched = new Set(keys);
  return [...values].flatMap(([key, [before, after]]): DataFinding[] => {
    const isSame = writeJson(before) === writeJson(after);
    if (touched.has(key) || isSame || before === undefined || after === undefined) return [];
    const sums = `It was ${writeJson(before)}, and is ${writeJson(after)} afterwards.`;
    return [
      {
        key,
        rule: 'unexplained-change',
        evidence: 'clock-free',
        operations: [],
        because: [sums, 'Nobody changed it in this run: a foreign write.'],
        atLeast: 1,
        atMost: null,
      },
    ];
  });
};

const verdictOf = (verdict: ConsistencyVerdict, doubt: string | undefined): ConsistencyVerdict =>
  doubt === undefined || verdict === 'violated' ? verdict : 'unknown';

/** The reason that the first key with this verdict gives; its name is told where others have another. */
const reasonOf = ({ keys }: HistoryVerdict, verdict: ConsistencyVerdict): string | undefined => {
  const reasons = Object.entries(keys).flatMap(([key, one]) =>
    one.verdict === verdict && one.because !== undefined ? [{ key, because: one.because }] : [],
  );
  const [first] = reasons;
  if (first === undefined) return undefined;
  return reasons.every(({ because }) => because === first.because)
    ? first.because
    : `key ${first.key}: ${first.because}`;
};
