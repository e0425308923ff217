import { areOversold, brokenRule } from '../core/result/finding.ts';
import type { Finding, GateResult, ModeResult, Result } from '../core/result/result.ts';
import { isUnnamed } from '../core/result/unnamed.ts';
import type { Headline, Verdict } from '../core/result/verdict.ts';
import { figure, many } from './figure.ts';
import { shareText, withoutStop } from './phrases.ts';
import { hungIn } from './silence.ts';

/** What a run is judged by once it is over. */
export interface Outcome {
  readonly modes: readonly ModeResult[];
  readonly gates: readonly GateResult[];
  /** Why the run could not be finished, or cannot be trusted. */
  readonly invalid: Result['invalid'];
  /** What interrupted it, if anything did. */
  readonly interrupted?: 'SIGINT' | 'SIGTERM' | undefined;
  /** How gates and data with too little to judge by count for a build. */
  readonly undecided: 'fail' | 'warn';
}

/** A verdict, the word for it and its reasons, and the exit code that tells a build. */
export interface Judgement {
  readonly verdict: Verdict;
  readonly headline: Headline;
  readonly reasons: readonly string[];
  readonly exitCode: number;
}

/** For a run that is not over: nothing that a build could take for a pass. @param why `the run is not over` */
export const unfinished = (why: string): Judgement => ({
  verdict: { is: 'undecided', because: why },
  headline: 'UNDECIDED',
  reasons: [why],
  exitCode: 97,
});

/**
 * The verdict on a run. The first of these that applies decides: 130 or 143 interrupted, 98 data that was not right where it must be, or a
 * lease that ran out while it was held there, 96 invalid, 99 a gate failed, 97 something is undecided, 0 pass.
 *
 * An invalid run that was seen to violate its data is still a violation: no further measurement takes it back.
 */
export const judge = (outcome: Outcome): Judgement => {
  const { modes, gates, invalid, interrupted, undecided } = outcome;
  const wrong = modes.flatMap(wrongIn);
  const notes = failingIn(modes);
  if (interrupted !== undefined) {
    const exitCode = interrupted === 'SIGTERM' ? 143 : 130;
    const reasons = ['stopped early: this is what was measured until then', ...wrong, ...notes];
    return { verdict: unsure('the run was interrupted'), headline: 'INTERRUPTED', reasons, exitCode };
  }
  const unbelieved = invalid === undefined ? [] : [withoutStop(invalid.message)];
  const broken = gates.filter((gate) => gate.verdict === 'fail' && gate.metric !== 'generator');
  const failed = broken.map(({ text, because }) => `${text.trim()}: ${because}`);
  if (wrong.length > 0) {
    const reasons = [...wrong, ...unbelieved, ...failed.filter((_, at) => !isOfData(broken[at]!)), ...notes];
    return { verdict: { is: 'fail', because: wrong.join('; ') }, headline: 'FAIL', reasons, exitCode: 98 };
  }
  if (invalid !== undefined) {
    const verdict = unsure(`the run is invalid: ${unbelieved[0]!}`);
    return { verdict, headline: 'INVALID', reasons: [...unbelieved, ...notes], exitCode: 96 };
  }
  if (broken.length > 0) {
    const because = `the gate ${failed[0]!}${broken.length === 1 ? '' : ` (and ${broken.length - 1} more)`}`;
    return { verdict: { is: 'fail', because }, headline: 'FAIL', reasons: [...failed, ...notes], exitCode: 99 };
  }
  const failing = modes.filter(({ iterations }) => iterations.failed > iterations.completed);
  const hard = failing.map((mode) => `more iterations failed than completed in ${mode.name}${commonest(mode)}`);
  const doubts = [...hard, ...doubtsOf(modes, gates)];
  if (doubts.length === 0) {
    const verdict: Verdict = { is: 'pass', because: [passed(modes, gates), ...notes].join('; ') };
    return { verdict, headline: isAsked(modes, gates) ? 'PASS' : 'DONE', reasons: notes, exitCode: 0 };
  }
  const because = doubts.join('; ');
  const reasons = [...doubts, ...failingIn(modes.filter((mode) => !failing.includes(mode)))];
  // Failures are not a lack of data: more rounds would not have shown anything else.
  if (undecided === 'fail' || hard.length > 0)
    return { verdict: unsure(because), headline: 'UNDECIDED', reasons, exitCode: 97 };
  const softened = '--undecided warn makes that a warning, so the exit code is 0';
  return {
    verdict: unsure(`${because}; ${softened}`),
    headline: 'UNDECIDED',
    reasons: [...reasons, softened],
    exitCode: 0,
  };
};

const unsure = (because: string): Verdict => ({ is: 'undecided', because });

const isOfData = ({ metric }: GateResult): boolean => metric === 'consistency' || metric === 'lost';

/** What was wrong in a mode that must be right: its data, and leases that ran out, which count even if the data came out right. */
const wrongIn = (mode: ModeResult, _: number, all: readonly ModeResult[]): readonly string[] => {
  if (mode.violations !== 'forbidden') return [];
  const lapsed = mode.locks.reduce((sum, lock) => sum + lock.lapsed, 0);
  return [
    ...(mode.consistency?.verdict === 'violated'
      ? [`the data was not right${inModes([mode], all)}: ${whatWasWrong(mode)}`]
      : []),
    ...(lapsed > 0 ? [`a lease ran out while it was held in ${mode.name}: ${many(lapsed, 'time')}`] : []),
  ];
};

