import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import papaparse from 'papaparse';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { drawsOf } from '../../../src/cli/flags/samples.ts';
import { assertNoLeftovers, contendHere } from '../contend.ts';
import { documentOf } from '../document.ts';
import { openServer } from '../server.ts';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'contend-samples-'));
});

afterAll(() => rm(folder, { recursive: true }));

afterEach(assertNoLeftovers);

const rowsIn = async (out: string): Promise<readonly { readonly [column: string]: string }[]> =>
  papaparse.parse<{ readonly [column: string]: string }>(await readFile(join(out, 'samples.csv'), 'utf8'), {
    header: true,
    skipEmptyLines: true,
  }).data;

test('one, two and three workers draw the same iterations of every mode, as many as were asked for', async () => {
  await using server = await openServer(() => 200);
  const drawn = [];
  for (const workers of ['1', '2', '3']) {
    const out = join(folder, workers);
    const load = ['--modes', 'mutex,none', '-n', '400', '--rounds', '2', '-c', '6', '--seed', '5', '-w', workers];
    const { code, stderr, stdout } = await contendHere([
      'run',
      `${server.origin}/products/1`,
      ...load,
      '--samples',
      '40',
      '-o',
      out,
      '-q',
      '--json',
    ]);
    expect([code, stderr]).toEqual([0, '']);
    // The document holds none of it.
    expect(documentOf(stdout)).not.toHaveProperty('draws');
    const rows = await rowsIn(out);
    for (const mode of ['mutex', 'none']) {
      const ofMode = rows.filter((row) => row['mode'] === mode);
      expect(ofMode).toHaveLength(40);
      // A slot has 200 of them, and the workers take turns.
      for (const { worker, iteration, round } of ofMode)
        expect((Number(iteration) - 200 * (Number(round) - 1)) % Number(workers)).toBe(Number(worker) - 1);
    }
    for (const row of rows) {
      expect(row).toMatchObject({ outcome: 'completed', failure: '' });
      // What the iteration was spent on is part of its response time.
      const parts = ['send_lag_us', 'lock_wait_us', 'service_us', 'connect_us'].map((column) => Number(row[column]));
      expect(parts.reduce((sum, us) => sum + us, 0)).toBeLessThanOrEqual(Number(row['response_us']) + 1);
      expect(Number(row['service_us'])).toBeGreaterThan(0);
    }
    drawn.push(rows.map(({ mode, round, iteration }) => `${mode} ${round} ${iteration}`).toSorted());
  }
  expect(drawn[1]).toEqual(drawn[0]);
  expect(drawn[2]).toEqual(drawn[0]);
  expect(new Set(drawn[0]).size).toBe(80);
}, 90_000);

test('a failed iteration has its class, and no response time', async () => {
  await using server = await openServer(() => 500);
  const out = join(folder, 'failed');
  await contendHere(['run', server.origin, '-n', '20', '-c', '2', '-q', '-o', out], {
    env: { CONTEND_SAMPLES: '100' },
  });
  const rows = await rowsIn(out);
  // No more than there were.
  expect(rows).toHaveLength(20);
  for (const row of rows) expect(row).toMatchObject({ outcome: 'failed', failure: 'check', response_us: '' });
});

test('what is no number of iterations is refused, and so is the flag without a folder', () => {
  expect(drawsOf({ samples: '50', out: 'out' }, {})).toMatchObject({ size: 50 });
  expect(drawsOf({ out: 'out' }, { CONTEND_SAMPLES: '60' })).toMatchObject({ size: 60 });
  expect(drawsOf({}, { CONTEND_SAMPLES: '60' })).toBeUndefined();
  expect(drawsOf({ out: 'out' }, {})).toBeUndefined();
  for (const samples of ['0', '-1', '1.5', 'many', '100001', '1e3'])
    expect(() => drawsOf({ samples, out: 'out' }, {})).toThrow('--samples is how many iterations of each mode to keep');
  expect(() => drawsOf({ samples: '50' }, {})).toThrow('needs a folder for it');
});
