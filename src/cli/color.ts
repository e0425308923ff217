import type { Host } from '../core/host.ts';

/** Colour only where somebody sees it: `NO_COLOR`, even when empty, and `TERM=dumb` say that nobody does. */
export const isColorWanted = ({ env, stdout }: Host, flags: { readonly color: boolean }): boolean =>
  flags.color && stdout.isTTY && env['NO_COLOR'] === undefined && env['TERM'] !== 'dumb';
