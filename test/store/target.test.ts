import { describe, expect, test } from 'vitest';
import type { ContendError } from '../../src/core/errors.ts';
import { parseStoreTarget } from '../../src/store/open.ts';

const refusal = (target: string): ContendError => {
  try {
    parseStoreTarget(target);
  } catch (error) {
    return error as ContendError;
  }
  throw new Error(`${target} was not refused`);
};

describe('a store target', () => {
  test('without parameters means a service time of 1 ms', () => {
    expect(parseStoreTarget('builtin:store')).toEqual({ serviceUs: 1000 });
    expect(parseStoreTarget('builtin:store?')).toEqual({ serviceUs: 1000 });
  });

  test.each([
    ['0', 0],
    ['0ms', 0],
    ['500us', 500],
    ['2ms', 2000],
    ['1.5ms', 1500],
    ['1s', 1_000_000],
    ['3600s', 3_600_000_000],
  ])('service=%s is %i µs', (service, serviceUs) => {
    expect(parseStoreTarget(`builtin:store?service=${service}`)).toEqual({ serviceUs });
  });

  test.each(['', '2', '-1ms', '2 ms', '2m', 'ms', '1e3ms', '3601s', 'Infinity'])(
    'service=%s is refused with what to write',
    (service) => {
      const { code, message, hint } = refusal(`builtin:store?service=${service}`);
      expect(code).toBe('ERR_USAGE');
      expect(message).toContain('service');
      expect(hint).toContain('2ms');
    },
  );

  test('db=postgres is a database with a pool of 32, or of so many', () => {
    expect(parseStoreTarget('builtin:store?db=postgres')).toEqual({ serviceUs: 0, connections: 32 });
    expect(parseStoreTarget('builtin:store?pool=4&db=postgres')).toEqual({ serviceUs: 0, connections: 4 });
    expect(parseStoreTarget('builtin:store?db=memory')).toEqual({ serviceUs: 1000 });
  });

  test.each([
    ['db=mysql', '"mysql"'],
    ['db=postgres&pool=0', '"0"'],
    ['db=postgres&pool=501', '"501"'],
    ['db=postgres&service=1ms', 'service'],
    ['pool=4', 'pool'],
    ['db=memory&db=postgres', 'db is given twice'],
  ])('%s is refused with its fault', (query, fault) => {
    expect(refusal(`builtin:store?${query}`)).toMatchObject({
      code: 'ERR_USAGE',
      message: expect.stringContaining(fault) as string,
    });
  });

  test('every unknown parameter is named', () => {
    const { code, message, hint } = refusal('builtin:store?servce=2ms&service=1ms&latency=3');
    expect(code).toBe('ERR_USAGE');
    expect(message).toContain('unknown parameters "servce", "latency"');
    expect(hint).toContain('service');
  });

  test('a parameter given twice is refused', () => {
    expect(refusal('builtin:store?service=1ms&service=2ms').message).toContain('twice');
  });

  test('another built-in than the store is refused by its name', () => {
    expect(refusal('builtin:shop').message).toContain('"builtin:shop"');
  });
});
