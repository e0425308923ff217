import { roundsToDecide } from '../../core/looks.ts';
import { at, type Complaint } from '../text/locate.ts';
import { find, itemsOf, type Branch, type Mark, type Tree } from '../text/tree.ts';

/** Enough for two dozen gates, and for the differences that a build cares about. */
const roundsToCompare = 12;

/**
 * The default number of rounds: 12 if gates compare modes. Otherwise 1 if there is nothing to compare, or if stages make each round
 * long.
 *
 * @param modes that are run, with everything laid in
 * @param relative how many gates compare them
 */
export const defaultRounds = (modes: readonly Tree[], relative: number): number => {
  if (relative > 0) return roundsToCompare;
  return modes.length === 1 || modes.some((mode) => find(mode, 'load', 'stages') !== undefined) ? 1 : 6;
};

/**
 * Checks that the gates that compare modes can be decided at all.
 *
 * @param relative how many such gates there are on modes that are run
 * @param mayExtend the run may continue for as many rounds again
 */
export const checkRounds = (
  scenario: Branch,
  rounds: number,
  relative: number,
  mayExtend: boolean,
): readonly Complaint[] => {
  // The schema refuses an invalid number of rounds.
  if (relative === 0 || !Number.isInteger(rounds) || rounds < 1) return [];
  const needed = roundsToDecide(relative, mayExtend ? 'two looks' : 'one look');
  if (rounds * (mayExtend ? 2 : 1) >= needed) return [];
  const place = find(scenario, 'rounds') ?? itemsOf(find(scenario, 'gates'))[0] ?? scenario;
  const gates = relative === 1 ? 'the gate that compares modes takes' : `the ${relative} gates that compare modes take`;
  const message = `${gates} ${needed} rounds: with ${rounds}${mayExtend ? ` and ${rounds} more` : ''} ${relative === 1 ? 'it' : 'they'} can never fail`;
  return [at(place, message, asWritten(place.mark, Math.max(roundsToCompare, needed)))];
};

/** Written in the notation of what set the rounds: the file, a flag or the environment. */
const asWritten = (mark: Mark, rounds: number): string => {
  if (typeof mark === 'number' || mark === '--gate') return `rounds: ${rounds}`;
  return mark.startsWith('-') ? `${mark} ${rounds}` : `${mark}=${rounds}`;
};
