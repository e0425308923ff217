import type { Host } from '../../core/host.ts';
import { checkFiles, checkTargets } from '../../run.ts';
import { many } from '../../report/format.ts';
import { exitCodes } from '../exit-codes.ts';
import { readPlan } from '../read-plan.ts';
import { extendOf, settingsOf } from '../settings.ts';

/** `contend validate`: checks every file, sends nothing, and says of each what it would run. */
export const validate = async (host: Host, files: readonly string[]): Promise<number> => {
  let exitCode: number = exitCodes.pass;
  const extend = extendOf(undefined, host.env);
  for (const file of files) {
    const read = await readPlan(host, file, { settings: settingsOf({}, host.env), extend });
    if (read === undefined) {
      exitCode = exitCodes.usage;
      continue;
    }
    const { plan } = read;
    await checkTargets(plan, (path) => host.readText(path));
    await checkFiles(plan, host);
    const modes = plan.modes.map((mode) => mode.name).join(', ');
    host.stdout.write(
      `${file}: valid. ${plan.name}: ${modes}; ${many(plan.rounds, 'round')}; control ${plan.control}.\n`,
    );
  }
  return exitCode;
};
