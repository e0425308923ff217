import { describe, expect, test } from 'vitest';
import { type Line, rulesOf, verified } from '../lines.ts';

const lines = (...said: readonly Line[]): readonly Line[] =>
  said.map((one, at) => ({ key: 'k', session: at, call: 10 * at, ret: 10 * at + 5, status: 'ok', ...one }));
const add = (value: string, more: Line = {}): Line => ({ f: 'add', value, ...more });
const remove = (value: string, more: Line = {}): Line => ({ f: 'remove', value, ...more });
const read = (...value: readonly string[]): Line => ({ f: 'read', value });

describe('a set', () => {
  test('is the same in any order', async () => {
    const overlapping = lines(add('a', { ret: 12 }), add('b'), read('b', 'a'), read('a', 'b'));
    const seen = await verified(overlapping, 'set', { initial: [] });
    expect([seen.verdict, seen.keys['k']!.because]).toEqual([
      'no-violation-found',
      'each element was judged by itself',
    ]);
  });

  test('loses nothing that nobody removed', async () => {
    expect(rulesOf(await verified(lines(add('a'), read()), 'set'))).toEqual(['lost [same-host]']);
    expect(rulesOf(await verified(lines(add('a'), remove('a', { status: 'info', ret: null }), read()), 'set'))).toEqual(
      [],
    );
    expect(rulesOf(await verified(lines(read()), 'set', { initial: ['a'] }))).toEqual(['lost [same-host]']);
  });

  test('has nothing that was removed, or that nobody added, and nothing twice', async () => {
    expect(rulesOf(await verified(lines(add('a'), remove('a'), read('a')), 'set'))).toEqual([
      'still-there [same-host]',
    ]);
    expect(rulesOf(await verified(lines(add('a'), remove('a'), add('a'), read('a')), 'set'))).toEqual([]);
    expect(rulesOf(await verified(lines(read('a')), 'set', { initial: [] }))).toEqual(['from-nothing [clock-free]']);
    expect(rulesOf(await verified(lines(read('a')), 'set'))).toEqual([]);
    expect(rulesOf(await verified(lines(add('a'), read('a', 'a')), 'set'))).toEqual(['there-twice [clock-free]']);
  });

  test('may have lost, or have again, what is removed or added at the same moment', async () => {
    const at = (one: Line, call: number, ret: number): Line => ({
      key: 'k',
      status: 'ok',
      session: call,
      ...one,
      call,
      ret,
    });
    const judged = async (some: readonly Line[]): Promise<readonly string[]> => {
      const seen = await verified(some, 'set', { initial: [] });
      return [seen.verdict, ...rulesOf(seen)];
    };
    const removed = [at(add('a'), 0, 5), at(remove('a'), 20, 25), at(read(), 10, 20)];
    expect(await judged(removed)).toEqual(['no-violation-found']);
    const added = [at(add('a'), 0, 3), at(remove('a'), 4, 10), at(add('a'), 1, 4), at(read('a'), 20, 25)];
    expect(await judged(added)).toEqual(['no-violation-found']);
    const late = [at(add('a'), 0, 3), at(remove('a'), 4, 10), at(add('a'), 1, 3.5), at(read('a'), 20, 25)];
    expect(await judged(late)).toEqual(['violated', 'still-there [same-host]']);
  });

  test('that nobody reads was not put to the test', async () => {
    const seen = await verified(lines(add('a', { ret: 12 }), add('b')), 'set');
    expect([seen.verdict, seen.keys['k']!.because]).toEqual(['not-exercised', 'no request has read what is in it']);
  });
});
