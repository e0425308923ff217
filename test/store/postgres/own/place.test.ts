import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { commonFolders, placeFor } from '../../../../src/store/postgres/own/place.ts';
import { asRoot, databaseFolder, forRoot, user } from '../../../postgres.ts';

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
    const closed = mkdtempSync(join(tmpdir(), 'closed-'));
    const within = mkdtempSync(join(closed, 'open-'));
    chmodSync(within, 0o777);
    expect(commonFolders).toContain(placeFor(closed, user));
    expect(commonFolders).toContain(placeFor(within, user));
    expect(placeFor(closed, undefined)).toBe(closed);
    rmSync(closed, { recursive: true });
  });
});
