import { pxOf } from './label.ts';
import type { Scale } from './scale.ts';
import { at, line, path, text } from './svg.ts';
import type { Part } from '../markup/markup.ts';

/** The place and the labels of an axis. */
export interface AxisLook {
  /** The other coordinate of the axis, and how far its grid reaches. */
  readonly at: number;
  readonly to: number;
  readonly label: (value: number) => string;
  /** What is measured, with its unit, and whether the axis is logarithmic. */
  readonly title: string;
}

/** An axis along the bottom, with its grid above it and its title at its end. A label that would touch the one before it is left out. */
export const bottomAxis = (scale: Scale, { at: y, to, label, title }: AxisLook): Part => {
  const [from, end] = [scale.of(scale.least), scale.of(scale.most)];
  let free = -Infinity;
  const labels = scale.ticks.flatMap((tick) => {
    const half = pxOf(label(tick), 11) / 2;
    const x = scale.of(tick);
    if (x - half < free + 6) return [];
    free = x + half;
    return [text(x, y + 14, label(tick), { anchor: 'middle', size: 11 })];
  });
  return [
    grid(scale.ticks.map((tick) => `M${at(scale.of(tick))} ${at(y)}V${at(to)}`)),
    line(from, y, end, y, { opacity: 0.6 }),
    labels,
    text((from + end) / 2, y + 29, title, { anchor: 'middle', size: 11 }),
  ];
};

/** An axis along the left side, with its grid to the right and its title above it. */
export const leftAxis = (scale: Scale, { at: x, to, label, title }: AxisLook): Part => [
  grid(scale.ticks.map((tick) => `M${at(x)} ${at(scale.of(tick))}H${at(to)}`)),
  scale.ticks.map((tick) => text(x - 6, scale.of(tick) + 4, label(tick), { anchor: 'end', size: 11 })),
  text(x - 6, Math.min(scale.of(scale.most), scale.of(scale.least)) - 10, title, { size: 11 }),
];

const grid = (lines: readonly string[]): Part =>
  path(lines.join(''), { stroke: 'currentColor', fill: 'none', opacity: 0.16 });
