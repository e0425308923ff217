import { markup, type Markup, type Part } from '../markup/markup.ts';

/** The size of a drawing, and its description for screen readers. */
export interface Canvas {
  readonly width: number;
  readonly height: number;
  /** What it shows, in a sentence or two. */
  readonly label: string;
  /** `cell`: within a table; `chart`: on its own. */
  readonly kind?: 'cell' | 'chart';
}

/** A drawing in the ink of the text around it. It keeps its size and colours without a style sheet. */
export const svg = ({ width, height, label, kind = 'chart' }: Canvas, children: Part): Markup =>
  markup`<svg class="${kind}" role="img" aria-label="${label}" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}"${kind === 'chart' ? markup` font-size="12"` : undefined}>${children}</svg>`;

/** A drawing in a frame that scrolls if the page is narrower. */
export const chart = (canvas: Canvas, children: Part): Markup =>
  markup`<div class="scroll" role="region" tabindex="0" aria-label="${canvas.label}">${svg(canvas, children)}</div>`;

/** A coordinate, to a tenth of a pixel. */
export const at = (value: number): string => String(Math.round(value * 10) / 10);

/** The look of a mark: all values are the program's own. */
export interface Look {
  readonly class?: string;
  readonly fill?: string;
  readonly stroke?: string;
  readonly width?: number;
  readonly dash?: string;
  readonly opacity?: number;
}

const attributes = ({ class: name, fill, stroke, width, dash, opacity }: Look): Markup =>
  markup`${name === undefined ? undefined : markup` class="${name}"`}${fill === undefined ? undefined : markup` fill="${fill}"`}${stroke === undefined ? undefined : markup` stroke="${stroke}"`}${width === undefined ? undefined : markup` stroke-width="${width}"`}${dash === undefined || dash === '' ? undefined : markup` stroke-dasharray="${dash}"`}${opacity === undefined ? undefined : markup` opacity="${opacity}"`}`;

/** A straight line, in ink unless `look` says otherwise. */
export const line = (x1: number, y1: number, x2: number, y2: number, look: Look = {}): Markup =>
  markup`<line x1="${at(x1)}" y1="${at(y1)}" x2="${at(x2)}" y2="${at(y2)}"${attributes({ stroke: 'currentColor', ...look })}/>`;

/** A rectangle. */
export const rect = (x: number, y: number, width: number, height: number, look: Look = {}, children?: Part): Markup =>
  children === undefined
    ? markup`<rect x="${at(x)}" y="${at(y)}" width="${at(Math.max(0, width))}" height="${at(Math.max(0, height))}"${attributes(look)}/>`
    : markup`<rect x="${at(x)}" y="${at(y)}" width="${at(Math.max(0, width))}" height="${at(Math.max(0, height))}"${attributes(look)}>${children}</rect>`;

/** A circle. */
export const circle = (cx: number, cy: number, r: number, look: Look = {}): Markup =>
  markup`<circle cx="${at(cx)}" cy="${at(cy)}" r="${at(r)}"${attributes(look)}/>`;

/** A path. `d` consists of numbers and commands made here, never of text from a document. */
export const path = (d: string, look: Look = {}): Markup => markup`<path d="${d}"${attributes(look)}/>`;

/** How a text is placed. */
export interface Place {
  readonly anchor?: 'start' | 'middle' | 'end';
  readonly class?: string;
  readonly size?: number;
}

/** Text that is already safe, in the page's ink: never in the colour of a series. */
export const text = (x: number, y: number, words: string, { anchor, class: name, size }: Place = {}): Markup =>
  markup`<text x="${at(x)}" y="${at(y)}"${anchor === undefined || anchor === 'start' ? undefined : markup` text-anchor="${anchor}"`}${name === undefined ? undefined : markup` class="${name}"`}${size === undefined ? undefined : markup` font-size="${size}"`}>${words}</text>`;

/** Several marks together. */
export const group = (name: string, children: Part): Markup => markup`<g class="${name}">${children}</g>`;

/** A tooltip; it may have several lines. */
export const title = (words: string): Markup => markup`<title>${words}</title>`;

/** Lines at 45° over a rectangle, for what is not known. */
export const hatch = (x: number, y: number, width: number, height: number, step = 6): Markup => {
  let d = '';
  for (let from = -height; from < width; from += step) {
    const left = Math.max(0, from);
    const right = Math.min(width, from + height);
    if (right > left)
      d += `M${at(x + left)} ${at(y + height - (left - from))}L${at(x + right)} ${at(y + height - (right - from))}`;
  }
  return markup`${rect(x, y, width, height, { fill: 'none', stroke: 'currentColor', dash: '3 3', class: 'hatched' })}${path(d, { stroke: 'currentColor', fill: 'none', opacity: 0.5 })}`;
};
