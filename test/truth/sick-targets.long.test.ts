import { expect, test } from 'vitest';
import { expectDiagnosis } from './sick-run.ts';
import { sickTargets } from './sick-targets.ts';

const names = Object.keys(sickTargets);

test('there are at least twenty sick targets', () => {
  expect(names.length).toBeGreaterThanOrEqual(20);
});

test.each(names)('%s: told in the first lines, with its exit code', async (name) => expectDiagnosis(name));
