import type { File } from '../../core/file.ts';
import type { SweepResult } from '../../core/result/sweep.ts';
import { valueText } from '../../core/sweep/axis.ts';
import { junitOf, type Case } from '../junit.ts';

/**
 * `junit.xml`: a case for every gate on the sweep, for every mode's data at every point, and for the sweep itself if it is
 * invalid or undecided. Gates at a point are facts, not cases.
 */
export const sweepJunit = (result: SweepResult): readonly [File] => {
  const { gates, points, axis, invalid, verdict, find, scenario, startedAt, tookUs } = result;
  const ofGates = gates.map(({ text, verdict: is, because }): Case => {
    if (is === 'pass') return { name: text, found: because };
    return { name: text, outcome: { is: is === 'fail' ? 'failure' : 'skipped', type: 'gate', because } };
  });
  const ofData = points.flatMap(({ at, modes }) =>
    modes.flatMap(({ name, consistency, violations }): Case[] => {
      if (consistency === null) return [];
      const named = `${name} at ${valueText(axis.kind, at)}`;
      if (consistency.verdict === 'consistent' || consistency.verdict === 'no-violation-found')
        return [{ name: named }];
      // In a search for capacity, wrong data is part of the answer.
      const isFailure = consistency.verdict === 'violated' && violations === 'forbidden' && find !== 'capacity';
      const because = `the data is ${consistency.verdict}`;
      return [{ name: named, outcome: { is: isFailure ? 'failure' : 'skipped', type: 'consistency', because } }];
    }),
  );
  const ofSweep: Case[] =
    invalid !== undefined
      ? [{ name: 'sweep', outcome: { is: 'error', type: invalid.code, because: `${invalid.message} ${invalid.hint}` } }]
      : verdict.is === 'undecided'
        ? [{ name: 'sweep', outcome: { is: 'skipped', type: 'sweep', because: verdict.because } }]
        : [];
  return junitOf(
    { name: scenario.name, startedAt, tookUs },
    { gates: ofGates, consistency: ofData, sweep: ofSweep },
    'sweep',
  );
};
