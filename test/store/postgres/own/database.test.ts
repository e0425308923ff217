import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startDatabase } from '../../../../src/store/postgres/own/database.ts';
import { databaseFolder, hasPostgres, machine, withPostgres } from '../../../postgres.ts';
import { answerOf } from './answer.ts';

let folder: string;
beforeEach(() => {
  folder = databaseFolder();
});
afterEach(() => rmSync(folder, { recursive: true }));

describe.skipIf(!hasPostgres)(`a database of the store's own${withPostgres}`, () => {
  test('is somewhere else where the path of its socket would be too long, and leaves nothing there', async () => {
    const deep = join(folder, 'a-folder-with-a-name-that-is-rather-long'.repeat(3));
    mkdirSync(deep);
    const { address, [Symbol.asyncDispose]: end } = await startDatabase(machine(deep), 8);
    expect(await answerOf(address)).toEqual([{ answer: 42 }]);
    await end();
    expect(existsSync(address.host!)).toBe(false);
    expect(readdirSync(deep)).toEqual([]);
  }, 60_000);

  test('that cannot be started says why, and leaves nothing', async () => {
    const binaries = { folder: join(folder, 'no-such-programs') };
    await expect(startDatabase(machine(folder), 8, binaries)).rejects.toMatchObject({
      code: 'ERR_STORE',
      message: expect.stringContaining('initdb') as string,
    });
    expect(readdirSync(folder)).toEqual([]);
  });
});
