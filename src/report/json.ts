import { writeJson } from '../core/exact/write.ts';
import type { File } from '../core/file.ts';
import type { Result } from '../core/result/result.ts';

/** The result document itself, as `result.json`. */
export const json = (result: Result): readonly [File] => [{ name: 'result.json', text: documentText(result) }];

/** The result document as text, indented by two spaces, with a newline at the end. */
export const documentText = (result: Result): string => `${writeJson(result, 2)}\n`;
