import { chmodSync, mkdirSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { commonFolders, placeFor } from '../../../../src/store/postgres/own/place.ts';
import { asRoot, databaseFolder, forRoot, user } from '../../../postgres.ts';
import { openToAll } from '../../../temporary/names.ts';

let open: string;
beforeAll(() => {
  open = databaseFolder();
});
afterAll(() => rmSync(open, { recursive: true }));

describe('a database is made', () => {
  test('in the temporary folder of the environment, whose path may be relative', () => {
    expect(placeFor(open, user)).toBe(open);
    expect(placeFor(relative('.', open), user)).toBe(open);
  });

  test('elsewhere where the path of its socket would be longer than some system allows', () => {
    for (let letters = 1; letters <= 60; letters++) {
      const path = join(open, 'é'.repeat(letters));
      mkdirSync(path);
      const isShort = Buffer.byteLength(`${path}/contend-postgres-XXXXXX/.s.PGSQL.5432`) < 104;
      if (isShort) expect(placeFor(path, undefined)).toBe(path);
      else expect(commonFolders).toContain(placeFor(path, undefined));
    }
  });

  test('elsewhere where nothing can be written', () => {
    expect(commonFolders).toContain(placeFor(join(open, 'nowhere'), undefined));
  });

  test.skipIf(!asRoot)(`elsewhere where only root may enter the folder, or one around it${forRoot}`, () => {
    const within = join(open, 'w');
    mkdirSync(within);
    chmodSync(within, openToAll);
    chmodSync(open, 0o700);
    const places = [open, within].map((folder) => placeFor(folder, user));
    chmodSync(open, openToAll);
    for (const place of places) expect(commonFolders).toContain(place);
    expect(placeFor(open, user)).toBe(open);
  });
});
