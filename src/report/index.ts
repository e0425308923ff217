import type { File } from '../core/file.ts';
import type { Result } from '../core/result/result.ts';
import { csv } from './csv.ts';
import { html } from './html/html.ts';
import { hgrm, hgrmName } from './hgrm.ts';
import { json } from './json.ts';
import { junit } from './junit.ts';
import { markdown } from './markdown/markdown.ts';
import { prometheus } from './telemetry/prometheus.ts';
import { violations } from './violations.ts';

/** Result document in, files out: a pure function. It makes all text from outside safe for its format. */
export type Reporter = (result: Result) => readonly File[];

/** The word a user writes → the reporter. The terminal report is not among them: it needs to know the terminal. */
export const reporters = { json, html, markdown, junit, csv, violations, hgrm } as const satisfies {
  readonly [format: string]: Reporter;
};

/** Reporters that need an optional package; `--out` does not write their files. */
export const loadedReporters = { prometheus } as const satisfies {
  readonly [format: string]: (result: Result) => Promise<readonly File[]>;
};

/** Every file of a result. */
export const filesOf = (result: Result): readonly File[] =>
  Object.values(reporters).flatMap((report) => report(result));

/** The names of the files of a result with these modes. */
export const fileNames = (modes: readonly string[]): readonly string[] => [
  'result.json',
  'report.html',
  'summary.md',
  'junit.xml',
  'slots.csv',
  'violations.ndjson',
  ...modes.map(hgrmName),
];
