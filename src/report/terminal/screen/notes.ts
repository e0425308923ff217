import { samplesToShow } from '../../../core/metric.ts';
import type { Result } from '../../../core/result/result.ts';
import { isBound, isShown } from '../../sections/percentile.ts';
import { warningsOf } from '../../sections/warnings.ts';
import { count, many } from '../../format.ts';
import { plain } from '../../plain.ts';
import { hanging, type Line } from '../layout/line.ts';

/** What a reader must know about this screen, and what else can be shown. */
export const notes = (result: Result, width: number): Line[] => {
  const { modes } = result;
  if (modes.length === 0) return [];
  const shown = ['p50', 'p99'] as const;
  // If nothing completed, more iterations would show nothing.
  const told = modes.filter(({ iterations }) => iterations.completed > 0);
  const lacking = shown.filter((name) => told.some((mode) => !isShown(mode, name)));
  const warnings = warningsOf(result);
  const outcomes = warnings.filter(({ code }) => code.startsWith('OUTCOME_'));
  const warned = [...new Set(warnings.map(({ code }) => code))];
  const texts = [
    ...(modes.some(({ lock }) => lock !== 'none') ? ['A lock in the client only stops clients that take it.'] : []),
    ...(modes.some(({ differentWorkload }) => differentWorkload)
      ? ['* a different workload: its ratio compares more than the lock.']
      : []),
    ...(lacking.length > 0
      ? [`–: ${lacking.map((name) => `${name} takes ${count(samplesToShow(name))} iterations`).join(', ')}.`]
      : []),
    ...(modes.some((mode) => shown.some((name) => isBound(mode, name)))
      ? ['> x: so many failed or were dropped that the percentile lies above every measured time.']
      : []),
    // Without these, nothing says why there is nothing to judge by.
    ...outcomes.map(({ message, hint }) => plain(`${message} ${hint}`, 400)),
    ...(warned.length === 0 ? [] : [`${many(warned.length, 'warning')}: ${warned.join(', ')}.`]),
    `--details shows ${detailsOf(modes)}.`,
  ];
  return texts.flatMap((text) => hanging([], text, width, 'quiet'));
};

/** What `--details` adds; without locks, or without modes to compare, it mentions neither. */
const detailsOf = (modes: Result['modes']): string => {
  if (modes.some(({ lock }) => lock !== 'none')) return 'where the time went, the locks and every interval';
  return modes.length > 1 ? 'where the time went and every interval' : 'where the time went';
};
