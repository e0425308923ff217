import { Chalk } from 'chalk';
import { cut, widthOf, wrap } from '../../plain.ts';

/** What a piece of text means to the reader; it determines the colour. */
export type Tone = 'good' | 'bad' | 'doubt' | 'quiet' | 'strong' | 'work' | 'waiting';

/** A piece of a line without escape sequences; its look is decided last. */
export interface Span {
  readonly text: string;
  readonly tone?: Tone;
}

/** A line to be rendered. */
export type Line = readonly Span[];

/** A piece of text, with its meaning if it has one. */
export const span = (text: string, tone?: Tone): Span => (tone === undefined ? { text } : { text, tone });

/** Text under a hanging indent as wide as the part before it; on the next line if that leaves too little room. */
export const hanging = (before: Line, text: string, width: number, tone?: Tone): Line[] => {
  const indent = before.reduce((columns, { text: piece }) => columns + widthOf(piece), 0);
  if (width - indent < leastRoom) return [before, ...hanging([span('  ')], text, Math.max(width, leastRoom + 2), tone)];
  const [first = '', ...others] = wrap(text, width - indent);
  return [[...before, span(first, tone)], ...others.map((line) => [span(' '.repeat(indent)), span(line, tone)])];
};

/** The lines as text: none wider than `width`, no trailing space, no escape sequences without colour. */
export const render = (lines: readonly Line[], style: { readonly width: number; readonly color: boolean }): string => {
  const chalk = new Chalk({ level: style.color ? 1 : 0 });
  const paint: { readonly [tone in Tone]: (text: string) => string } = {
    good: chalk.green,
    bad: chalk.red,
    doubt: chalk.yellow,
    quiet: chalk.dim,
    strong: chalk.bold,
    work: chalk.cyan,
    waiting: chalk.magenta,
  };
  const painted = (line: Line): string =>
    fitted(line, style.width)
      .map(({ text, tone }) => (tone === undefined ? text : paint[tone](text)))
      .join('');
  return lines.map((line) => `${painted(line)}\n`).join('');
};

const leastRoom = 24;

const fitted = (line: Line, width: number): Span[] => {
  const out: Span[] = [];
  let room = width;
  for (const piece of line) {
    const text = cut(piece.text, room);
    if (room > 0 && text !== '') out.push({ ...piece, text });
    room -= widthOf(text);
  }
  for (let last = out.pop(); last !== undefined; last = out.pop()) {
    const text = last.text.trimEnd();
    if (text !== '') return [...out, { ...last, text }];
  }
  return out;
};
