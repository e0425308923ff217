import { chmodSync, mkdtempSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { TestRunner } from 'vitest';
import { nameFile, openToAll, runVariable } from './names.ts';

// Before each file of tests: a temporary folder of its own. Its name is short, since the path of a socket may not be long.
const folder = mkdtempSync(join(process.env[runVariable]!, '/'));
chmodSync(folder, openToAll);
writeFileSync(folder + nameFile, relative('.', TestRunner.getCurrentSuite().file.filepath));
process.env['TMPDIR'] = folder;
