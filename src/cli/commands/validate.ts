import { ContendError } from '../../core/errors.ts';
import type { Host } from '../../core/host.ts';
import type { Plan } from '../../core/plan/plan.ts';
import { masking } from '../../core/mask.ts';
import { checkFiles, checkTargets, commandsOf } from '../../preconditions.ts';
import { many } from '../../report/format.ts';
import { plain } from '../../report/plain.ts';
import { exitCodes } from '../exit-codes.ts';
import { notesOf } from '../progress/notes.ts';
import { extentOf } from '../progress/extent.ts';
import { sweepTexts } from '../progress/announce-sweep.ts';
import { readText } from '../read/file.ts';
import { readPlan, type ReadOptions } from '../read/plan.ts';
import { lengthOfSweep } from '../read/swept.ts';
import { readSweep } from '../../scenario/read-sweep.ts';
import { renderProblems } from '../../scenario/text/problem.ts';
import { agentCountOf } from '../flags/agents.ts';
import { hostsFrom } from '../flags/requests.ts';
import { extendOf, settingsOf } from '../flags/settings.ts';

/** The flags of `validate`, as commander gives them. */
export interface ValidateFlags {
  readonly agents?: string;
  readonly allowHost?: readonly string[];
}

/**
 * `contend validate`: checks every file, whatever is wrong with the others, and says what each would run and start. Nothing is
 * sent or started.
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
        const swept = read.hasAxis ? await sweptTexts(host, file, options) : [];
        if (swept === undefined) {
          exitCode = exitCodes.usage;
          continue;
        }
        const told = [
          extentOf(plan),
          ...swept,
          ...commandsOf(plan).map((line) => `starts ${line}`),
          ...oldRacesIn(plan),
          ...notesOf(plan),
        ];
        host.stdout.write(
          [
            `ok  ${file}  ${plan.name}: ${[...modesOf(plan), many(plan.rounds, 'round')].join(', ')}`,
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

/** A command may be long, and must be shown whole. */
const longest = 4000;

/** A note for each mode that runs a build from git and forbids violations: what is wrong with that build's data is probably known. */
const oldRacesIn = ({ modes, consistency }: Plan): readonly string[] =>
  consistency.length === 0
    ? []
    : modes
        .filter(({ serve, violations }) => serve?.git !== undefined && violations === 'forbidden')
        .map(
          ({ name, serve }) =>
            `${name} is the build at ${serve!.git}: if its data is wrong the run ends with 98; violations: allowed makes that a finding`,
        );

/** The modes if there are several, or the lock of the only one. */
const modesOf = ({ modes, control }: Plan): readonly string[] => {
  const [first, second] = modes;
  if (second === undefined) return first.lock.name === 'none' ? [] : [first.name];
  return [`${modes.map(({ name }) => name).join(', ')}, compared with ${control}`];
};

/** How closely a capacity is found by default. */
const width = 0.05;

/**
 * How long the sweep of a scenario takes, and the search for its capacity if it has gates over a load that can be searched.
 * `undefined` if it cannot be swept: the reason is then on stderr.
 */
const sweptTexts = async (host: Host, file: string, options: ReadOptions): Promise<readonly string[] | undefined> => {
  const text = await readText(host, file, '');
  const input = { ...options, text, file, seed: host.randomSeed(), readBeside: host.readBeside(file) };
  const grid = readSweep({ ...input, sweep: { width } });
  if ('problems' in grid) {
    host.stderr.write(renderProblems(grid.problems));
    return undefined;
  }
  const search = readSweep({ ...input, sweep: { width, find: 'capacity' } });
  const all = [['contend sweep', grid] as const, ['contend sweep --find capacity', search] as const];
  const texts: string[] = [];
  for (const [command, read] of all) {
    if ('problems' in read) continue;
    const [first, ...others] = sweepTexts({ sweep: read.sweep, length: await lengthOfSweep(read.sweep) });
    texts.push(`${command}: ${first!}`, ...others);
  }
  return texts;
};
