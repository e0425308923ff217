import type { Result } from '../../../core/result/result.ts';
import { notesOf } from '../../sections/notes.ts';
import { plain } from '../../plain.ts';
import { hanging, type Line } from '../layout/line.ts';

/** What a reader must know to read the numbers correctly. */
export const notes = (result: Result, width: number): Line[] =>
  notesOf(result).flatMap((text) => hanging([], plain(text, longestNote), Math.min(width, 100), 'quiet'));

const longestNote = 300;