/** ` in locked, optimistic`; empty if the run's only mode has no name of its own. */
const inModes = (some: readonly ModeResult[], all: readonly ModeResult[]): string =>
  isUnnamed(all) ? '' : ` in ${names(some)}`;

/** `at least 4,013 of 4,472 acknowledged updates lost`, `C1 was granted 170 times, limit 50`, or the rule that was broken. */
const whatWasWrong = ({ consistency, lost }: ModeResult): string => {
  const findings: readonly Finding[] = consistency?.findings ?? [];
  const [first] = findings;
  if (first?.sold !== undefined)
    return `${first.key} was granted ${figure(first.sold.granted, 'count')} times, limit ${figure(first.sold.of, 'count')}`;
  if (lost !== null && lost.atLeast > 0 && !areOversold(findings))
    return `at least ${figure(lost.atLeast, 'count')} of ${many(lost.acknowledged, 'acknowledged update')} lost, ${shareText(lost.atLeast / lost.acknowledged)}`;
  const keys = new Set(findings.filter(({ asked }) => asked === undefined).map(({ key }) => key)).size;
  return `${brokenRule(findings, consistency?.wrong)}${keys === 0 ? '' : `, in ${many(keys, 'key')}`}`;
};

/** Why it cannot be said whether the run passed, for lack of data: no data is never a pass. */
const doubtsOf = (modes: readonly ModeResult[], gates: readonly GateResult[]): readonly string[] => {
  const judged = modes.filter(isJudged);
  const unread = judged.filter((mode) => mode.consistency?.verdict === 'unknown');
  const idle = judged.filter((mode) => mode.consistency?.verdict === 'not-exercised');
  const open = gates.filter((gate) => gate.verdict === 'undecided');
  return [
    ...(unread.length > 0
      ? [`whether the data is right is not known${inModes(unread, modes)}${reasonOf(unread[0]!)}`]
      : []),
    ...(idle.length > 0 ? [`the data was not put to the test${inModes(idle, modes)}${reasonOf(idle[0]!)}`] : []),
    ...open
      .filter((gate) => !(isOfData(gate) && [...unread, ...idle].length > 0))
      .map(({ text, because }) => `${text.trim()}: ${because}`),
  ];
};

/** Whether its data must be right, and the scenario says what right is. */
const isJudged = ({ violations, consistency }: ModeResult): boolean =>
  violations === 'forbidden' && consistency !== null;

/** Whether anything was asked that could have failed, or the data was right although it need not have been. */
const isAsked = (modes: readonly ModeResult[], gates: readonly GateResult[]): boolean =>
  gates.length > 0 || modes.some(isJudged) || modes.some(({ consistency }) => isRight(consistency?.verdict));

const isRight = (verdict: string | undefined): boolean => verdict === 'consistent' || verdict === 'no-violation-found';

const passed = (modes: readonly ModeResult[], gates: readonly GateResult[]): string => {
  const judged = modes.filter(isJudged);
  const data = judged.length > 0 ? `no violation found${inModes(judged, modes)}` : 'nothing was forbidden';
  if (gates.length === 0) return data;
  return `${data}, and ${gates.length === 1 ? 'the gate' : `all ${gates.length} gates`} passed`;
};

/** From this share on, failed iterations are reported, however the run ended. */
const worthTelling = 0.01;

/**
 * `33 % of the iterations of api failed: read: status 500`, and how many iterations of its warm-up hung. Excludes a mode in which nothing
 * completed: the run is invalid for that.
 */
const failingIn = (modes: readonly ModeResult[]): readonly string[] =>
  modes
    .filter(({ iterations: { completed } }) => completed > 0)
    .flatMap((mode) => {
      const { name, users, slots, hung = {} } = mode;
      const { failed, begun } = mode.iterations;
      const stuck = Object.values(hung).reduce((sum, { count }) => sum + count, 0);
      return [
        ...(failed > worthTelling * begun
          ? [`${shareText(failed / begun)} of the iterations of ${name} failed${commonest(mode)}`]
          : []),
        // The end of a warm-up cuts one iteration of each user.
        ...(stuck > worthTelling * users * slots.length ? [`in ${name} ${hungIn(mode)!.text}`] : []),
      ];
    });

/** The commonest cause of failures, after a colon. */
const commonest = ({ failuresByClass }: ModeResult): string => {
  const [first] = Object.values(failuresByClass).toSorted((a, b) => b.count - a.count);
  return first === undefined ? '' : `: ${first.example}`;
};

/** Why, for the first of them, if there is more to say. */
const reasonOf = ({ consistency }: ModeResult): string => {
  const because = consistency?.checks.find(({ verdict }) => verdict === consistency.verdict)?.because;
  return typeof because === 'string' ? `: ${because}` : '';
};

const names = (modes: readonly ModeResult[]): string => modes.map((mode) => mode.name).join(', ');
