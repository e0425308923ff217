import type { RunOptions } from '../options.ts';

/** What a sweep needs beside its plan. */
export interface SweepOptions extends RunOptions {
  /** What was cut beforehand to fit a budget. */
  readonly cut?: string | undefined;
  /** Is told what the target was seen to serve, and where a search begins for that: a line. */
  readonly say?: ((line: string) => void) | undefined;
}
