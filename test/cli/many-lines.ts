import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { VerifiedHistory } from '../../src/core/result/finding.ts';
import { contendHere } from './contend.ts';

/** Writes a history of so many lines, letters of two bytes among them, into a folder and asserts that all of it is read and judged. */
export const expectRead = async (folder: string, lines: number): Promise<void> => {
  const text = Array.from({ length: lines }, (_, n) =>
    JSON.stringify({
      key: `ключ ${Math.floor(n / 3) % 7}`,
      session: n % 50,
      f: n % 3 === 0 ? 'write' : 'read',
      call: n * 10,
      ret: n * 10 + 35,
      status: 'ok',
      value: n - (n % 3),
    }),
  );
  const file = join(folder, 'many.ndjson');
  await writeFile(file, `${text.join('\n')}\n`);
  const ended = await contendHere(['verify', file, '--model', 'register', '--json']);
  expect(ended.code).toBe(0);
  expect((JSON.parse(ended.stdout) as VerifiedHistory).coverage).toMatchObject({ operations: lines, keys: 7 });
};
