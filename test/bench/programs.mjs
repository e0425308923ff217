import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

const folders = () => [
  ...(process.env.CONTEND_BENCH_PEERS ?? '')
    .split(delimiter)
    .filter((folder) => folder !== '')
    .flatMap((folder) => [folder, join(folder, 'bin'), join(folder, 'node_modules/.bin')]),
  ...(process.env.PATH ?? '').split(delimiter),
  // Where Debian installs nginx, which is not on every user's PATH.
  '/usr/sbin',
];

const isProgram = (path) => {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
};

/** Where a program is: in the folders of CONTEND_BENCH_PEERS, which `npm --prefix` fills too, or on PATH. `undefined`: nowhere. */
export const findProgram = (name) =>
  folders()
    .map((folder) => join(folder, name))
    .find(isProgram);
