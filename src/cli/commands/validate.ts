import { ContendError } from '../../core/errors.ts';
import type { Host } from '../../core/host.ts';
import type { Plan } from '../../core/plan/plan.ts';
import { checkFiles, checkTargets } from '../../preconditions.ts';
import { many } from '../../report/format.ts';
import { exitCodes } from '../exit-codes.ts';
import { readPlan } from '../read/plan.ts';
import { hostsFrom } from '../flags/requests.ts';
import { extendOf, settingsOf } from '../flags/settings.ts';

/** The flags of `validate`, as commander gives them. */
export interface ValidateFlags {
  readonly allowHost?: readonly string[];
}

/** `contend validate`: checks every file, whatever is wrong with the others, sends nothing, and says of each what it would run. */
export const validate = async (host: Host, files: readonly string[], flags: ValidateFlags): Promise<number> => {
  let exitCode: number = exitCodes.pass;
  const extend = extendOf(undefined, host.env);
  const options = { settings: settingsOf({}, host.env), extend, allowedHosts: hostsFrom(flags.allowHost) };
  for (const file of files) {
    try {
      const read = await readPlan(host, file, options);
      if (read === undefined) exitCode = exitCodes.usage;
      else {
        const { plan } = read;
        await checkTargets(plan, (path) => host.readText(path));
        await checkFiles(plan, host);
        host.stdout.write(`ok  ${file}  ${plan.name}: ${modesOf(plan)}, ${many(plan.rounds, 'round')}\n`);
      }
    } catch (error) {
      if (!(error instanceof ContendError)) throw error;
      exitCode = exitCodes.usage;
      host.stderr.write(`${file}  ${error.message}\n    ${error.hint}\n`);
    }
  }
  return exitCode;
};

const modesOf = ({ modes, control }: Plan): string =>
  modes.length === 1 ? modes[0].name : `${modes.map(({ name }) => name).join(', ')}, compared with ${control}`;
