import type { OperationName, Outcome } from '../history/history.ts';

/**
 * What a finding rests on: on no clock at all, on the order within each session, on the one clock of a machine, or on the clocks of
 * several, of each of which it is known how wrong it is at most.
 */
export type Evidence = 'clock-free' | 'session' | 'same-host' | 'bounded-clocks';

/** Pieces that were granted, and how many there were: `170 granted of 50`. */
export interface Sold {
  readonly granted: number;
  readonly of: number;
}

/** Answers in which an invariant was broken, and all that told whether it was. */
export interface Asked {
  readonly broken: number;
  readonly of: number;
}

/** An operation of a certificate. What was not said is not there; `null` is "nothing there". */
export interface FindingOperation {
  /** By which the reasons name it: `A`, `B` … */
  readonly letter: string;
  readonly session: number | string;
  readonly f: OperationName;
  /** In ns since the run began. */
  readonly call: number;
  /** `null`: nobody knows. */
  readonly ret: number | null;
  readonly status: Outcome;
  readonly value?: unknown;
  readonly operand?: unknown;
  readonly version?: unknown;
  /** Of a run on several machines: the agent that did it, from 1. */
  readonly agent?: number;
  /** How wrong that machine's clock was at most, in ns, where that was allowed for. */
  readonly epsilonNs?: number;
}

/**
 * A few operations that cannot all be right, with the reasons: enough for a person to check by hand. The engines name
 * operations by their rows in a history, the document spells them out.
 */
export interface Contradiction<Operation> {
  /** What is wrong, in words with dashes: `lost-update`. */
  readonly rule: string;
  readonly evidence: Evidence;
  /** As they began. */
  readonly operations: readonly Operation[];
  /** In sentences, each naming the operations by their place in `operations`: A, B, C … */
  readonly because: readonly string[];
  /** How much is wrong, in lost updates, pieces sold too many, or whatever the rule counts. */
  readonly atLeast: number;
  /** `null`: nobody knows. */
  readonly atMost: number | null;
  /** Of a stock that was oversold. */
  readonly sold?: Sold;
  /** Of an invariant. */
  readonly asked?: Asked;
}

/** That the data of a key was not right. */
export interface DataFinding extends Contradiction<FindingOperation> {
  readonly key: string;
  /** Acknowledged operations on the key that could be wrong like this: grants of holds, changes of everything else. */
  readonly acknowledged?: number;
}

/** Whether the data was right, from the worst on: a key's is its own, a history's the worst of all. */
export const consistencyVerdicts = [
  'violated',
  'unknown',
  'not-exercised',
  'no-violation-found',
  'consistent',
] as const;

/** One of these words. */
export type ConsistencyVerdict = (typeof consistencyVerdicts)[number];

/** How much was judged. */
export interface HistoryCoverage {
  readonly operations: number;
  readonly keys: number;
  /** Keys of which something is known: all but the unknown ones. */
  readonly keysDecided: number;
  /** Operations that change something and are known to be done. */
  readonly acknowledged: number;
  /** Operations whose outcome is unknown. */
  readonly unknown: number;
  /** Reads that were answered. */
  readonly reads: number;
}

/** How often something could have gone wrong, and would have been seen. */
export interface HistoryExposure {
  /** Pairs on one key that were under way at once: of passes through critical sections, or of operations, one a change; of holds, acquires that fit into what another session surely held. */
  readonly overlapping: number;
  /** What no violation in as many rules out, at 95 %, as a share of them; `null` where there are violations or no pairs. */
  readonly atMostShare: number | null;
  /** What the clocks of several machines leave open; absent: all is by one clock, or no key had operations of two. */
  readonly clocks?: ClockExposure;
}

/** What the clocks of several machines leave open of the order of operations. */
export interface ClockExposure {
  /** How wrong the worst of them was at most, in ns; `null`: unknown, as one was set meanwhile. */
  readonly errorNs: number | null;
  /** Pairs on one key that may have been under way at once, one of them a change. */
  readonly pairs: number;
  /** Of those, the ones that were not by their times as they were recorded: only the clocks' error lets them. */
  readonly onlyByError: number;
}

/** What clocks left open in several slots, or of several models; undefined: nothing. */
export const clocksOf = (all: readonly Pick<HistoryExposure, 'clocks'>[]): ClockExposure | undefined => {
  const each = all.flatMap(({ clocks }) => clocks ?? []);
  if (each.length === 0) return undefined;
  const errors = each.map(({ errorNs }) => errorNs);
  return {
    errorNs: errors.includes(null) ? null : Math.max(...errors.map(Number)),
    pairs: each.reduce((sum, { pairs }) => sum + pairs, 0),
    onlyByError: each.reduce((sum, { onlyByError }) => sum + onlyByError, 0),
  };
};

/** A history that was held against a model. */
export interface VerifiedHistory {
  readonly verdict: ConsistencyVerdict;
  /** Why it is that, where it is not for one of the keys. */
  readonly because?: string;
  readonly model: string;
  readonly keys: { readonly [key: string]: { readonly verdict: ConsistencyVerdict; readonly because?: string } };
  /** The most that is surely wrong first. */
  readonly findings: readonly DataFinding[];
  readonly coverage: HistoryCoverage;
  readonly exposure: HistoryExposure;
}

/**
 * What was broken, in words: `lost update`; of a stock `oversold, 170 granted of 50`; of an invariant
 * `invariant broken, in 3 of 120 answers`.
 */
export const ruleWords = ({ rule, sold, asked }: Pick<DataFinding, 'rule' | 'sold' | 'asked'>): string => {
  const words = rule.replaceAll('-', ' ');
  if (asked !== undefined) return `${words}, in ${asked.broken} of ${asked.of} answers`;
  return sold === undefined ? words : `${words}, ${sold.granted} granted of ${sold.of}`;
};

/**
 * The worst findings first: a stock that was oversold, whatever else is wrong with it; then by how much is surely wrong. Those
 * that are alike stay as they were.
 */
export const worstFirst = <One extends Pick<DataFinding, 'sold' | 'atLeast'>>(
  findings: readonly One[],
): readonly One[] =>
  findings.toSorted((a, b) => Number(b.sold !== undefined) - Number(a.sold !== undefined) || b.atLeast - a.atLeast);

/** Whether a stock was oversold, which says more than how many updates it lost. @param findings the worst first */
export const areOversold = ([first]: readonly Pick<DataFinding, 'sold'>[]): boolean => first?.sold !== undefined;

/**
 * The rule that was broken worst, in words that follow "its data was wrong:".
 *
 * @param findings the worst first
 * @param wrong grants that went wrong, of all, where the model has grants
 */
export const brokenRule = (
  findings: readonly Pick<DataFinding, 'rule' | 'sold' | 'asked'>[],
  wrong?: { readonly atLeast: number; readonly of: number },
): string => {
  const [first] = findings;
  if (first === undefined) return 'wrong data';
  if (first.asked !== undefined) {
    const broken = findings.reduce((sum, { asked }) => sum + (asked?.broken ?? 0), 0);
    return `invariant broken in ${broken === 1 ? '1 answer' : `${broken.toLocaleString('en')} answers`}`;
  }
  const isOneOfMany = findings.filter(({ sold }) => sold !== undefined).length > 1;
  const grants =
    wrong === undefined || wrong.atLeast === 0
      ? ''
      : `, at least ${wrong.atLeast.toLocaleString('en')} of ${wrong.of.toLocaleString('en')} grants`;
  return `${ruleWords(first)}${isOneOfMany ? ' at worst' : ''}${grants}`;
};
