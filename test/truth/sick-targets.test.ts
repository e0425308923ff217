import { test } from 'vitest';
import { expectDiagnosis } from './sick-run.ts';

// The others take longer: sick-targets.long.test.ts.
test.each([
  'another field than the one captured',
  'no answer ever comes',
  '429 for three in four',
  'every third one fails, and there is no gate',
])('a target of which %s is told in the first lines, with its exit code', async (name) => expectDiagnosis(name));
