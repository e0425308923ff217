import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { findBinaries, type Binaries } from '../../../../src/store/postgres/own/binaries.ts';
import { startDatabase } from '../../../../src/store/postgres/own/database.ts';
import { asRoot, databaseFolder, forRoot, hasPostgres, machine, withPostgres } from '../../../postgres.ts';
import { answerOf } from './answer.ts';

let folder: string;
beforeEach(() => {
  folder = databaseFolder();
});
afterEach(() => rmSync(folder, { recursive: true }));

/** The programs where only root may go, with the rights that a strict umask leaves and nothing that may be written. */
const closedBinaries = (): Binaries => {
  const { package: its } = findBinaries(process.env['PATH'] ?? '', undefined, () => undefined);
  const native = join(mkdtempSync(join(tmpdir(), 'closed-')), 'native');
  cpSync(its!.native, native, { recursive: true });
  execFileSync('chmod', ['-R', 'u=rX,go=', native]);
  return { folder: join(native, 'bin'), package: { native, links: its!.links } };
};

describe.skipIf(!hasPostgres)(`a database of the store's own${withPostgres}`, () => {
  test.skipIf(!asRoot)(
    `of programs that only root can read, in a folder that only root may write to, is served and leaves nothing${forRoot}`,
    async () => {
      const binaries = closedBinaries();
      const place = join(folder, 'of-root');
      mkdirSync(place);
      chmodSync(place, 0o755);
      const { address, [Symbol.asyncDispose]: end } = await startDatabase(machine(place), 8, binaries);
      expect(existsSync(join(address.host!, 'native', 'bin', 'postgres'))).toBe(true);
      expect(await answerOf(address)).toEqual([{ answer: 42 }]);
      await end();
      expect(readdirSync(place)).toEqual([]);
      rmSync(dirname(binaries.package!.native), { recursive: true });
    },
    60_000,
  );
});
