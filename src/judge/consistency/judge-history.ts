import { wholeIn } from '../../core/exact/whole.ts';
import { writeJson } from '../../core/exact/write.ts';
import type { About, CarriedRows } from '../../core/history/about.ts';
import type { History } from '../../core/history/history.ts';
import type { Json } from '../../core/json.ts';
import {
  consistencyVerdicts,
  type ConsistencyVerdict,
  type DataFinding,
  worstFirst,
} from '../../core/result/finding.ts';
import type { Wrong } from '../../core/result/result.ts';
import type { ReadTwice } from '../../core/slot.ts';
import { accountNames } from './accounts.ts';
import { reconsider } from './carried/reconsider.ts';
import { rowsFrom } from './carried/rows.ts';
import { acknowledgedByKey, withAcknowledged, wrongGrants } from './damage.ts';
import { openOrder } from './clocks/open-order.ts';
import { widenedByClocks } from './clocks/widened.ts';
import type { Known } from './engines/engine.ts';
import type { LogLists } from './engines/lists/places.ts';
import type { HistoryVerdict, VerifyOptions } from './history-verdict.ts';
import type { ModelName } from './model-names.ts';
import { grouped } from './engines/phrase.ts';
import { plainFinding } from './plain-finding.ts';
import { ValueNumbers } from './values/value-numbers.ts';
import { verify } from './verify.ts';

/** Models that add changes up, so that what was lost can be counted. */
export const sumsOf: { readonly [model: string]: true } = { 'counter': true, 'rmw-counter': true, 'stock': true };

/** A history that was judged together with the values that were read around it. */
export interface JudgedHistory {
  /** Includes names for those values. */
  readonly history: History;
  readonly verdict: ConsistencyVerdict;
  /** Why, if there is more to say. */
  readonly because?: string;
  readonly findings: readonly DataFinding[];
  /** For a model with grants. */
  readonly wrong?: Wrong;
  /** What the operations say; its counts cover only those of the slot. */
  readonly judged: HistoryVerdict;
  /** The keys or accounts that the operations of the slot concern. */
  readonly touched: readonly string[];
  readonly values: ReadonlyMap<string, ReadTwice>;
  readonly known: (key: string) => Known;
}

/** How it is judged. */
export interface JudgeOptions extends Omit<VerifyOptions, 'known' | 'lists'> {
  /** The value of every key before the load, instead of what was read. */
  readonly initial?: Json | undefined;
}

/**
 * Checks a history against its model and the values that were read before and after it: what a run says of a slot, and `verify` of the file
 * kept of it.
 *
 * @throws {ContendError} ERR_USAGE if a custom model throws
 */
export const judgeHistory = (operations: History, about: About, options: JudgeOptions): JudgedHistory => {
  const { model } = options;
  const values = valuesOf(about, options.initial);
  const numbers = new ValueNumbers(operations);
  const { history, clocks } = widenedByClocks({ ...operations, names: numbers.names }, model === 'transfer');
  const carried = about.carried ?? { rows: 0 };
  const lists = (key: string): LogLists => numbers.lists(values.get(key));
  const isOneClock = options.isOneClock !== false && clocks?.errorNs !== null;
  const judge = (some: History, { known }: Around): HistoryVerdict =>
    verify(some, { ...options, isOneClock, known, lists });
  const own = rowsFrom(history, carried.rows);
  const alone = aroundOf(model, numbers, values, touchedBy(model, own, carried.rows > 0));
  const first = judge(own, alone);
  const again = about.carried === undefined ? [] : toReconsider(model, history, carried, first, alone);
  const around =
    again.length > 0 && model === 'transfer'
      ? aroundOf(model, numbers, values, touchedBy(model, history, false))
      : alone;
  const second = reconsider(history, carried, { model, keys: again }, (some) => judge(some, around));
  const alike = together(first, second.keys);
  const judged = clocks === undefined ? alike : { ...alike, exposure: { ...alike.exposure, clocks } };
  const isAgain = new Set(again);
  const foreign = around.foreign.filter(({ key }) => !isAgain.has(key));
  const acknowledged = acknowledgedByKey(history, model, carried.rows);
  const found = [
    ...first.findings.filter(({ key }) => !isAgain.has(key)).map(({ key, ...one }) => plainFinding(own, one, key)),
    ...second.findings.map(({ key, ...one }) => plainFinding(second.history, one, key)),
    ...foreign,
  ];
  const findings = worstFirst(withAcknowledged(found, acknowledged, model));
  const wrong = wrongGrants(findings, acknowledged, model);
  const doubt = about.doubt ?? around.unsure ?? openOrder(model, options, clocks);
  const verdict = verdictOf(findings.length > 0 ? 'violated' : judged.verdict, doubt);
  const because = verdict === 'unknown' && doubt !== undefined ? doubt : reasonOf(judged, verdict);
  return {
    history,
    verdict,
    ...(because === undefined ? {} : { because }),
    findings,
    ...(wrong === undefined ? {} : { wrong }),
    judged,
    touched: touchedBy(model, own, carried.rows > 0),
    values,
    known: around.known,
  };
};

/** What is known apart from the operations, for these keys or accounts. */
interface Around {
  readonly known: (key: string) => Known;
  /** Why sums cannot be checked against the values. */
  readonly unsure: string | undefined;
  readonly foreign: readonly DataFinding[];
}

