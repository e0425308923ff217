import type { Result } from '../../core/result/result.ts';
import type { RunComparison } from '../../core/result/run-comparison.ts';
import { plain } from '../plain.ts';
import { details } from './details/details.ts';
import { render, span, type Line } from './layout/line.ts';
import { runs } from './runs.ts';
import { screen } from './screen/screen.ts';
import type { Shown, Style } from './style.ts';

/** The report is never narrower than this, even if the terminal breaks its lines: it would not be readable. */
const narrowest = 40;

/**
 * The report on a terminal: verdict and reason, the modes in one table, their response times on one axis, one certificate, what
 * failed, and what else can be shown; with `details` every table.
 *
 * Text from outside is made safe; no line is wider than `style.width`, which is taken as at least 40.
 */
export const terminal = (result: Result, style: Shown): string => {
  const width = Math.max(narrowest, style.width);
  const sized = { ...style, width };
  return renderParts(style.details === true ? details(result, sized) : screen(result, sized), sized);
};

/** Two runs side by side, as {@link terminal} shows one. */
export const terminalRuns = (comparison: RunComparison, style: Style): string => {
  const width = Math.max(narrowest, style.width);
  const name = [span(plain(comparison.scenario, 60), 'strong')];
  return renderParts([[name], ...runs(comparison, 'against an earlier run', width)], { ...style, width });
};

const renderParts = (parts: readonly (readonly Line[])[], style: Style): string => {
  const filled = parts.filter((lines) => lines.length > 0);
  return render(
    filled.flatMap((lines, at) => (at === 0 ? lines : [[], ...lines])),
    style,
  );
};
