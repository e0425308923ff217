import type { Result } from '../core/result.ts';

/** The result document as text, indented by two spaces, with a newline at its end. */
export const json = (result: Result): string => `${JSON.stringify(result, null, 2)}\n`;
