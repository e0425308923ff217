import { describe, expect, test } from 'vitest';
import { type Line, rulesOf, verified } from '../lines.ts';

/** Each overlaps the one before it. */
const lines = (...said: readonly Line[]): readonly Line[] =>
  said.map((one, at) => ({ key: 'k', session: at, call: 10 * at, ret: 10 * at + 15, status: 'ok', ...one }));

const put = (value: string, more: Line = {}): Line => ({ f: 'put', value, ...more });
const take = (value: string | null, more: Line = {}): Line => ({ f: 'take', value, ...more });
const atLast: Line = { call: 900, ret: 910 };

describe('a queue', () => {
  test('gives out what was put in, once', async () => {
    const right = await verified(lines(put('a'), take('a'), put('b'), take('b'), take(null, atLast)), 'queue');
    expect(right.verdict).toBe('consistent');
    const twice = await verified(lines(put('a'), take('a'), take('a')), 'queue');
    expect(rulesOf(twice)).toEqual(['taken-twice [clock-free]']);
    expect((await verified(lines(put('a'), put('a'), take('a'), take('a')), 'queue')).verdict).toBe(
      'no-violation-found',
    );
  });

  test('may have had once what nobody put in, unless it is known what was there', async () => {
    const some = lines(take('a'), take('b'));
    expect((await verified(some, 'queue')).verdict).toBe('no-violation-found');
    expect((await verified(some, 'queue', { initial: ['a', 'b'] })).verdict).toBe('no-violation-found');
    expect(rulesOf(await verified(some, 'queue', { initial: ['a'] }))).toEqual(['taken-from-nothing [clock-free]']);
    expect(rulesOf(await verified(lines(take('a'), take('a')), 'queue'))).toEqual(['taken-twice [clock-free]']);
  });

  test('gives nothing before it was put in', async () => {
    const early = lines(take('a', { call: 0, ret: 5 }), put('a'), take(null, { call: 4, ret: 30 }));
    expect(rulesOf(await verified(early, 'queue'))).toEqual(['taken-before-put [same-host]']);
  });

  test('has lost what is not there when it is found empty at last, and no sooner', async () => {
    const lost = lines(put('a'), put('b'), take('b'), take(null, atLast));
    expect(rulesOf(await verified(lost, 'queue'))).toEqual(['lost [same-host]']);
    expect(rulesOf(await verified(lines(put('a'), put('b'), take(null), take('b')), 'queue'))).toEqual([]);
    const open = take(null, { status: 'info', ret: null });
    expect(
      (
        await verified(
          [...lines(open), ...lost.map((one) => ({ ...one, session: 9 + Number(one['session']) }))],
          'queue',
        )
      ).verdict,
    ).toBe('consistent');
    expect((await verified(lost, 'queue', { isOneClock: false })).verdict).toBe('no-violation-found');
  });

  test('of which one value is there twice gives each of them once it was put in, whoever asked first', async () => {
    const copies = (secondPut: number): readonly Line[] => [
      { key: 'k', session: 0, status: 'ok', call: 0, ret: 3, ...put('a') },
      { key: 'k', session: 1, status: 'ok', call: secondPut, ret: secondPut + 5, ...put('a') },
      { key: 'k', session: 2, status: 'ok', call: 1, ret: 50, ...take('a') },
      { key: 'k', session: 3, status: 'ok', call: 5, ret: 10, ...take('a') },
    ];
    // The one who asked later was answered earlier, and had the first.
    expect(await verified(copies(20), 'queue')).toMatchObject({ verdict: 'no-violation-found' });
    expect(rulesOf(await verified(copies(60), 'queue'))).toEqual(['taken-before-put [same-host]']);
  });

  test('may have given its last one to whoever asked until it was found empty, and was not answered', async () => {
    const lost = lines(put('a'), put('b'), take('b'), take(null, atLast));
    const open = (call: number): Line => ({ key: 'k', session: 9, status: 'info', call, ret: null, f: 'take' });
    expect(await verified([...lost, open(905)], 'queue')).toMatchObject({ verdict: 'consistent' });
    expect(rulesOf(await verified([...lost, open(911)], 'queue'))).toEqual(['lost [same-host]']);
  });

  test('has nothing of what was put in as null, however often', async () => {
    const nulls = lines(put('a'), { f: 'put', value: null }, { f: 'put', value: null }, take('a'), take(null, atLast));
    expect(await verified(nulls, 'queue')).toMatchObject({ verdict: 'consistent' });
  });
});
