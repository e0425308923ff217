import { describe, expect, test } from 'vitest';
import type { Mode } from '../../../src/core/plan/plan.ts';
import { checkOpenFiles } from '../../../src/measure/runner/open-files.ts';
import { storeMode } from '../mode.ts';

const modeOf = (users: number, workers: Mode['workers'] = 1): Mode => {
  const mode = storeMode({ workers });
  return { ...mode, load: { ...mode.load, users } };
};

describe('more users than the process may have connections', () => {
  test('are refused, with what would do', () => {
    expect(() => checkOpenFiles([modeOf(10), modeOf(10_000)], 1024, 2)).toThrow(
      expect.objectContaining({
        code: 'ERR_OPEN_FILES',
        message: '10,000 users need about 10,100 open files, and this process may have 1,024, in mode locked.',
        hint: 'ulimit -n 10200, or fewer users (--users).',
      }),
    );
  });

  test('are those beyond the limit alone, less what the process and its workers need themselves', () => {
    expect(() => checkOpenFiles([modeOf(924)], 1024, 2)).not.toThrow();
    expect(() => checkOpenFiles([modeOf(925)], 1024, 2)).toThrow('925 users need about 1,025 open files');
    expect(() => checkOpenFiles([modeOf(924, 2)], 1024, 2)).toThrow('924 users need about 1,044 open files');
    expect(() => checkOpenFiles([modeOf(924, 'auto')], 1024, 4)).toThrow('924 users need about 1,084 open files');
  });

  test('are nobody’s business where the limit is unknown', () => {
    expect(() => checkOpenFiles([modeOf(1_000_000)], undefined, 2)).not.toThrow();
  });
});
