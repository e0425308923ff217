import { bounds, count } from '../../../report/format.ts';
import { plain, wrap } from '../../../report/plain.ts';
import { span, type Line } from '../../../report/terminal/layout/line.ts';
import type { ModeView, View } from './view.ts';
import { windowOf } from './rows.ts';

/** What else has happened so far, for each mode in which something did; judged after each slot. */
export const factsOf = (view: View, width: number): readonly Line[] => {
  const { modes } = view;
  const isAlone = modes.length === 1;
  const listed = (what: string, of: (mode: ModeView) => string | undefined): string[] => {
    const each = modes.flatMap((mode) => {
      const said = of(mode);
      return said === undefined ? [] : [isAlone ? said : `${plain(mode.name, 18)} ${said}`];
    });
    return each.length === 0 ? [] : [`${what} ${each.join(', ')}`];
  };
  const counted = (number: number): string | undefined => (number > 0 ? count(number) : undefined);
  const facts = [
    ...listed('failed:', ({ standing, running }) => counted(standing.failed + (running?.failed ?? 0))),
    ...listed('conflicts:', ({ standing }) => counted(standing.conflicts)),
    ...listed('lost so far:', ({ standing: { lostAtLeast, lostAtMost } }) =>
      lostAtMost > 0 ? bounds(lostAtLeast, lostAtMost) : undefined,
    ),
    ...listed('findings:', ({ standing: { findings, lostAtMost } }) =>
      lostAtMost > 0 ? undefined : counted(findings),
    ),
  ];
  const window = isAlone ? [] : [`● now: ${windowOf(view)}, ~ to a fifth; others: medians`];
  return [
    ...wrap(facts.join(' · '), width)
      .slice(0, mostLines)
      .map((line): Line => [span(line)]),
    ...window.map((line): Line => [span(line, 'quiet')]),
  ];
};

const mostLines = 2;
