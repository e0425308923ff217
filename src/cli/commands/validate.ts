import { ContendError } from '../../core/errors.ts';
import type { Host } from '../../core/host.ts';
import type { Plan } from '../../core/plan/plan.ts';
import { masking } from '../../core/mask.ts';
import { checkFiles, checkTargets, commandsOf } from '../../preconditions.ts';
import { many } from '../../report/format.ts';
import { plain } from '../../report/plain.ts';
import { exitCodes } from '../exit-codes.ts';
import { notesOf } from '../progress/notes.ts';
import { readPlan } from '../read/plan.ts';
import { agentCountOf } from '../flags/agents.ts';
import { hostsFrom } from '../flags/requests.ts';
import { extendOf, settingsOf } from '../flags/settings.ts';

/** The flags of `validate`, as commander gives them. */
export interface ValidateFlags {
  readonly agents?: string;
  readonly allowHost?: readonly string[];
}

/**
 * `contend validate`: checks every file, whatever is wrong with the others, and says of each what it would run, and start. Nothing
 * is sent, and nothing is started.
 */
export const validate = async (host: Host, files: readonly string[], flags: ValidateFlags): Promise<number> => {
  let exitCode: number = exitCodes.pass;
  const extend = extendOf(undefined, host.env);
  const agents = agentCountOf(flags);
  const options = {
    settings: settingsOf({}, host.env),
    extend,
    allowedHosts: hostsFrom(flags.allowHost),
    ...(agents === undefined ? {} : { agents }),
  };
  for (const file of files) {
    try {
      const read = await readPlan(host, file, options);
      if (read === undefined) exitCode = exitCodes.usage;
      else {
        const { plan } = read;
        await checkTargets(plan, (path) => host.readText(path));
        await checkFiles(plan, host);
        const mask = masking(plan.secrets ?? []);
        const told = [...commandsOf(plan).map((line) => `starts ${line}`), ...oldRacesIn(plan), ...notesOf(plan)];
        host.stdout.write(
          [
            `ok  ${file}  ${plan.name}: ${modesOf(plan)}, ${many(plan.rounds, 'round')}`,
            ...told.map((line) => `    ${plain(mask(line), longest)}`),
            '',
          ].join('\n'),
        );
      }
    } catch (error) {
      if (!(error instanceof ContendError)) throw error;
      exitCode = exitCodes.usage;
      host.stderr.write(`${file}  ${error.message}\n    ${error.hint}\n`);
    }
  }
  return exitCode;
};

/** A command may be long, and whoever reads it wants all of it. */
const longest = 4000;

/** What is wrong with the data of a build that is out there is known by now, or should be. */
const oldRacesIn = ({ modes, consistency }: Plan): readonly string[] =>
  consistency.length === 0
    ? []
    : modes
        .filter(({ serve, violations }) => serve?.git !== undefined && violations === 'forbidden')
        .map(
          ({ name, serve }) =>
            `${name} is the build at ${serve!.git}: if its data is wrong the run ends with 98; violations: allowed makes that a finding`,
        );

const modesOf = ({ modes, control }: Plan): string =>
  modes.length === 1 ? modes[0].name : `${modes.map(({ name }) => name).join(', ')}, compared with ${control}`;
