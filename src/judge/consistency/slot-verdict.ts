import type { Clock } from '../../core/clock.ts';
import type { About, Values } from '../../core/history/about.ts';
import { invariantName, type Promises } from '../../core/plan/plan.ts';
import { HistoryBuilder } from '../../core/history/builder.ts';
import type { History } from '../../core/history/history.ts';
import { rowsByKey } from '../../core/history/rows.ts';
import type { Finding, Lost } from '../../core/result/result.ts';
import type { ReadTwice, Slot, SlotConsistency } from '../../core/slot.ts';
import { type Around, Carried } from './carried/carried.ts';
import { balanceOf, type Balance } from './engines/amounts/balance.ts';
import type { Known } from './engines/engine.ts';
import { ledgerOf, numberOf } from './engines/amounts/ledger.ts';
import { floorOf } from './engines/amounts/stock.ts';
import { judgeInvariant } from './invariant.ts';
import { joinHistories } from './join.ts';
import { judgeHistory, sumsOf } from './judge-history.ts';
import type { ModelName } from './model-names.ts';
import type { Share } from './share.ts';

/** The time that a general search may take when a slot is judged, all keys together. */
const budgetUs = 500_000;
const mostBytes = 256 * 2 ** 20;

/** The number of findings kept of one slot; all of them are counted. */
const mostFindings = 200;

/** What one model says of a slot, and the history on which it was judged. */
export interface JudgedSlot {
  readonly consistency: SlotConsistency;
  /** Of all shares of the slot together, as far as they could be read. */
  readonly history: History;
  readonly about: About;
}

/**
 * What each model says of a slot; a model without a history has not seen an operation.
 *
 * @param promises by model, what it promises beyond its name
 * @param carried what earlier slots have left open; notes what this one leaves open
 * @param that the expressions of the mode's invariant
 */
export const judgeSlot = (
  slot: Slot,
  models: readonly string[],
  shares: readonly Share[],
  clock: Clock,
  promises: { readonly [model: string]: Promises } = {},
  { carried, around, that = [] }: CarriedBeside = alone(),
): readonly JudgedSlot[] =>
  models.map((model) => {
    const own = shares.filter(({ recording }) => recording.model === model);
    const [first, ...others] = own.flatMap(({ history }) => history ?? []);
    const joined = joinHistories([first ?? new HistoryBuilder().history(), ...others]);
    if (model === invariantName) {
      const about = { ...aboutOf(slot, model, own, undefined), that };
      return { consistency: invariantVerdict(joined, about), history: joined, about };
    }
    const [history, about] = carried.into(around, joined, aboutOf(slot, model, own, promises[model]));
    carried.outOf(around, history, about);
    return { consistency: judgeModel(history, about, clock), history, about };
  });

/** What is carried from slot to slot, and where this one stands. */
export interface CarriedBeside {
  readonly carried: Carried;
  readonly around: Around;
  /** The expressions of the mode's invariant; absent if it has none. */
  readonly that?: readonly string[];
}

const alone = (): CarriedBeside => ({
  carried: new Carried(),
  around: { target: '', hasBefore: false, hasAfter: false, isSettled: false },
});

const aboutOf = (
  { mode, round, finals }: Slot,
  model: string,
  shares: readonly Share[],
  promises: Promises | undefined,
): About => {
  const values = finals[model] ?? {};
  const doubt = doubtOf(shares, values);
  const lost = shares.find(({ history }) => history === undefined);
  return {
    mode,
    round: round + 1,
    model,
    ...(promises === undefined ? {} : { promises }),
    initial: valuesAt(values, 0),
    final: valuesAt(values, 1),
    ...(doubt === undefined ? {} : { doubt }),
    ...(lost === undefined ? {} : { incomplete: lost.recording.problem ?? 'a history could not be read' }),
  };
};

const valuesAt = (values: { readonly [key: string]: ReadTwice }, at: 0 | 1): Values =>
  Object.fromEntries(
    Object.entries(values).flatMap(([key, { [at]: value }]) => (value === undefined ? [] : [[key, value]])),
  );

const judgeModel = (operations: History, about: About, clock: Clock): SlotConsistency => {
  const model = about.model as ModelName;
  const { promises, incomplete } = about;
  if (incomplete !== undefined) return unread(about, incomplete);
  const { history, verdict, because, findings, wrong, judged, touched, values, known } = judgeHistory(
    operations,
    about,
    {
      ...promises,
      model,
      clock,
      budgetUs,
      mostBytes,
    },
  );
  const sums = Object.hasOwn(sumsOf, model) ? balances(history, model, known) : new Map<string, Sum>();
  return {
    model,
    verdict,
    ...(because === undefined ? {} : { because }),
    findings: findings.slice(0, mostFindings).map((finding): Finding => {
      const sum = sums.get(finding.key);
      const isOfSum = sum !== undefined && (sum.balance.outside !== 0 || finding.sold !== undefined);
      return { ...finding, model, round: about.round, ...(isOfSum && sum.isRead ? sumFields(sum) : {}) };
    }),
    findingCount: findings.length,
    ...(wrong === undefined ? {} : { wrong }),
    keys: [...new Set([...(model === 'transfer' ? touched : Object.keys(judged.keys)), ...values.keys()])],
    coverage: {
      operations: judged.coverage.operations,
      acknowledged: judged.coverage.acknowledged,
      unknown: judged.coverage.unknown,
      reads: judged.coverage.reads,
      overlapping: judged.exposure.overlapping,
    },
    ...(judged.exposure.clocks === undefined ? {} : { clocks: judged.exposure.clocks }),
    lost: Object.hasOwn(sumsOf, model) ? lostOf(sums) : null,
  };
};

const invariantVerdict = (history: History, about: About): SlotConsistency => {
  const { verdict, because, findings, coverage, underWay } = judgeInvariant(history, about);
  const { operations, acknowledged, unknown, reads } = coverage;
  return {
    model: about.model,
    verdict,
    ...(because === undefined ? {} : { because }),
    findings: findings.map((finding): Finding => ({ ...finding, model: about.model, round: about.round })),
    findingCount: findings.length,
    keys: [],
    coverage: { operations, acknowledged, unknown, reads, overlapping: underWay },
    lost: null,
  };
};

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

/** Excludes keys whose value is not known after the load: they say nothing about what was lost. */
const lostOf = (sums: ReadonlyMap<string, Sum>): Lost => {
  const read = [...sums.values()].filter(({ isRead }) => isRead);
  const total = (number: (sum: Sum) => number): number => read.reduce((all, one) => all + number(one), 0);
  return {
    acknowledged: total(({ acknowledged }) => acknowledged),
    atLeast: total(({ balance }) => balance.lost.atLeast),
    atMost: total(({ balance }) => balance.lost.atMost),
  };
};

/** Why a verdict cannot rest on what was recorded, unless the verdict is that something is wrong. */
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

const unread = ({ model, initial, final }: About, because: string): SlotConsistency => ({
  model,
  verdict: 'unknown',
  because,
  findings: [],
  findingCount: 0,
  keys: [...new Set([...Object.keys(initial), ...Object.keys(final)])],
  coverage: { operations: 0, acknowledged: 0, unknown: 0, reads: 0, overlapping: 0 },
  lost: null,
});
