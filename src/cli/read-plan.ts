import type { Host } from '../core/host.ts';
import type { Plan } from '../core/plan.ts';
import { readScenario, type ScenarioInput } from '../scenario/read-scenario.ts';
import { renderProblems } from '../scenario/problem.ts';
import { readText } from './read-file.ts';

/** What is laid over a scenario, and which of its modes are wanted; `text`: the scenario, where it is in no file. */
export type ReadOptions = Omit<ScenarioInput, 'file' | 'seed' | 'text'> & { readonly text?: string };

/** Reads a scenario; undefined where it has problems, which are then on stderr. */
export const readPlan = async (host: Host, file: string, options: ReadOptions): Promise<Plan | undefined> => {
  const text =
    options.text ?? (await readText(host, file, 'contend demo runs without a file, contend init writes one.'));
  const read = readScenario({ ...options, text, file, seed: host.randomSeed() });
  if ('plan' in read) return read.plan;
  host.stderr.write(renderProblems(read.problems));
  return undefined;
};
