import { fail, ok, operations } from '../../../../core/history/history.ts';
import type { Engine } from '../engine.ts';
import { doubles, during, picked } from '../columns/scratch.ts';
import { judgePlaces, type LogLists } from './places.ts';
import { toContradictions } from '../steps/contradictions.ts';
import { judgeUnitSteps } from '../steps/schedule.ts';

const [appendOf, readOf] = [operations.indexOf('append'), operations.indexOf('read')];

/**
 * Judges a log of unique elements. The `version` of an append is the length after it, that of a read the length it saw, and the `value` of
 * a read the last element; `element` rows tell the others of a list that was read whole. `known` has the lengths before and after. Exact if
 * the final list is given, or was read whole when all had ended.
 *
 * Rules: `lost-element`, `aborted-element` (its append was refused), `element-twice`, `phantom-element` (it was never appended),
 * `not-a-prefix` (two rows saw different elements at one position); and, for lengths, those of the counter.
 */
export const appendLog =
  (lists: LogLists): Engine =>
  (history, rows, known) => {
    const appends = picked(rows, (row) => history.f[row] === appendOf);
    const reads = picked(
      rows,
      (row) => history.f[row] === readOf && history.status[row] === ok && !Number.isNaN(history.version[row]!),
    );
    const initial = Number.isNaN(known.initial) ? 0 : Math.max(0, known.initial);
    // The position of each append's element, NaN if not known; then the same for only those that were not refused.
    const places = doubles(appends.length).fill(NaN);
    const found = during(() =>
      judgePlaces({ history, rows, appends, reads, known: known.initial, lists }, initial, places),
    );
    const steps = picked(appends, (row) => history.status[row] !== fail);
    const counts = doubles(reads.length);
    for (let i = 0, step = 0; i < appends.length; i += 1)
      if (history.status[appends[i]!] !== fail) places[step++] = places[i]! - initial;
    const told = places.subarray(0, steps.length);
    for (let i = 0; i < reads.length; i += 1) counts[i] = history.version[reads[i]!]! - initial;
    const final = lists.final === undefined ? known.final : lists.final.length;
    const verdict = judgeUnitSteps(history, {
      steps,
      told,
      readings: reads,
      counts,
      final: final - initial,
      cap: Infinity,
      isRelative: Number.isNaN(known.initial),
    });
    const words = {
      levelOf: (count: number) => initial + count,
      steps,
      refusals: new Set<number>(),
      strange: [],
      step: 1,
    };
    return [...found, ...toContradictions(history, verdict, words)];
  };
