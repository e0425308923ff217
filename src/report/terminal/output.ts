import type { Result } from '../../core/result/result.ts';
import { plain } from '../plain.ts';
import { hanging, span, type Line } from './layout/line.ts';

/** The last lines of output of the program that made a run invalid; empty if no program did. */
export const output = ({ invalid }: Result, width: number): Line[] => {
  const lines = invalid?.output ?? [];
  if (lines.length === 0) return [];
  return [
    [span('its last output', 'quiet')],
    ...lines.flatMap((line) => hanging([span('  ')], plain(line, longest), width)),
  ];
};

const longest = 500;
