import { stripVTControlCharacters } from 'node:util';
import { widthOf } from '../../report/plain.ts';

const csi = '\u001b[';
/** A terminal that knows it shows what is between the two at once; others let it pass. */
const [together, asUsual] = [`${csi}?2026h`, `${csi}?2026l`];
/** A line that is wider than it looks, as some letters are in some terminals, is cut off and moves no other. */
const [cutOff, wrapped] = [`${csi}?7l`, `${csi}?7h`];
/** What is pasted comes between marks, and is not taken for keys. */
const hideCursor = `${csi}?25l${csi}?2004h`;
const restOfLine = `${csi}K`;
const restOfScreen = `${csi}J`;

/** What leaves any terminal as it was, whatever is on it: the cursor is seen, lines are wrapped, and what is pasted comes as it is. */
export const restored = `${asUsual}${wrapped}${csi}?25h${csi}?2004l`;

/** Draws pictures over each other where the cursor is, without a screen of their own: what stands above stays. */
export class Painter {
  #shown: readonly string[] = [];
  #columns = 0;

  /** What makes of the picture that is there the next one: lines that stay the same are not written again. */
  paint(lines: readonly string[], columns: number): string {
    const isAnew = this.#shown.length === 0 || columns !== this.#columns;
    const before = isAnew ? [] : this.#shown;
    const start = isAnew ? this.#back(columns) + restOfScreen : this.#up(before.length);
    const isShorter = before.length > lines.length;
    const drawn = lines.map((line, at) => {
      // What is cleared below begins where the cursor is: behind the last line.
      const isThere = line === before[at] && !(isShorter && at === lines.length - 1);
      return isThere ? '' : `${line}${restOfLine}`;
    });
    const end = isShorter ? restOfScreen : '';
    this.#shown = lines;
    this.#columns = columns;
    return `${together}${hideCursor}${cutOff}${start}${drawn.join('\r\n')}${end}${wrapped}${asUsual}`;
  }

  /** What takes the picture away and leaves the cursor where it began. */
  clear(columns: number): string {
    const back = this.#back(columns);
    this.#shown = [];
    return `${back}${restOfScreen}${restored}`;
  }

  /** To the beginning of the picture. Where the terminal has become narrower, it has wrapped the lines that were there. */
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
