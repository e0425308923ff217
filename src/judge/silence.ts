import type { Mode } from '../core/plan/plan.ts';
import type { FailureResult, ModeResult, Result } from '../core/result/result.ts';
import type { Slot } from '../core/slot.ts';
import { many } from './figure.ts';

/** This many failed iterations in a row say as much as a whole run of them. */
const enough = 20;

/**
 * Whether it is pointless to go on measuring a mode: none of its iterations completed, although 20 had begun, or as many timed out as there
 * are users.
 */
export const isHopeless = ({ name, load: { users } }: Mode, slots: readonly Slot[]): boolean => {
  const own = slots.filter(({ mode }) => mode === name).map(({ recording }) => recording);
  const sum = (of: (recording: Slot['recording']) => number): number => own.reduce((all, one) => all + of(one), 0);
  if (sum(({ iterations, window }) => iterations.completed + window.completed) > 0) return false;
  const timedOut = sum(({ failures, hung }) => (failures.timeout?.count ?? 0) + (hung?.timeout?.count ?? 0));
  return timedOut >= users || sum(({ iterations }) => iterations.begun) >= enough;
};

/**
 * Why a run is invalid in which a mode completed nothing, with the commonest cause; `undefined` if every mode completed something.
 *
 * @param isStopped whether the run was therefore ended before its last round
 */
export const nothingCompleted = (modes: readonly ModeResult[], isStopped: boolean): Result['invalid'] => {
  const silent = modes.filter(({ iterations }) => iterations.completed === 0);
  const [first] = silent;
  if (first === undefined) return undefined;
  const others =
    silent.length === 1
      ? ''
      : `, nor of ${silent
          .slice(1)
          .map(({ name }) => name)
          .join(', ')}`;
  const cause = causeOf(first);
  const stopped = isStopped ? '. Stopped there: more of the same would show nothing new' : '';
  return {
    code: 'ERR_NOTHING_COMPLETED',
    message: `no iteration of ${first.name}${others} completed: ${cause.text}${stopped}.`,
    hint: cause.hint,
  };
};

interface Cause {
  readonly text: string;
  readonly hint: string;
}

const causeOf = (mode: ModeResult): Cause => {
  const { failuresByClass, iterations, throughputPerSecond } = mode;
  const [commonest] = Object.entries(failuresByClass).toSorted(([, a], [, b]) => b.count - a.count);
  if (commonest !== undefined) {
    const [failure, found] = commonest;
    const hint = hintOfAnswer(found) ?? hints[failure] ?? otherwise;
    return { text: `${found.example}${answerIn(found)}`, hint };
  }
  const hung = hungIn(mode);
  if (hung !== undefined) return { text: hung.text, hint: hints[hung.class] ?? otherwise };
  if (throughputPerSecond > 0) {
    return {
      text: 'leftovers of the warm-up filled the measured part',
      hint: 'A lower rate, or a longer duration.',
    };
  }
  if (iterations.begun === 0 && iterations.dropped > 0) {
    return {
      text: `none of ${many(iterations.dropped, 'arrival')} began, as no user was free in time`,
      hint: 'A lower rate, more users, or a longer duration.',
    };
  }
  if (iterations.begun === 0) return { text: 'none began', hint: 'A longer duration, or more users.' };
  return { text: 'all were still under way at the end', hint: 'A longer duration than an iteration takes.' };
};

/** What hung in the warm-up: `4 iterations of the warm-up hung: GET /: no answer within 10000 ms`; `undefined` if nothing did. */
export const hungIn = ({ hung = {} }: ModeResult): { readonly text: string; readonly class: string } | undefined => {
  // Iterations that the end interrupted say least about the cause.
  const [first, ...others] = Object.entries(hung).toSorted(
    ([one, { count: a }], [other, { count: b }]) => Number(one === 'aborted') - Number(other === 'aborted') || b - a,
  );
  if (first === undefined) return undefined;
  const count = [first, ...others].reduce((sum, [, failure]) => sum + failure.count, 0);
  return { text: `${many(count, 'iteration')} of the warm-up hung: ${first[1].example}`, class: first[0] };
};

/** What came back: `(200, application/json, {"balance":100})`; empty if there was nothing but a status. */
const answerIn = ({ samples }: FailureResult): string => {
  const [sample] = samples ?? [];
  if (sample === undefined) return '';
  const { 'content-type': type, location } = sample.headers;
  const said = [
    ...(type === undefined ? [] : [type]),
    ...(location === undefined ? [] : [`location: ${location}`]),
    ...(sample.body === '' ? [] : [shortened(sample.body)]),
  ];
  return said.length === 0 ? '' : ` (${[sample.status, ...said].join(', ')})`;
};

const longestBody = 80;

const shortened = (body: string): string => (body.length > longestBody ? `${body.slice(0, longestBody - 1)}…` : body);

/** What a status says by itself; `undefined` if the status was not the cause. */
const hintOfAnswer = ({ samples, example }: FailureResult): string | undefined => {
  const status = samples?.[0]?.status ?? 0;
  if (status === 407)
    return 'The proxy requires credentials: put them into its address, http://user:password@proxy:3128.';
  if (status >= 300 && status < 400) return redirected;
  if (!example.includes(`status ${status}`)) return undefined;
  if (status === 401 || status === 403)
    return 'The target requires credentials: "auth:" or a header in the scenario, or -H "authorization: …".';
  if (status === 429) return 'The target refuses more for now: a lower rate, or fewer users.';
  if (status >= 500) return 'The target itself failed: look at its log.';
  return status === 404 || status === 405 ? 'Are the path and the method right? Send one request by hand.' : undefined;
};

const redirected =
  'The answer is a redirect. Is the path right, and is the user logged in? "redirects: 5" follows up to five.';

const otherwise = 'Look at what failed below, and send one request by hand.';

const hints: { readonly [failure: string]: string } = {
  'protocol': 'Does an HTTP/1.1 server answer there? Is the port right?',
  'check': 'Is that what the target answers, or does "expect:" ask for something else? Send one request by hand.',
  'capture': 'Compare "capture:" with the answer above.',
  'aborted': 'A longer duration, or a target that answers.',
  'timeout': 'A longer timeouts.request, or a target that answers.',
  'connect': 'Is the target still running?',
  'reset': 'Look at the target’s log: it closed the connection without an answer.',
  'lock': 'A longer timeouts.lock, or fewer users.',
  'gave-up': 'More retries under "conflict:", or fewer users.',
};
