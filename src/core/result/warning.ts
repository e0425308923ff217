/** Something that casts doubt on a number, and what to do about it. */
export interface Warning {
  readonly code: string;
  readonly message: string;
  readonly hint: string;
}
