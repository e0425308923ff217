import type { Observation, RequestStep } from '../../../core/plan/plan.ts';
import type { Lookup } from '../../../template/compile.ts';
import type { Answer } from '../read/scope.ts';
import type { User } from '../../user.ts';

/** A read that several steps answer, one after the other, because one answer does not have everything. */
export interface Several {
  /**
   * Notes a step's answer, after its captures. True if it was the last of the steps and all of them have been answered in
   * order since the first.
   *
   * @param isDone whether the answer is of use
   */
  readonly answered: (step: string, user: User, isDone: boolean) => boolean;
  /** When the first of them was sent, µs of the run's clock. */
  readonly sentUs: (user: User) => number;
  /** What they have captured, `sum`, or one of them, `page1.sum`. */
  readonly lookup: Lookup<Answer>;
}

/** How far a user has come. */
interface Progress {
  /** How many of the steps are answered. */
  at: number;
  sentUs: number;
  /** By step and name. */
  readonly captured: { readonly [capture: string]: unknown }[];
}

/**
 * The reads over several steps of a mode, each compiled once, as its steps may lie in several sections.
 *
 * @param requests the mode's requests, for their captures
 */
export const severalReads = (
  requests: readonly RequestStep[],
  places: ReadonlyMap<string, number>,
): ((observation: Observation) => Several | undefined) => {
  const known = new Map<Observation, Several>();
  return (observation) => {
    const { steps } = observation;
    if (steps === undefined) return undefined;
    const one = known.get(observation) ?? compiled(steps, requests, places);
    known.set(observation, one);
    return one;
  };
};

const compiled = (
  steps: readonly string[],
  requests: readonly RequestStep[],
  places: ReadonlyMap<string, number>,
): Several => {
  const captures = steps.map((name) =>
    Object.keys(requests.find((request) => request.name === name)?.capture ?? {}).map(
      (capture) => [capture, places.get(capture)!] as const,
    ),
  );
  // By user.
  const all: Progress[] = [];
  return {
    answered: (step, user, isDone) => {
      const progress = (all[user.index] ??= { at: 0, sentUs: 0, captured: [] });
      const number = steps.indexOf(step);
      if (number === 0) progress.at = 0;
      // A step that was not answered may be tried again.
      if (!isDone) return false;
      if (number !== progress.at) {
        progress.at = 0;
        return false;
      }
      if (number === 0) progress.sentUs = user.exchange.sentUs;
      progress.captured[number] = Object.fromEntries(
        captures[number]!.map(([name, place]) => [name, user.variables[place]]),
      );
      progress.at += 1;
      return progress.at === steps.length;
    },
    sentUs: ({ index }) => all[index]!.sentUs,
    lookup: (name, property) => {
      const number = property === undefined ? lastWith(captures, name) : steps.indexOf(name);
      const capture = property ?? name;
      if (number < 0 || !captures[number]!.some(([one]) => one === capture)) return undefined;
      return ({ user }) => all[user.index]!.captured[number]![capture];
    },
  };
};

const lastWith = (captures: readonly (readonly (readonly [string, number])[])[], name: string): number =>
  captures.findLastIndex((some) => some.some(([one]) => one === name));
