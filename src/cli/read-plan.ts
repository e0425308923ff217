import type { Host } from '../core/host.ts';
import type { Plan } from '../core/plan.ts';
import type { Tables } from '../core/table.ts';
import { readScenario } from '../scenario/read-scenario.ts';
import { renderProblems } from '../scenario/problem.ts';
import type { Setting } from '../scenario/settings.ts';
import { readText } from './read-file.ts';

/** What is laid over a scenario file, and which of its modes are wanted. */
export interface ReadOptions {
  readonly settings: readonly Setting[];
  readonly only?: readonly string[];
  /** Beside those of the file. */
  readonly gates?: readonly string[];
  /** Whether the run may go on for as many rounds again. */
  readonly extend: boolean;
}

/** A plan, and the rows of the files that its variables read. */
export interface Read {
  readonly plan: Plan;
  readonly tables: Tables;
}

/** Reads a scenario file; undefined where it has problems, which are then on stderr. */
export const readPlan = async (host: Host, file: string, options: ReadOptions): Promise<Read | undefined> => {
  const text = await readText(host, file, 'contend demo runs without a file.');
  const read = readScenario({ text, file, seed: host.randomSeed(), readBeside: host.readBeside(file), ...options });
  if ('plan' in read) return read;
  host.stderr.write(renderProblems(read.problems));
  return undefined;
};
