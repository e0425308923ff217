import { statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { ContendError } from '../core/errors.ts';
import type { Host } from '../core/host.ts';
import type { Plan } from '../core/plan/plan.ts';
import type { Serve } from '../core/plan/serve.ts';
import { shownWords } from './fill.ts';
import { repositoryOf } from './git.ts';

/** A process of a plan, and the modes that use it. */
export interface Served {
  readonly serve: Serve;
  readonly modes: readonly string[];
}

/** The processes that a plan starts, each once, in the order of its modes. */
export const servedIn = ({ modes }: Plan): readonly Served[] => {
  const all = new Map<string, { serve: Serve; modes: string[] }>();
  for (const { name, serve } of modes) {
    if (serve === undefined) continue;
    const served = all.get(serve.name) ?? { serve, modes: [] };
    served.modes.push(name);
    all.set(serve.name, served);
  }
  return [...all.values()];
};

/** `serve-1 (before, after)` */
export const nameOf = ({ serve, modes }: Served): string => `${serve.name} (${modes.join(', ')})`;

/** What a plan starts, one line per command, as typed in a shell. Secrets are not masked. */
export const commandsOf = (plan: Plan): readonly string[] =>
  servedIn(plan).flatMap((served) => {
    const { command, setup, cwd, git, env } = served.serve;
    const at = `${git === undefined ? '' : ` at ${git}`}${cwd === '.' ? '' : ` in ${cwd}`}`;
    const set = env.map(([name, value]) => (value === null ? `-u ${name}` : `${name}=${shownWords([value])}`));
    const commands = [...(setup === undefined ? [] : [setup]), command].map(
      (words) => `${set.length === 0 ? '' : `env ${set.join(' ')} `}${shownWords(words)}`,
    );
    return commands.map((shown) => `${nameOf(served)}${at}: ${shown}`);
  });

/**
 * Checks that a plan's processes may be started, and that they can be, as far as that shows beforehand.
 *
 * @param isAllowed `--allow-run`, `CONTEND_ALLOW_RUN=1`, `allowRun: true`
 * @throws {ContendError} ERR_USAGE
 */
export const checkServed = async (
  plan: Plan,
  isAllowed: boolean,
  { env, machine }: Pick<Host, 'env' | 'machine'>,
): Promise<void> => {
  const all = servedIn(plan);
  if (all.length === 0) return;
  if (!isAllowed) {
    throw new ContendError(
      'ERR_USAGE',
      `${plan.file} starts programs on this machine, and you have not allowed it:\n${commandsOf(plan)
        .map((line) => `  ${line}`)
        .join('\n')}`,
      'If you trust them: --allow-run, or CONTEND_ALLOW_RUN=1 for this one job.',
    );
  }
  if (machine.kernel.startsWith('win32'))
    throw new ContendError('ERR_USAGE', 'serve: needs process groups, which Windows does not have.', 'Use WSL.');
  for (const { serve } of all) {
    if (serve.reuse === true && isSet(env['CI'])) {
      const hint = 'Leave reuse: out, or say reuse: false: what already runs may be another build.';
      throw new ContendError(
        'ERR_USAGE',
        `${serve.name} says reuse: true, which is for your own machine, and CI is set.`,
        hint,
      );
    }
    const folder = dirname(plan.file);
    // Whether another commit has the folder only shows once it is checked out.
    if (serve.git === undefined) checkFolder(resolve(folder, serve.cwd), serve);
    else await repositoryOf(folder, serve.cwd, serve.git, env);
  }
};

const isSet = (value: string | undefined): boolean => value !== undefined && !['', '0', 'false'].includes(value);

const checkFolder = (folder: string, { name, cwd }: Serve): void => {
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() === true) return;
  const hint = 'cwd: is a folder, relative to the scenario file.';
  throw new ContendError('ERR_USAGE', `${name} cannot be started in ${cwd}: there is no folder ${folder}.`, hint);
};
