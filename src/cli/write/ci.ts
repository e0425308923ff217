import type { Host } from '../../core/host.ts';
import type { Result } from '../../core/result/result.ts';
import { annotations, withoutCommands } from '../../report/annotations.ts';
import { markdown } from '../../report/markdown/markdown.ts';
import { refusalOf } from '../refusal.ts';

/** Whether GitHub Actions runs this. */
const isGithub = ({ env }: Host): boolean => env['GITHUB_ACTIONS'] === 'true';

/** Text that is safe in a build's log: under GitHub Actions, without workflow commands. */
export const forLog = (host: Host, text: string): string => (isGithub(host) ? withoutCommands(text) : text);

/** Adds the summary to the build's page, if there is one. A failure to add it is reported, but does not fail the run. */
export const addSummary = async (host: Host, result: Result): Promise<void> =>
  addText(host, () => markdown(result)[0].text);

/** As {@link addSummary}, any text. */
export const addText = async (host: Host, text: () => string): Promise<void> => {
  const file = host.env['GITHUB_STEP_SUMMARY'];
  if (file === undefined || file === '') return;
  try {
    await host.appendText(file, text());
  } catch (error) {
    host.stderr.write(`contend: the summary cannot be added to GITHUB_STEP_SUMMARY, ${file}: ${refusalOf(error)}.\n`);
  }
};

/** Marks what failed for GitHub Actions; on stderr if a result document takes up stdout. */
export const annotate = (host: Host, result: Result, isJson: boolean): void => {
  if (!isGithub(host)) return;
  const lines = annotations(result);
  if (lines !== '') (isJson ? host.stderr : host.stdout).write(lines);
};
