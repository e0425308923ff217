import type { Result } from '../../../core/result/result.ts';
import { commonFacts } from '../facts.ts';
import { count, many } from '../../format.ts';
import { plain } from '../../plain.ts';

/** What was run, to follow its name: modes and rounds, load, how long it took, seed; the most important first, each safe and short. */
export const titleFacts = (result: Result): readonly string[] => {
  const { scenario, modes, tookUs } = result;
  return [
    ...(modes.length === 0 ? [] : [`${many(modes.length, 'mode')} × ${roundsOf(result)}`]),
    ...loadOf(result).map((fact) => plain(fact, 30)),
    ...(tookUs === undefined ? [] : [took(tookUs)]),
    `seed ${scenario.seed}`,
  ];
};

/** The number of rounds begun, in the mode with the most. */
export const roundsBegun = ({ modes }: Result): number => Math.max(0, ...modes.map(({ slots }) => slots.length));

/** `6 rounds`, `12 rounds, extended to 24`, `2 of 6 rounds` of a run that ended early. */
const roundsOf = (result: Result): string => {
  const { rounds, extendedTo } = result.scenario;
  const begun = roundsBegun(result);
  if (begun > 0 && begun < rounds) return `${count(begun)} of ${many(rounds, 'round')}`;
  return `${many(rounds, 'round')}${extendedTo === undefined ? '' : `, extended to ${count(extendedTo)}`}`;
};

/** `34 s`, `2 min 5 s` */
export const took = (us: number): string => {
  const seconds = Math.max(1, Math.round(us / 1e6));
  return seconds < 100 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
};

/** What all modes have in common; after the users, the number of keys that they shared. */
const loadOf = (result: Result): readonly string[] => {
  const facts = commonFacts(result);
  const keys = Math.max(0, ...result.modes.map(({ consistency }) => consistency?.coverage.keys ?? 0));
  return keys === 0 ? facts : facts.map((fact) => (/ users?$/u.test(fact) ? `${fact} on ${many(keys, 'key')}` : fact));
};
