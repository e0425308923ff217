import type { ModeResult, Result } from '../../../core/result/result.ts';
import { plain } from '../../plain.ts';
import type { Markup } from '../markup/markup.ts';
import { at, circle, path, type Look } from './svg.ts';

/** How a mode looks in every figure: a colour, a dash and a marker, of which any two tell it from fifteen others. */
export interface Series {
  readonly mode: ModeResult;
  /** Its name, safe and short, `*` behind it with a different workload. */
  readonly name: string;
  /** A word of our own, by its place: `m0`. Fading a mode fades what has this class. */
  readonly class: string;
  readonly color: string;
  /** A class that has the colour as a stroke, and one that has it as a fill. */
  readonly strokeClass: string;
  readonly fillClass: string;
  readonly dash: string;
  readonly marker: number;
}

/** Ink for the control, then hues that stay apart for every kind of sight, on white. The style sheet has those for black. */
const colors = ['currentColor', '#3a7fc1', '#D55E00', '#868e96', '#7f1d1d', '#004d80'] as const;
const dashes = ['', '7 3', '2 3', '9 3 2 3', '4 2', '12 4'] as const;
const markers = 6;
const longestName = 24;

/** Every mode with its look: the control's is ink, the others take colours as they stand in the scenario. */
export const seriesOf = ({
  modes,
  scenario,
}: Pick<Result, 'modes'> & { readonly scenario: Pick<Result['scenario'], 'control'> }): readonly Series[] => {
  const others = modes.filter(({ name }) => name !== scenario.control);
  return modes.map((mode, place) => {
    const rank = mode.name === scenario.control ? 0 : 1 + others.indexOf(mode);
    const color = rank === 0 ? 0 : 1 + ((rank - 1) % (colors.length - 1));
    // How often all hues have been used: each time they come with other dashes, and those with other markers.
    const turn = rank === 0 ? 0 : Math.floor((rank - 1) / (colors.length - 1));
    return {
      mode,
      name: `${plain(mode.name, longestName)}${mode.differentWorkload ? '*' : ''}`,
      class: `m${place}`,
      color: colors[color]!,
      strokeClass: `k${color}`,
      fillClass: `f${color}`,
      dash: dashes[(color + turn) % dashes.length]!,
      marker: (color + 2 * turn) % markers,
    };
  });
};

/** What is drawn of no mode: ink. */
export const inkSeries: Pick<Series, 'color' | 'strokeClass' | 'fillClass' | 'marker'> = {
  color: 'currentColor',
  strokeClass: 'k0',
  fillClass: 'f0',
  marker: 0,
};

/** How a line of a mode looks. */
export const stroke = ({ color, strokeClass, dash }: Series): Look => ({
  class: strokeClass,
  stroke: color,
  fill: 'none',
  width: 1.8,
  dash,
});

/** How an area of a mode looks. */
export const fill = ({ color, fillClass }: Series): Look => ({ class: fillClass, fill: color });

/** The marker of a mode; hollow where what it marks is not known for sure. */
export const marker = (
  { marker: which, color, strokeClass, fillClass }: typeof inkSeries,
  x: number,
  y: number,
  isHollow = false,
): Markup => {
  const look: Look = isHollow
    ? { class: strokeClass, stroke: color, fill: 'none', width: 1.6 }
    : { class: fillClass, fill: color };
  if (which === 0) return circle(x, y, 4, look);
  return path(shapes[which]!(x, y), look);
};

const shapes: readonly ((x: number, y: number) => string)[] = [
  () => '',
  (x, y) => `M${at(x - 3.6)} ${at(y - 3.6)}h7.2v7.2h-7.2z`,
  (x, y) => `M${at(x)} ${at(y - 4.6)}l4.6 8h-9.2z`,
  (x, y) => `M${at(x)} ${at(y - 5)}l5 5l-5 5l-5 -5z`,
  (x, y) => `M${at(x)} ${at(y + 4.6)}l4.6 -8h-9.2z`,
  (x, y) => `M${at(x - 1.6)} ${at(y - 4.8)}h3.2v3.2h3.2v3.2h-3.2v3.2h-3.2v-3.2h-3.2v-3.2h3.2z`,
];
