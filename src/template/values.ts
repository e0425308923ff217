import { writeJson } from '../core/exact/write.ts';

/** A value that an expression cannot use: missing, not a number. An iteration that meets one fails as `capture`. */
export class TemplateValueError extends Error {
  override readonly name = 'TemplateValueError';
}

/** A value as an error shows it. */
export const shown = (value: unknown): string => {
  if (value === undefined) return 'missing';
  return typeof value === 'object' && value !== null ? 'an object' : writeJson(value);
};

/** The value, which must be there: NaN and infinity count as missing. */
export const present = (value: unknown, source: string): unknown => {
  if (value === undefined || (typeof value === 'number' && !Number.isFinite(value))) {
    throw new TemplateValueError(`\${${source}} is ${shown(value)}`);
  }
  return value;
};

/** A text, a number or a boolean as text, a whole number beyond 2^53 by its digits. Throws for anything else. */
export const textOf = (value: unknown, source: string): string => {
  if (typeof value === 'string') return value;
  if (typeof value === 'bigint') return String(value);
  if (typeof value === 'number' || typeof value === 'boolean') return String(present(value, source));
  throw new TemplateValueError(`\${${source}} is ${shown(value)}, which is not text`);
};

/** A number for an operator or a function. One beyond 2^53 would come out as another. */
export const numberOf = (value: unknown, by: string): number => {
  if (typeof value === 'number') return value;
  if (typeof value === 'bigint')
    throw new TemplateValueError(
      `"${by}" was given ${value}, beyond 2^53: put it in quotes or count in smaller numbers`,
    );
  throw new TemplateValueError(`"${by}" needs a number and was given ${shown(value)}`);
};
