import { writeJson } from '../core/exact/write.ts';
import type { File } from '../core/file.ts';
import type { Result } from '../core/result/result.ts';

/**
 * `violations.ndjson`: a line of JSON for every finding of every mode, with the mode's name: the certificates of `result.json`
 * for tools that read line by line. Empty if nothing was wrong.
 */
export const violations = ({ modes }: Result): readonly [File] => [
  {
    name: 'violations.ndjson',
    text: modes
      .flatMap(({ name, consistency }) => (consistency?.findings ?? []).map((finding) => ({ mode: name, ...finding })))
      .map((line) => `${writeJson(line)}\n`)
      .join(''),
  },
];
