import type { Clock } from '../../core/clock.ts';
import type { Promises } from '../../core/plan/plan.ts';
import type { ConsistencyVerdict } from '../../core/result/finding.ts';
import type { DataFinding } from '../../core/result/finding.ts';
import { HistoryBuilder } from '../../core/history/builder.ts';
import type { History } from '../../core/history/history.ts';
import { rowsByKey } from '../../core/history/rows.ts';
import type { Finding, Lost } from '../../core/result/result.ts';
import type { ReadTwice, Slot, SlotConsistency } from '../../core/slot.ts';
import { accountNames } from './accounts.ts';
import { balanceOf, type Balance } from './engines/amounts/balance.ts';
import type { Known } from './engines/engine.ts';
import type { LogLists } from './engines/lists/places.ts';
import { ledgerOf, numberOf } from './engines/amounts/ledger.ts';
import { floorOf } from './engines/amounts/stock.ts';
import { joinHistories } from './join.ts';
import type { ModelName } from './model-names.ts';
import type { HistoryVerdict } from './history-verdict.ts';
import type { Share } from './share.ts';
import { plainFinding } from './plain-finding.ts';
import { ValueNumbers } from './value-numbers.ts';
import { verify } from './verify.ts';

/** What judging a slot may take for a general search, all keys together. */
const budgetUs = 500_000;
const mostBytes = 256 * 2 ** 20;

/** Findings of one slot that are kept; how many there are is counted. */
const mostFindings = 200;

/**
 * What each model says of a slot; one without a history has not seen an operation.
 *
 * @param promises by model, what it promises beside what its name says
 */
export const judgeSlot = (
  slot: Slot,
  models: readonly string[],
  shares: readonly Share[],
  clock: Clock,
  promises: { readonly [model: string]: Promises } = {},
): readonly SlotConsistency[] =>
  models.map((model) => judgeModel(model as ModelName, slot, sharesOf(model, shares), clock, promises[model]));

const sharesOf = (model: string, shares: readonly Share[]): readonly Share[] =>
  shares.filter(({ recording }) => recording.model === model);

const judgeModel = (
  model: ModelName,
  { round, finals }: Slot,
  shares: readonly Share[],
  clock: Clock,
  promises: Promises | undefined,
): SlotConsistency => {
  const values = finals[model] ?? {};
  const [first, ...others] = shares.flatMap(({ history }) => history ?? []);
  if (others.length + (first === undefined ? 0 : 1) < shares.length) return unread(model, Object.keys(values), shares);
  const joined = joinHistories([first ?? new HistoryBuilder().history(), ...others]);
  const numbers = new ValueNumbers(joined);
  const history = { ...joined, names: numbers.names };
  const touched = model === 'transfer' ? [...accountNames(history).values()] : history.keys;
  const unsure = unfitOf(model, values, touched);
  const foreign = foreignWrites(touched, values);
  const known = (key: string): Known => {
    if (unsure !== undefined) return { initial: NaN, final: NaN };
    if (model !== 'transfer' || key !== whole) return numbers.known(values[key]);
    const total = totalOf(values);
    // What somebody else wrote is told by itself, and the total is off by it.
    return foreign.length === 0 ? total : { ...total, final: NaN };
  };
  const lists = (key: string): LogLists => numbers.lists(values[key]);
  const judged = verify(history, { ...promises, model, known, lists, clock, budgetUs, mostBytes });
  const sums = Object.hasOwn(sumsOf, model) ? balances(history, model, known) : new Map<string, Sum>();
  const found = [...judged.findings.map(({ key, ...finding }) => plainFinding(history, finding, key)), ...foreign];
  const doubt = doubtOf(shares, values) ?? unsure;
  const verdict = verdictOf(found.length > 0 ? 'violated' : judged.verdict, doubt);
  const because = verdict === 'unknown' && doubt !== undefined ? doubt : reasonOf(judged, verdict);
  return {
    model,
    verdict,
    ...(because === undefined ? {} : { because }),
    findings: found.slice(0, mostFindings).map((finding): Finding => {
      const sum = sums.get(finding.key);
      const isOfSum = sum !== undefined && (sum.balance.outside !== 0 || finding.sold !== undefined);
      return { ...finding, model, round, ...(isOfSum && sum.isRead ? sumFields(sum) : {}) };
    }),
    findingCount: found.length,
    keys: [...new Set([...(model === 'transfer' ? touched : Object.keys(judged.keys)), ...Object.keys(values)])],
    coverage: {
      operations: judged.coverage.operations,
      acknowledged: judged.coverage.acknowledged,
      unknown: judged.coverage.unknown,
      reads: judged.coverage.reads,
      overlapping: judged.exposure.overlapping,
    },
    lost: Object.hasOwn(sumsOf, model) ? lostOf(sums) : null,
  };
};

