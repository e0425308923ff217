import type { Host } from '../core/host.ts';

/** Flags for the look of a report. */
export interface StyleFlags {
  readonly color: boolean;
  readonly details?: boolean;
}

/** Colour only on a terminal, and not with `NO_COLOR`, even if empty, or `TERM=dumb`. */
const isColorWanted = ({ env, stdout }: Host, flags: Pick<StyleFlags, 'color'>): boolean =>
  flags.color && stdout.isTTY && env['NO_COLOR'] === undefined && env['TERM'] !== 'dumb';

/** How a report on stdout looks: as wide as the terminal, or as `COLUMNS` says, or 80. */
export const styleOf = (
  host: Host,
  flags: StyleFlags,
): { readonly width: number; readonly color: boolean; readonly details: boolean } => ({
  width: host.stdout.columns() ?? columnsIn(host.env['COLUMNS']) ?? 80,
  color: isColorWanted(host, flags),
  details: flags.details === true,
});

const columnsIn = (text: string | undefined): number | undefined =>
  text !== undefined && /^[1-9]\d{0,3}$/u.test(text) ? Number(text) : undefined;
