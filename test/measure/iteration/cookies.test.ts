import { expect, test } from 'vitest';
import { loadJars } from '../../../src/measure/iteration/cookies.ts';

test('without the package that keeps cookies, the way to it is told', async () => {
  const missing = Object.assign(new Error("Cannot find package 'tough-cookie'"), { code: 'ERR_MODULE_NOT_FOUND' });
  await expect(loadJars(async () => Promise.reject(missing))).rejects.toMatchObject({
    code: 'ERR_MISSING_PACKAGE',
    hint: expect.stringContaining('npm install tough-cookie') as string,
  });
  const other = new Error('a bug in it');
  await expect(loadJars(async () => Promise.reject(other))).rejects.toBe(other);
});
