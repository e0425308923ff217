import type { Mode, Plan } from '../../src/core/plan/plan.ts';
import { renderProblems } from '../../src/scenario/text/problem.ts';
import type { Setting } from '../../src/scenario/layers/settings.ts';
import { readScenario, type ScenarioInput } from '../../src/scenario/read-scenario.ts';

/** A scenario with nothing but what is required. */
export const smallest = 'target: http://shop.test\nsteps: [{ get: /products }]\n';

/** That a scenario may write to other machines: whether it says so is asked in `check-hosts.test.ts`, and of no other text. */
const meant: Setting = { path: ['destructive'], value: true, from: 'a test' };

/** Reads a text as `shop.yaml`. */
export const read = (text: string, more: Partial<ScenarioInput> = {}): ReturnType<typeof readScenario> =>
  readScenario({
    text,
    file: 'scenarios/shop.yaml',
    seed: 7,
    ...more,
    settings: [meant, ...(more.settings ?? [])],
  });

/** The plan of a text that must have one. */
export const planOf = (text: string, more: Partial<ScenarioInput> = {}): Plan => {
  const result = read(text, more);
  if ('problems' in result) throw new Error(renderProblems(result.problems));
  return result.plan;
};

/** The mode of that name. */
export const modeOf = (text: string, name: string, more: Partial<ScenarioInput> = {}): Mode => {
  const mode = planOf(text, more).modes.find((mode) => mode.name === name);
  if (mode === undefined) throw new Error(`no mode ${name}`);
  return mode;
};

/** What a user sees of a text that must not have a plan. */
export const textOf = (text: string, more: Partial<ScenarioInput> = {}): string => {
  const result = read(text, { file: 'shop.yaml', ...more });
  return 'problems' in result ? renderProblems(result.problems) : 'no problem';
};

/** Each problem on a line: `place message (hint)`. */
export const linesOf = (text: string, more: Partial<ScenarioInput> = {}): string[] => {
  const result = read(text, { file: 'shop.yaml', ...more });
  if (!('problems' in result)) return [];
  return result.problems.map(
    ({ place, message, hint }) => `${place} ${message}${hint === undefined ? '' : ` (${hint})`}`,
  );
};