const aroundOf = (
  model: ModelName,
  numbers: ValueNumbers,
  values: ReadonlyMap<string, ReadTwice>,
  touched: readonly string[],
): Around => {
  const unsure = unfitOf(model, values, touched);
  const foreign = foreignWrites(touched, values);
  const known = (key: string): Known => {
    if (unsure !== undefined) return { initial: NaN, final: NaN };
    if (model !== 'transfer' || key !== whole) return numbers.known(values.get(key));
    const total = totalOf(values);
    // A foreign write is reported by itself, and it makes the total wrong.
    return foreign.length === 0 ? total : { ...total, final: NaN };
  };
  return { known, unsure, foreign };
};

/** The keys, or accounts, that operations concern. @param isPart if the history also has keys of other operations */
const touchedBy = (model: ModelName, history: History, isPart: boolean): readonly string[] => {
  if (model === 'transfer') return [...accountNames(history).values()];
  if (!isPart) return history.keys;
  const touched = new Set(history.key);
  return history.keys.filter((_, key) => touched.has(key));
};

/** The keys that are wrong by the operations of the slot alone and that changes of earlier slots concern. */
const toReconsider = (
  model: ModelName,
  { key, keys }: History,
  { rows, more }: CarriedRows,
  { keys: verdicts }: HistoryVerdict,
  { foreign }: Around,
): readonly string[] => {
  const violated = Object.keys(verdicts).filter((one) => verdicts[one]!.verdict === 'violated');
  const wrong = [...new Set([...violated, ...foreign.map((one) => one.key)])];
  if (model === 'transfer') return wrong.length > 0 ? [...new Set([whole, ...violated])] : [];
  const about = new Set(Array.from(key.subarray(0, rows), (one) => keys[one]!));
  return more === undefined ? wrong.filter((one) => about.has(one)) : wrong;
};

/** Replaces the verdicts of keys that were judged again. */
const together = (first: HistoryVerdict, again: HistoryVerdict['keys']): HistoryVerdict => {
  const keys = { ...first.keys, ...again };
  const words = Object.values(keys).map(({ verdict }) => verdict);
  const verdict = consistencyVerdicts.find((one) => one !== 'not-exercised' && words.includes(one)) ?? 'not-exercised';
  return { ...first, keys, verdict };
};

const valuesOf = ({ initial, final }: About, instead: Json | undefined): ReadonlyMap<string, ReadTwice> => {
  const [before, after] = [new Map(Object.entries(initial)), new Map(Object.entries(final))];
  const keys = new Set([...before.keys(), ...after.keys()]);
  return new Map(Array.from(keys, (key) => [key, [instead === undefined ? before.get(key) : instead, after.get(key)]]));
};

/** Why sums cannot be checked against these values. */
const unfitOf = (
  model: ModelName,
  values: ReadonlyMap<string, ReadTwice>,
  touched: readonly string[],
): string | undefined => {
  if (model !== 'transfer' && model !== 'once' && !Object.hasOwn(sumsOf, model)) return undefined;
  for (const [key, both] of values) {
    const broken = both.find(
      (value) => typeof value === 'bigint' || (typeof value === 'number' && !Number.isSafeInteger(value)),
    );
    if (broken !== undefined)
      return wholeIn(broken) === undefined
        ? `the value of ${key} is ${writeJson(broken)}, which is not a whole number: count in the smallest unit`
        : `the value of ${key} is ${wholeIn(broken)}, beyond 2^53: put it in quotes or count in smaller numbers`;
  }
  const unread = model === 'transfer' ? touched.find((account) => !values.has(account)) : undefined;
  return unread === undefined ? undefined : `transfers name the account ${unread}, which "key" does not read`;
};

/** The key under which transfers are judged: all accounts together. */
const whole = 'all';

/** Of all accounts together; NaN if one could not be read. */
const totalOf = (values: ReadonlyMap<string, ReadTwice>): Known => {
  const total = (at: 0 | 1): number => [...values.values()].reduce((sum, both) => sum + Number(both[at] ?? NaN), 0);
  return { initial: total(0), final: total(1) };
};

const told = (value: Json): string => (typeof value === 'number' ? grouped(value) : writeJson(value));

/** Values that changed although nothing in this run touched them. */
const foreignWrites = (keys: Iterable<string>, values: ReadonlyMap<string, ReadTwice>): readonly DataFinding[] => {
  const touched = new Set(keys);
  return [...values].flatMap(([key, [before, after]]): DataFinding[] => {
    const isSame = writeJson(before) === writeJson(after);
    if (touched.has(key) || isSame || before === undefined || after === undefined) return [];
    const sums = `It was ${told(before)}, and is ${told(after)} afterwards.`;
    return [
      {
        key,
        rule: 'unexplained-change',
        evidence: 'clock-free',
        operations: [],
        because: [sums, 'Nothing in this run changed it: a foreign write.'],
        atLeast: 1,
        atMost: null,
      },
    ];
  });
};

const verdictOf = (verdict: ConsistencyVerdict, doubt: string | undefined): ConsistencyVerdict =>
  doubt === undefined || verdict === 'violated' ? verdict : 'unknown';

/** The reason of the first key with this verdict; the key is named if others have another reason. */
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
