import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { expectRead } from './many-lines.ts';

test.each([300_000, 2_000_000])(
  'contend verify reads a file of %i lines in parts, whatever they are broken at',
  async (lines) => {
    const folder = await mkdtemp(join(tmpdir(), 'contend-verify-'));
    try {
      await expectRead(folder, lines);
    } finally {
      await rm(folder, { recursive: true });
    }
    expect.hasAssertions();
  },
);
