import { dirname, join, relative, resolve } from 'node:path';
import { ContendError } from '../../core/errors.ts';
import type { Host } from '../../core/host.ts';
import { draftFrom } from '../../draft/from.ts';
import { filesBeside } from '../../draft/openapi/files.ts';
import { writeDraft } from '../../draft/write.ts';
import { many } from '../../report/format.ts';
import { renderProblems } from '../../scenario/text/problem.ts';
import { readScenario } from '../../scenario/read-scenario.ts';
import { exitCodes } from '../exit-codes.ts';
import { readText } from '../read/file.ts';
import { refusalOf } from '../refusal.ts';

/** The flags of `init`, as commander gives them. */
export interface InitFlags {
  readonly from?: string;
  readonly tag?: readonly string[];
  readonly operations?: readonly string[];
  readonly origin?: string;
}

/** `contend init`: writes a commented scenario to start from, if the file does not exist yet, and says what to do next. */
export const init = async (host: Host, file: string, flags: InitFlags): Promise<number> => {
  if (flags.from !== undefined) return initFrom(host, file, { ...flags, from: flags.from });
  if (flags.tag !== undefined || flags.operations !== undefined || flags.origin !== undefined)
    throw new ContendError(
      'ERR_USAGE',
      '--tag and --operations choose from an OpenAPI document, --origin from a recording.',
      'Name it: --from openapi.yaml',
    );
  const starter = await host.readText(join(host.packageFolder, 'scenarios', 'starter.yaml'));
  const text = starter
    .replace(/^# yaml-language-server: .*$/mu, () => `# yaml-language-server: $schema=${schemaFor(host, file)}`)
    .replaceAll(/\bFILE\b/gu, () => file);
  await create(host, file, text);
  host.stdout.write(`${file} is written. It runs as it stands, against a small store that contend brings:

  contend run ${inShell(file)}

To make it yours: target, data, before, steps; what it says of each is in the file.
  contend validate ${inShell(file)}   tells every problem, and sends nothing
`);
  return exitCodes.pass;
};

/** A path as one word of a shell command. */
const inShell = (path: string): string =>
  /^[\w./@%+=:,-]+$/u.test(path) ? path : `'${path.replaceAll("'", String.raw`'\''`)}'`;

/** `contend init --from`: writes the scenario made from a source, and says what it is and what is not in it. */
const initFrom = async (host: Host, file: string, flags: InitFlags & { readonly from: string }): Promise<number> => {
  const input = await inputOf(host, flags.from);
  const { draft, names } = draftFrom({
    ...input,
    tags: flags.tag ?? [],
    operations: flags.operations ?? [],
    ...(flags.origin === undefined ? {} : { origin: flags.origin }),
  });
  const text = writeDraft(draft, names.variable, schemaFor(host, file));
  const read = readScenario({ text, file, settings: [], seed: 0 });
  // No user can fix that: it is reported as a bug.
  if ('problems' in read) throw new Error(`the draft is not a scenario:\n${renderProblems(read.problems)}`);
  await create(host, file, text);
  const { login, steps, secrets, env, rest, left, guessed, cookies } = draft;
  const variables = [...secrets, ...env].map(({ name }) => name);
  host.stdout.write(
    [
      `${file} is written: ${many(login.length + steps.length, 'request')} to ${draft.target}.`,
      '',
      ...(variables.length === 0 ? [] : [`  set first: ${variables.join(', ')}`]),
      ...(cookies ? ['  install first: npm install tough-cookie'] : []),
      `  contend validate ${inShell(file)}   tells every problem, and sends nothing`,
      `  contend run ${inShell(file)}`,
      '',
      ...(rest.length === 0
        ? []
        : [
            `${many(rest.length, 'operation')} of the document not in it: listed at its end; --operations or --tag choose.`,
          ]),
      ...(left.length === 0 ? [] : ['Left out:', ...left.map((line) => `- ${line}`)]),
      ...(guessed.length === 0 ? [] : ['Guessed:', ...guessed.map((line) => `- ${line}`)]),
    ]
      .join('\n')
      .trimEnd() + '\n',
  );
  return exitCodes.pass;
};

/** A command itself, or the text of a file or of standard input. */
const inputOf = async (
  host: Host,
  from: string,
): Promise<{ readonly text: string; readonly file: string; readonly files?: ReadonlyMap<string, string> }> => {
  if (/^\s*(?:\$\s+)?(?:sudo\s+)?(?:[\w./\\-]*[\\/])?curl(?:\.exe)?\s/i.test(from))
    return { text: from, file: 'the command' };
  if (/^https?:\/\//i.test(from))
    throw new ContendError(
      'ERR_USAGE',
      `${from} is an address: --from downloads nothing.`,
      `Pipe it: curl -s '${from}' | contend init FILE --from -`,
    );
  if (from === '-') return { text: await host.readInput(), file: 'stdin' };
  const hint =
    '--from takes a curl command in quotes, a HAR file, a Postman collection, an OpenAPI document, or - for stdin.';
  const text = await readText(host, from, hint);
  const beside = async (path: string): Promise<string | undefined> => {
    try {
      return await host.readText(join(dirname(from), path));
    } catch {
      // The caller reports a missing file if it needs it.
      return undefined;
    }
  };
  return { text, file: from, files: await filesBeside(text, beside) };
};

const create = async (host: Host, file: string, text: string): Promise<void> => {
  try {
    await host.createFile(file, text);
  } catch (error) {
    throw new ContendError(
      'ERR_USAGE',
      `${file} cannot be written: ${refusalOf(error)}.`,
      'Nothing was changed. Name another file: contend init my.yaml',
      error,
    );
  }
};

/** The schema for editors: that of the package if it is next to or above the file, otherwise a URL of the package on npm. */
const schemaFor = ({ packageFolder, tool }: Host, file: string): string => {
  const path = relative(dirname(resolve(file)), join(packageFolder, 'scenario.schema.json')).replaceAll('\\', '/');
  const isNear = /^(\.\.\/)*node_modules\/contend\/|^(\.\.\/)*scenario\.schema\.json$/u.test(path);
  return isNear ? path : `https://unpkg.com/contend@${tool.version}/scenario.schema.json`;
};
