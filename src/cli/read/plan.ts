import type { Host } from '../../core/host.ts';
import type { Plan } from '../../core/plan/plan.ts';
import type { Tables } from '../../core/table.ts';
import { readScenario, type ScenarioInput } from '../../scenario/read-scenario.ts';
import { renderNotes, renderProblems } from '../../scenario/text/problem.ts';
import { readText } from './file.ts';

/** The settings laid over a scenario, and which of its modes are wanted; `text`: the scenario, if it is in no file. */
export type ReadOptions = Omit<ScenarioInput, 'file' | 'seed' | 'text'> & { readonly text?: string };

/** A plan, and the rows of the files that its variables read. */
export interface Read {
  readonly plan: Plan;
  readonly tables: Tables;
  /** Whether the scenario itself says what it is swept over. */
  readonly hasAxis: boolean;
}

/** Reads a scenario; `undefined` if it has problems, which are then on stderr, as are notes. */
export const readPlan = async (host: Host, file: string, options: ReadOptions): Promise<Read | undefined> => {
  const text = options.text ?? (await readText(host, file, hintOf(file)));
  const read = readScenario({ ...options, text, file, seed: host.randomSeed(), readBeside: host.readBeside(file) });
  if ('plan' in read) {
    if (read.notes.length > 0) host.stderr.write(renderNotes(read.notes));
    return read;
  }
  host.stderr.write(renderProblems(read.problems));
  return undefined;
};

/** What to do if a scenario cannot be read: it may be an address without its scheme. */
export const hintOf = (file: string): string =>
  looksLikeAddress(file)
    ? `An address begins with its scheme. Is http://${file.replace(/^\/\//u, '')} meant?`
    : 'contend demo runs without a file, contend init writes one.';

/** `localhost`, an IP, or a name with dots or a port that is not the name of a scenario file. */
const looksLikeAddress = (file: string): boolean =>
  !/\.(ya?ml|json)$/iu.test(file) &&
  /^(\/\/)?(localhost|\d+(\.\d+){3}|\[[\da-f:.]+\]|[\w-]+(\.[\w-]+)*\.[a-z]{2,}|[\w.-]+(?=:\d))(:\d+)?([/?]|$)/iu.test(
    file,
  );
