import type { Result } from '../../../core/result/result.ts';
import { warningsOf } from '../../sections/warnings.ts';
import { count, duration, many, share } from '../../format.ts';
import { linearScale } from '../draw/scale.ts';
import { circle, hatch, line, svg, text } from '../draw/svg.ts';
import type { Figure } from '../markup/figure.ts';
import { markup, said, type Part } from '../markup/markup.ts';
import { state } from '../markup/state.ts';

const width = 320;
const full = 0.95;

/** Whether the load generator can be trusted: how busy it was, how late, and the warnings about it. */
export const generator = (result: Result): Figure | undefined => {
  const { cpuShare, eventLoopDelayP99Us } = result.generator;
  const warnings = warningsOf(result);
  if (result.modes.length === 0 && warnings.length === 0) return undefined;
  const late = result.modes.reduce((sum, { offered }) => sum + (offered?.late ?? 0), 0);
  return {
    id: 'generator',
    title: 'The generator',
    question: 'Can you trust the generator?',
    answer:
      cpuShare === null
        ? 'Not measured.'
        : `Its busiest thread used ${share(cpuShare, 1)} of a core${eventLoopDelayP99Us === null ? '' : `, and was ${duration(eventLoopDelayP99Us)} late at the 99th percentile`}${warnings.length === 0 ? ', without a warning.' : `; ${many(warnings.length, 'warning')}.`}`,
    body: [
      bar(cpuShare),
      late === 0
        ? undefined
        : markup`<p>${many(late, 'arrival')} began after the window, although a user was free inside it.</p>`,
      warnings.length === 0
        ? undefined
        : markup`<ul>${warnings.map(({ code, message, hint }) => markup`<li>${state('open', said(code, 40))} ${said(message, 600)} ${said(hint, 400)}</li>`)}</ul>`,
    ],
    reading: [
      'The bar is one core. Beyond the upright line the core is full, and the throughput is the limit of the generator, not of the target.',
    ],
  };
};

const bar = (cpuShare: number | null): Part => {
  const scale = linearScale(1, { from: 6, to: width - 30 }, 4);
  const known = cpuShare !== null;
  return svg({ width, height: 40, kind: 'cell', label: known ? `${share(cpuShare, 1)} of a core` : 'not measured' }, [
    line(scale.of(0), 14, scale.of(1), 14, { opacity: 0.4 }),
    line(scale.of(full), 4, scale.of(full), 24, { width: 2 }),
    known
      ? [
          line(scale.of(0), 14, scale.of(cpuShare), 14, { width: 5, opacity: 0.6 }),
          circle(scale.of(cpuShare), 14, 5, { fill: 'currentColor' }),
        ]
      : hatch(6, 8, width - 36, 12),
    [0, 0.5, 1].map((tick) =>
      text(scale.of(tick), 38, `${count(tick * 100)} %`, { anchor: tick === 0 ? 'start' : 'middle', size: 10 }),
    ),
  ]);
};
