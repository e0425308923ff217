import type { RunComparison, RunFacts } from '../../core/result/run-comparison.ts';
import { many } from '../format.ts';
import { plain } from '../plain.ts';

/** Which run is which: its label, and when it was made. */
export const whenOf = ({ before, after }: RunComparison): readonly (readonly [label: string, text: string])[] => [
  ['before', factsOf(before)],
  ['after ', factsOf(after)],
];

const factsOf = ({ startedAt, rounds, toolVersion }: RunFacts): string =>
  `${plain(startedAt, 40)}, ${many(rounds, 'round')}, contend ${plain(toolVersion, 40)}`;

/** How to read two runs side by side, in sentences. Names come from outside and are not safe. */
export const runsReading = ({
  changes,
  onlyBefore,
  onlyAfter,
  level,
  differences,
}: RunComparison): readonly string[] => [
  ...(differences.length === 0
    ? []
    : [`The runs also differ in other ways, which may explain the change: ${differences.join('; ')}.`]),
  ...(changes.length === 0 ? ['No mode was measured in both runs, so there is nothing to compare.'] : []),
  ...(changes.some(({ ratio }) => ratio !== null)
    ? [
        'Change: mode ÷ control after, over mode ÷ control before.',
        `${Math.round(level * 100)} % intervals by Welch's t, with 2 % for differences between days; advisory: no build passes or fails by them.`,
      ]
    : []),
  ...(changes.length > 0 ? ['Levels of another day are shown but not judged.'] : []),
  ...(onlyBefore.length > 0 ? [`Only before: ${onlyBefore.join(', ')}.`] : []),
  ...(onlyAfter.length > 0 ? [`Only after: ${onlyAfter.join(', ')}.`] : []),
];
