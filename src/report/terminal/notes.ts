import type { Result } from '../../core/result.ts';
import { notesOf } from '../notes.ts';
import { plain } from '../plain.ts';
import { hanging, type Line } from './line.ts';

/** What a reader must know to read the numbers rightly. */
export const notes = (result: Result, width: number): Line[] =>
  notesOf(result).flatMap((text) => hanging([], plain(text, longestNote), Math.min(width, 100), 'quiet'));

const longestNote = 300;
