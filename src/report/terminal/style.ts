/** The terminal's width and colours. */
export interface Style {
  /** Columns. */
  readonly width: number;
  readonly color: boolean;
}

/** What is shown, and how. */
export interface Shown extends Style {
  /** Show everything instead of one screen. */
  readonly details?: boolean;
  /** The folder with the result's files; absent if there is none. */
  readonly folder?: string | undefined;
}
