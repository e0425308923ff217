import { kindOf, values } from './draw-register.ts';
import type { Kind } from '../trial.ts';

/** Registers by values. */
export const registers: readonly Kind[] = [
  kindOf('register of values written once', {}, values, [0.9, 0.5]),
  kindOf('register of values that come back', { isRepeating: true }, values, [0.9, 0.1]),
  kindOf('compare-and-swaps of values written once', { hasSwaps: true }, values, [0.9, 0.5]),
  kindOf('compare-and-swaps of values that come back', { hasSwaps: true, isRepeating: true }, values, [0.9, 0.1]),
];
