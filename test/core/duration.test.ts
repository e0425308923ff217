import { describe, expect, test } from 'vitest';
import { parseDuration, parseDurations } from '../../src/core/duration.ts';

describe('a duration', () => {
  test.each([
    ['200us', 200],
    ['1ms', 1000],
    ['1.5s', 1_500_000],
    ['2m', 120_000_000],
    ['1h', 3_600_000_000],
    ['0', 0],
    [0, 0],
    ['0.0004ms', 0],
    ['0.1s', 100_000],
  ])('%s is %i µs', (text, us) => expect(parseDuration(text)).toBe(us));

  test.each(['10', 10, '-1s', '1 s', '1S', 's', '', '1e3s', '.5s', null, undefined, {}, ['1s'], '1s '])(
    '%j is none',
    (input) => expect(parseDuration(input)).toBeUndefined(),
  );
});

test('two durations make a span', () => {
  expect(parseDurations('1ms..20ms')).toEqual([1000, 20_000]);
  expect(parseDurations('0..1s')).toEqual([0, 1_000_000]);
  for (const input of ['1ms', '1ms..', '..1ms', '1ms...2ms', '1ms..2ms..3ms', '1..2', 5])
    expect(parseDurations(input)).toBeUndefined();
});
