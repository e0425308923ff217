import { chmodSync, mkdtempSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import * as fc from 'fast-check';
import { TestRunner } from 'vitest';
import { nameFile, openToAll, runVariable } from './names.ts';

// Before each file of tests: a temporary folder of its own. Its name is short, since the path of a socket may not be long.
const folder = mkdtempSync(join(process.env[runVariable]!, '/'));
chmodSync(folder, openToAll);
writeFileSync(folder + nameFile, relative('.', TestRunner.getCurrentSuite().file.filepath));
process.env['TMPDIR'] = folder;

// What is drawn is the same in every run, so that a failure is of what was changed; FC_SEED=7, or FC_SEED=random, draws anew.
const seed = process.env['FC_SEED'] ?? '42';
if (seed !== 'random') fc.configureGlobal({ seed: Number(seed) });
