import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { contendHere } from '../cli/contend.ts';
import { documentOf, expectIdentities } from '../cli/document.ts';
import { openSick, scenarioOf, sickTargets } from './sick-targets.ts';

/** Runs against one of {@link sickTargets} under `--undecided warn`, and asks whether exit code and first lines are what they must be. */
export const expectDiagnosis = async (name: string): Promise<void> => {
  const sick = sickTargets[name]!;
  const folder = await mkdtemp(join(tmpdir(), 'contend-sick-'));
  const file = join(folder, 'sick.yaml');
  try {
    for (const flags of [[], ['--json']]) {
      await using target = await openSick(sick.answer);
      await writeFile(file, scenarioOf(sick, target.origin));
      const { code, stdout, stderr } = await contendHere(['run', file, '-q', '--undecided', 'warn', ...flags]);
      expect({ code, stderr }).toEqual({ code: sick.code, stderr: '' });
      if (flags.length > 0) for (const mode of documentOf(stdout).modes) expectIdentities(mode);
      else expect(opening(stdout)).toMatch(sick.says);
    }
  } finally {
    await rm(folder, { recursive: true });
  }
};

/** The verdict of a report and what made it so, in one line: what stands between its title and its first table. */
const opening = (report: string): string => report.split('\n\n')[1]!.replaceAll(/\s+/gu, ' ');
