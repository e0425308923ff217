import type { ModeResult, Result } from '../../../core/result/result.ts';
import { plain } from '../../plain.ts';
import type { Markup } from '../markup/markup.ts';
import { at, circle, path, type Look } from './svg.ts';

/** How a mode looks in every figure: a colour, a dash and a marker. Any two of them tell it from fifteen others. */
export interface Series {
  readonly mode: ModeResult;
  /** Its name, safe and short, followed by `*` if it has a different workload. */
  readonly name: string;
  /** Made from its place: `m0`. Fading a mode fades everything with this class. */
  readonly class: string;
  readonly color: string;
  /** The classes that use the colour as a stroke and as a fill. */
  readonly strokeClass: string;
  readonly fillClass: string;
  readonly dash: string;
  readonly marker: number;
}

/** Ink for the control, then hues on white that stay distinct with any kind of colour vision. The style sheet has those for black. */
const colors = ['currentColor', '#3a7fc1', '#D55E00', '#868e96', '#7f1d1d', '#004d80'] as const;
const dashes = ['', '7 3', '2 3', '9 3 2 3', '4 2', '12 4'] as const;
const markers = 6;
const longestName = 24;

/** Every mode with its look: the control is drawn in ink, the others take colours in the order of the scenario. */
export const seriesOf = ({
  modes,
  scenario,
}: Pick<Result, 'modes'> & { readonly scenario: Pick<Result['scenario'], 'control'> }): readonly Series[] => {
  const others = modes.filter(({ name }) => name !== scenario.control);
  return modes.map((mode, place) => {
    const rank = mode.name === scenario.control ? 0 : 1 + others.indexOf(mode);
    const color = rank === 0 ? 0 : 1 + ((rank - 1) % (colors.length - 1));
    // How often all hues have been used: each turn has different dashes, and each turn of those different markers.
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

/** The look of what belongs to no mode: ink. */
export const inkSeries: Pick<Series, 'color' | 'strokeClass' | 'fillClass' | 'marker'> = {
  color: 'currentColor',
  strokeClass: 'k0',
  fillClass: 'f0',
  marker: 0,
};

/** The look of a mode's line. */
export const stroke = ({ color, strokeClass, dash }: Series): Look => ({
  class: strokeClass,
  stroke: color,
  fill: 'none',
  width: 1.8,
  dash,
});

/** The look of a mode's area. */
export const fill = ({ color, fillClass }: Series): Look => ({ class: fillClass, fill: color });

/** The marker of a mode; hollow if the value it marks is not certain. */
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
