import type { File } from '../../core/file.ts';
import type { SweepResult } from '../../core/result/sweep.ts';
import { sweepCsv } from './csv.ts';
import { sweepHtml } from './html/page.ts';
import { sweepText } from './json.ts';
import { sweepJunit } from './junit.ts';
import { sweepMarkdown } from './markdown.ts';

/** The word a user writes → the reporter of a sweep's document. */
export const sweepReporters = {
  json: (result) => [{ name: 'result.json', text: sweepText(result) }],
  html: sweepHtml,
  markdown: sweepMarkdown,
  junit: sweepJunit,
  csv: sweepCsv,
} as const satisfies { readonly [format: string]: (result: SweepResult) => readonly File[] };

/** Every file of a sweep. */
export const sweepFilesOf = (result: SweepResult): readonly File[] =>
  Object.values(sweepReporters).flatMap((report) => report(result));

/** The names of these files. */
export const sweepFileNames = ['result.json', 'report.html', 'summary.md', 'junit.xml', 'slots.csv'] as const;
