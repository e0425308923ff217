import type { Host } from '../../core/host.ts';
import { runsPage } from '../../report/html/compare.ts';
import { runsDocument } from '../../report/markdown/runs.ts';
import { terminalRuns } from '../../report/terminal/terminal.ts';
import { compareRuns } from '../../run.ts';
import { forLog } from '../write/ci.ts';
import { styleOf } from '../style.ts';
import { exitCodes } from '../exit-codes.ts';
import { incomparable, readDocument } from '../read/document.ts';

/** The flags of `compare`, as commander gives them. */
export interface CompareFlags {
  readonly format?: 'terminal' | 'html' | 'markdown' | 'json';
  readonly json?: boolean;
  readonly color: boolean;
}

/**
 * `contend compare`: two result documents side by side, each relative to its control.
 *
 * @returns 0 whatever changed: a comparison is not a verdict
 * @throws {ContendError} ERR_USAGE with every reason why the two cannot be compared
 */
export const compare = async (
  host: Host,
  [before, after]: readonly [string, string],
  flags: CompareFlags,
): Promise<number> => {
  const [then, now] = [await readDocument(host, before), await readDocument(host, after)];
  const comparison = compareRuns(then, now);
  const { differences } = comparison;
  if (differences.length > 0) throw incomparable(`${before} and ${after} cannot be compared`, differences);
  const format = flags.json === true ? 'json' : (flags.format ?? 'terminal');
  const style = styleOf(host, flags);
  const texts = {
    terminal: () => forLog(host, terminalRuns(comparison, style)),
    html: () => runsPage(comparison),
    markdown: () => runsDocument(comparison),
    json: () => `${JSON.stringify(comparison, null, 2)}\n`,
  };
  host.stdout.write(texts[format]());
  return exitCodes.pass;
};
