import type { RunOptions } from '../options.ts';

/** What a sweep needs in addition to its plan. */
export interface SweepOptions extends RunOptions {
  /** What was cut beforehand to fit a budget. */
  readonly cut?: string | undefined;
  /** Called with a line about the rate that the target was seen to serve, and where the search therefore begins. */
  readonly say?: ((line: string) => void) | undefined;
}
