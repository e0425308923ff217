/** A text file to be written, or written. */
export interface File {
  /** A name alone, no path. */
  readonly name: string;
  readonly text: string;
}
