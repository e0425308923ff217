import { expect, test } from 'vitest';
import type { Result } from '../../../src/core/result/result.ts';
import { root } from '../contend.ts';
import { serving } from './serving.ts';

test('scenarios/two-builds: the old build loses deposits, which is allowed and shown, the mended one none, and nothing is left', async () => {
  await using one = await serving();
  const ended = await one.run(['-q', '-n', '400', '--rounds', '2'], {}, `${root}scenarios/two-builds/scenario.yaml`);
  expect(ended).toMatchObject({ code: 0, stderr: '' });
  const { headline, modes, serves, comparisons } = JSON.parse(await one.out('result.json')) as Result;
  expect(headline).toBe('PASS');
  const [before, after] = modes;
  expect(before?.consistency?.verdict).toBe('violated');
  expect(before?.consistency?.findings.some(({ operations }) => operations.length > 0)).toBe(true);
  expect(after?.consistency?.verdict).toBe('consistent');
  expect(serves?.map((serve) => serve.modes)).toEqual([['before'], ['after']]);
  expect(comparisons.map(({ metric }) => metric)).toContain('throughput');
});
