import type { GateResult, ModeResult } from '../core/result/result.ts';
import type { Verdict } from '../core/result/verdict.ts';

/** What a run is judged by once it is over. */
export interface Outcome {
  readonly modes: readonly ModeResult[];
  readonly gates: readonly GateResult[];
  /** The run could not be finished, or cannot be believed. */
  readonly isInvalid: boolean;
  /** What interrupted it, if anything did. */
  readonly interrupted?: 'SIGINT' | 'SIGTERM' | undefined;
  /** What an undecided verdict is to a build. */
  readonly undecided: 'fail' | 'warn';
}

/** A verdict, and the exit code that says it to a build. */
export interface Judgement {
  readonly verdict: Verdict;
  readonly exitCode: number;
}

/**
 * The verdict on a run. The first of these that is so decides: 130 or 143 interrupted, 98 data that was not right where it
 * must be, or a lease that ran out while it was held there, 96 invalid, 99 a gate failed, 97 something is undecided, 0 pass.
 *
 * An invalid run that was seen to violate its data is still a violation: no more measuring takes it back.
 */
export const judge = ({ modes, gates, isInvalid, interrupted, undecided }: Outcome): Judgement => {
  if (interrupted !== undefined) {
    return { verdict: unsure('the run was interrupted'), exitCode: interrupted === 'SIGTERM' ? 143 : 130 };
  }
  const judged = modes.filter((mode) => mode.violations === 'forbidden' && mode.consistency !== null);
  const violated = judged.filter((mode) => mode.consistency?.verdict === 'violated');
  const lapsed = modes.filter((mode) => mode.violations === 'forbidden' && mode.locks.some((lock) => lock.lapsed > 0));
  if (violated.length > 0 || lapsed.length > 0) return { verdict: failed(violations(violated, lapsed)), exitCode: 98 };
  if (isInvalid) return { verdict: unsure('the run is invalid'), exitCode: 96 };
  const broken = gates.filter((gate) => gate.verdict === 'fail');
  if (broken.length > 0) return { verdict: failed(told(broken, 'failed')), exitCode: 99 };
  const reason = doubtOf(modes, judged, gates);
  if (reason === undefined) return { verdict: { is: 'pass', because: passed(modes, judged, gates) }, exitCode: 0 };
  return undecided === 'fail'
    ? { verdict: unsure(reason), exitCode: 97 }
    : { verdict: unsure(`${reason}; --undecided warn makes that a warning, so the exit code is 0`), exitCode: 0 };
};

/** A lapsed lease is one even where the data came out right: somebody else may have been inside. */
const violations = (violated: readonly ModeResult[], lapsed: readonly ModeResult[]): string =>
  [
    ...(violated.length > 0 ? [`data was not right in ${names(violated)}`] : []),
    ...(lapsed.length > 0 ? [`a lease ran out while it was held in ${names(lapsed)}`] : []),
  ].join(', and ');

const failed = (because: string): Verdict => ({ is: 'fail', because });
const unsure = (because: string): Verdict => ({ is: 'undecided', because });

/** Why nobody can say whether the run passed: no data is never a pass. */
const doubtOf = (
  modes: readonly ModeResult[],
  judged: readonly ModeResult[],
  gates: readonly GateResult[],
): string | undefined => {
  const silent = modes.filter((mode) => mode.iterations.completed === 0);
  if (silent.length > 0) return `no iteration completed in ${names(silent)}`;
  const failing = modes.filter(({ iterations }) => iterations.failed > iterations.completed);
  if (failing.length > 0) return `more iterations failed than completed in ${names(failing)}`;
  const unread = judged.filter((mode) => mode.consistency?.verdict === 'unknown');
  if (unread.length > 0) return `whether the data is right is not known in ${names(unread)}${reasonOf(unread[0]!)}`;
  const idle = judged.filter((mode) => mode.consistency?.verdict === 'not-exercised');
  if (idle.length > 0) return `the data was not put to the test in ${names(idle)}${reasonOf(idle[0]!)}`;
  const open = gates.filter((gate) => gate.verdict === 'undecided');
  return open.length > 0 ? told(open, 'is undecided') : undefined;
};

/** The first gate with its reason, and how many more there are. */
const told = ([first, ...others]: readonly GateResult[], what: string): string => {
  const more = others.length === 0 ? '' : ` (and ${others.length} more)`;
  return `the gate ${first?.text.trim()} ${what}: ${first?.because}${more}`;
};

const passed = (modes: readonly ModeResult[], judged: readonly ModeResult[], gates: readonly GateResult[]): string => {
  const data = judged.length > 0 ? `no violation found in ${names(judged)}` : 'nothing was forbidden';
  const whole =
    gates.length === 0 ? data : `${data}, and ${gates.length === 1 ? 'the gate' : `all ${gates.length} gates`} passed`;
  const failing = modes
    .map(({ name, iterations: { failed, begun } }) => ({ name, share: failed / begun }))
    .filter(({ share }) => share >= worthTelling);
  if (failing.length === 0) return whole;
  const shares = failing.map(({ name, share }) => `${(share * 100).toFixed(0)} % of the iterations in ${name}`);
  return `${whole}; ${shares.join(' and ')} failed`;
};

/** A share of failed iterations from which a pass says so. */
const worthTelling = 0.01;

/** Why it is so in the first of them, where there is more to say. */
const reasonOf = ({ consistency }: ModeResult): string => {
  const because = consistency?.checks.find(({ verdict }) => verdict === consistency.verdict)?.because;
  return typeof because === 'string' ? `: ${because}` : '';
};

const names = (modes: readonly ModeResult[]): string => modes.map((mode) => mode.name).join(', ');
