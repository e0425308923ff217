/** How the terminal is, and how much it is to show. */
export interface Style {
  /** Columns. */
  readonly width: number;
  readonly color: boolean;
}

/** What is shown beside the result. */
export interface Shown extends Style {
  /** Everything there is, instead of one screen. */
  readonly details?: boolean;
  /** Where its files are; absent: nowhere. */
  readonly folder?: string | undefined;
}
