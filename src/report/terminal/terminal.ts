import type { Result } from '../../core/result/result.ts';
import type { RunComparison } from '../../core/result/run-comparison.ts';
import { plain } from '../plain.ts';
import { whereTheTimeWent } from './anatomy.ts';
import { responseTimes } from './chart.ts';
import { checks } from './checks.ts';
import { compared } from './compared.ts';
import { certificates, findings, lapses } from './findings.ts';
import { gates } from './gates.ts';
import { groups } from './groups.ts';
import { conclusion, title } from './heading.ts';
import { render, span, type Line } from './layout/line.ts';
import { loads } from './load.ts';
import { locks } from './locks.ts';
import { retries } from './retries.ts';
import { modesSideBySide } from './modes.ts';
import { notes } from './notes.ts';
import { runs } from './runs.ts';
import { failures, warnings } from './troubles.ts';

/** How the terminal is: its width in columns, and whether it wants colour. */
export interface Style {
  readonly width: number;
  readonly color: boolean;
}

/** Narrower than this, lines break in the terminal: nothing readable is left otherwise. */
const narrowest = 40;

/**
 * The report that people read first: verdict and conclusion, the gates, the modes side by side and beside the control,
 * their response times on one axis, where those went, the locks, then what went wrong and how to read it.
 *
 * Text from outside is made safe; no line is wider than `style.width` (40 at least).
 */
export const terminal = (result: Result, style: Style): string => {
  const width = Math.max(narrowest, style.width);
  const parts: readonly (readonly Line[])[] = [
    [title(result, width)],
    conclusion(result, width),
    gates(result, width),
    ...(result.modes.length === 0 ? [] : [...modesSideBySide(result, width), ...loads(result, width)]),
    ...compared(result, width),
    ...(result.baseline === undefined ? [] : runs(result.baseline, 'against the baseline', width)),
    responseTimes(result, width),
    whereTheTimeWent(result, width),
    ...groups(result, width),
    ...locks(result, width),
    ...retries(result, width),
    ...checks(result, width),
    ...findings(result, width),
    ...certificates(result, { width, color: style.color }),
    lapses(result, width),
    failures(result, width),
    warnings(result, width),
    notes(result, width),
  ];
  return renderParts(parts, { ...style, width });
};

/** Two runs beside each other, as {@link terminal} shows one. */
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