/** Why sums cannot be held against these values. */
const unfitOf = (
  model: ModelName,
  values: { readonly [key: string]: ReadTwice },
  touched: readonly string[],
): string | undefined => {
  if (model !== 'transfer' && !Object.hasOwn(sumsOf, model)) return undefined;
  for (const [key, both] of Object.entries(values)) {
    const broken = both.find((value) => typeof value === 'number' && !Number.isSafeInteger(value));
    if (broken !== undefined)
      return `the value of ${key} is ${JSON.stringify(broken)}, no whole number: sums are counted in the smallest unit`;
  }
  const unread = model === 'transfer' ? touched.find((account) => !Object.hasOwn(values, account)) : undefined;
  return unread === undefined ? undefined : `transfers name the account ${unread}, which "key" does not read`;
};

/** What transfers are judged as: all accounts together. */
const whole = 'all';

/** Of all accounts together; NaN where one could not be read. */
const totalOf = (values: { readonly [key: string]: ReadTwice }): Known => {
  const total = (at: 0 | 1): number => Object.values(values).reduce((sum, both) => sum + Number(both[at] ?? NaN), 0);
  return { initial: total(0), final: total(1) };
};

/** Values that changed although nobody in this run touched them. */
const foreignWrites = (
  keys: Iterable<string>,
  values: { readonly [key: string]: ReadTwice },
): readonly DataFinding[] => {
  const touched = new Set(keys);
  return Object.entries(values).flatMap(([key, [before, after]]): DataFinding[] => {
    const isSame = JSON.stringify(before) === JSON.stringify(after);
    if (touched.has(key) || isSame || before === undefined || after === undefined) return [];
    const sums = `It was ${JSON.stringify(before)}, and is ${JSON.stringify(after)} afterwards.`;
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

/** Models that add changes up, so that what was lost can be counted. */
const sumsOf: { readonly [model: string]: true } = { 'counter': true, 'rmw-counter': true, 'stock': true };

interface Sum {
  readonly before: number;
  readonly after: number;
  readonly balance: Balance;
  readonly acknowledged: number;
  readonly isRead: boolean;
}

/** By key: what the final value says of the changes. */
const balances = (history: History, model: ModelName, known: (key: string) => Known): ReadonlyMap<string, Sum> => {
  const rows = rowsByKey(history);
  return new Map(
    history.keys.map((key, at): [string, Sum] => {
      const { initial, final } = known(key);
      const [before, after] = [numberOf(initial), numberOf(final)];
      const { account } = ledgerOf(history, rows[at]!);
      const isRead = !Number.isNaN(before) && !Number.isNaN(after);
      const balance = balanceOf(account, before, after, model === 'stock' ? floorOf({ initial }) : undefined);
      return [key, { before, after, balance, acknowledged: account.acknowledgedCount, isRead }];
    }),
  );
};

const sumFields = ({ before, after, balance: { expected }, acknowledged }: Sum): Partial<Finding> => ({
  before,
  expected,
  after,
  acknowledged,
});

/** Keys whose value is not known after the load say nothing of what was lost. */
const lostOf = (sums: ReadonlyMap<string, Sum>): Lost => {
  const read = [...sums.values()].filter(({ isRead }) => isRead);
  const total = (number: (sum: Sum) => number): number => read.reduce((all, one) => all + number(one), 0);
  return {
    acknowledged: total(({ acknowledged }) => acknowledged),
    atLeast: total(({ balance }) => balance.lost.atLeast),
    atMost: total(({ balance }) => balance.lost.atMost),
  };
};

/** Why a verdict cannot rest on what was recorded, unless it is that something is wrong. */
const doubtOf = (shares: readonly Share[], values: { readonly [key: string]: ReadTwice }): string | undefined => {
  const recordings = shares.map(({ recording }) => recording);
  const lost = recordings.find(({ problem }) => problem !== null);
  if (lost !== undefined) return lost.problem!;
  const unreadable = recordings.reduce((sum, one) => sum + one.unreadable.count, 0);
  if (unreadable > 0) {
    const { example } = recordings.find((one) => one.unreadable.count > 0)!.unreadable;
    return unreadable === 1 ? example : `${example}, and so it was ${unreadable} times`;
  }
  const [key] = Object.entries(values).find(([, both]) => both.includes(undefined)) ?? [];
  return key === undefined ? undefined : `the value of ${key} could not be read`;
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

const unread = (model: string, keys: readonly string[], shares: readonly Share[]): SlotConsistency => ({
  model,
  verdict: 'unknown',
  because:
    shares.find(({ recording }) => recording.problem !== null)?.recording.problem ?? 'a history could not be read',
  findings: [],
  findingCount: 0,
  keys,
  coverage: { operations: 0, acknowledged: 0, unknown: 0, reads: 0, overlapping: 0 },
  lost: null,
});
