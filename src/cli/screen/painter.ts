import { stripVTControlCharacters } from 'node:util';
import { widthOf } from '../../report/plain.ts';

const csi = '\u001b[';
/** A terminal that supports them shows everything between the two at once; others ignore them. */
const [together, asUsual] = [`${csi}?2026h`, `${csi}?2026l`];
/** A line that turns out too wide, as some letters are in some terminals, is cut off and does not move others. */
const [cutOff, wrapped] = [`${csi}?7l`, `${csi}?7h`];
/** Also turns on bracketed paste, so that pasted text is not taken for keys. */
const hideCursor = `${csi}?25l${csi}?2004h`;
const restOfLine = `${csi}K`;
const restOfScreen = `${csi}J`;

/** Restores any terminal, whatever is on it: the cursor is visible, lines wrap, and pasted text comes without marks. */
export const restored = `${asUsual}${wrapped}${csi}?25h${csi}?2004l`;

/** Draws pictures over each other at the cursor, without the alternate screen: the text above stays. */
export class Painter {
  #shown: readonly string[] = [];
  #columns = 0;

  /** The text that turns the current picture into the next one: unchanged lines are not written again. */
  paint(lines: readonly string[], columns: number): string {
    const isAnew = this.#shown.length === 0 || columns !== this.#columns;
    const before = isAnew ? [] : this.#shown;
    const start = isAnew ? this.#back(columns) + restOfScreen : this.#up(before.length);
    const isShorter = before.length > lines.length;
    const drawn = lines.map((line, at) => {
      // Clearing starts at the cursor, which must be after the last line.
      const isThere = line === before[at] && !(isShorter && at === lines.length - 1);
      return isThere ? '' : `${line}${restOfLine}`;
    });
    const end = isShorter ? restOfScreen : '';
    this.#shown = lines;
    this.#columns = columns;
    return `${together}${hideCursor}${cutOff}${start}${drawn.join('\r\n')}${end}${wrapped}${asUsual}`;
  }

  /** The text that removes the picture and puts the cursor where it began. */
  clear(columns: number): string {
    const back = this.#back(columns);
    this.#shown = [];
    return `${back}${restOfScreen}${restored}`;
  }

  /** To the beginning of the picture. If the terminal has become narrower, it has wrapped the lines. */
  #back(columns: number): string {
    const heights = this.#shown.map((line) =>
      Math.max(1, Math.ceil(widthOf(stripVTControlCharacters(line)) / Math.max(1, columns))),
    );
    return this.#up(heights.reduce((sum, lines) => sum + lines, 0));
  }

  #up(lines: number): string {
    return lines > 1 ? `${csi}${lines - 1}A\r` : '\r';
  }
}
