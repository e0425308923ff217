import { dirname, join, relative, resolve } from 'node:path';
import { ContendError } from '../../core/errors.ts';
import type { Host } from '../../core/host.ts';
import { exitCodes } from '../exit-codes.ts';
import { refusalOf } from '../refusal.ts';

/** `contend init`: writes a commented scenario to begin with, where no file is yet, and says what comes next. */
export const init = async (host: Host, file: string): Promise<number> => {
  const starter = await host.readText(join(host.packageFolder, 'scenarios', 'starter.yaml'));
  const text = starter
    .replace(/^# yaml-language-server: .*$/mu, () => `# yaml-language-server: $schema=${schemaFor(host, file)}`)
    .replaceAll(/\bFILE\b/gu, () => file);
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
  host.stdout.write(`${file} is written. It runs as it stands, against a small store that contend brings:

  contend run ${file}

To make it yours: target, data, before, steps; what it says of each is in the file.
  contend validate ${file}   tells every problem, and sends nothing
`);
  return exitCodes.pass;
};

/** The schema for editors: of the package, where it lies beside or above the file; else where npm's packages can be read. */
const schemaFor = ({ packageFolder, tool }: Host, file: string): string => {
  const path = relative(dirname(resolve(file)), join(packageFolder, 'scenario.schema.json')).replaceAll('\\', '/');
  const isNear = /^(\.\.\/)*node_modules\/contend\/|^(\.\.\/)*scenario\.schema\.json$/u.test(path);
  return isNear ? path : `https://unpkg.com/contend@${tool.version}/scenario.schema.json`;
};
