import { describe, expect, test } from 'vitest';
import { type Line, rulesOf, verified } from '../lines.ts';

const lines = (...said: readonly Line[]): readonly Line[] =>
  said.map((one, at) => ({ key: 'k', session: at % 2, call: 10 * at, ret: 10 * at + 5, status: 'ok', ...one }));

describe('a compare-and-swap that is promised to be refused for a reason', () => {
  const promise = { areRefusalsJustified: true, initial: false };

  test('is refused without one where what it was built on was there', async () => {
    const free = lines({ f: 'cas', expect: false, value: true, status: 'fail' }, { f: 'read', value: false });
    expect(rulesOf(await verified(free, 'cas-register', promise))).toEqual(['refused-without-reason [same-host]']);
    expect((await verified(free, 'cas-register', { initial: false })).verdict).not.toBe('violated');
    const held = lines(
      { f: 'cas', expect: false, value: true },
      { f: 'cas', expect: false, value: true, status: 'fail' },
      { f: 'write', value: false, call: 22 },
    );
    expect(rulesOf(await verified(held, 'cas-register', promise))).toEqual([]);
  });

  test('by its version, too', async () => {
    const swaps = (expected: string) =>
      lines(
        { f: 'write', value: 'a', version: 1 },
        { f: 'cas', expect: expected === 'old' ? 0 : 1, value: 'b', status: 'fail' },
        { f: 'read', value: 'a', version: 1 },
      );
    const terms = { areRefusalsJustified: true };
    expect(rulesOf(await verified(swaps('new'), 'cas-register', terms))).toEqual([
      'refused-without-reason [same-host]',
    ]);
    expect(rulesOf(await verified(swaps('old'), 'cas-register', terms))).toEqual([]);
  });
});

test('a refusal has a reason where a change that was under way meanwhile may have come last', async () => {
  const at = (one: Line, session: number, call: number, ret: number): Line => ({
    key: 'k',
    status: 'ok',
    session,
    call,
    ret,
    ...one,
  });
  const refused = at({ f: 'cas', expect: 'x', value: 'z', status: 'fail' }, 3, 40, 41);
  const written = (call: number, ret: number): readonly Line[] => [
    at({ f: 'write', value: 'x' }, 1, 10, 15),
    at({ f: 'write', value: 'y' }, 2, call, ret),
    refused,
  ];
  const terms = { areRefusalsJustified: true, initial: 'a' };
  const crossed = await verified(written(5, 30), 'cas-register', terms);
  expect([crossed.findings, crossed.verdict === 'unknown']).toEqual([[], false]);
  expect(rulesOf(await verified(written(5, 9), 'cas-register', terms))).toEqual(['refused-without-reason [same-host]']);
});

test('a refusal is wrong by a search, too, where the value was written again', async () => {
  const free = lines({ f: 'cas', expect: false, value: true, status: 'fail' }, { f: 'write', value: false });
  const seen = await verified(free, 'cas-register', { areRefusalsJustified: true, initial: false });
  expect(rulesOf(seen)).toEqual(['not-linearizable [same-host]']);
});

test('what is put to the test of a session is a read after a change', async () => {
  const terms = { isOfSessions: true };
  const some = lines({ f: 'write', value: 'b', session: 1 }, { f: 'read', value: 'b', session: 2 });
  expect((await verified(some, 'register', terms)).verdict).toBe('not-exercised');
  const again = lines(
    { f: 'read', value: 'a', session: 1 },
    { f: 'write', value: 'b', session: 2 },
    { f: 'read', value: 'b', session: 1 },
  );
  const seen = await verified(again, 'register', terms);
  expect([seen.verdict, seen.exposure.overlapping]).toEqual(['no-violation-found', 1]);
});

describe('a register that promises to sessions alone', () => {
  const terms = { isOfSessions: true, initial: 'a' };

  test('lets others read what is old, and says which promise it breaks', async () => {
    const stale = lines({ f: 'write', value: 'b' }, { f: 'read', value: 'a' });
    expect(rulesOf(await verified(stale, 'register', { initial: 'a' }))).toEqual(['stale-read [same-host]']);
    expect(rulesOf(await verified(stale, 'register', terms))).toEqual([]);
    const own = stale.map((one) => ({ ...one, session: 1 }));
    expect(rulesOf(await verified(own, 'register', terms))).toEqual(['read-your-writes [session]']);
  });

  test('lets nobody read what is older than before', async () => {
    const back = lines(
      { f: 'write', value: 'b' },
      { f: 'write', value: 'c', session: 0 },
      { f: 'read', value: 'c', session: 1 },
      { f: 'read', value: 'b', session: 1 },
    );
    expect(rulesOf(await verified(back, 'register', terms))).toEqual(['monotonic-reads [same-host]']);
  });

  test('holds every later read against the newest that was read, not against the last', async () => {
    const versions = lines(
      ...[5, 3, 4].map((version): Line => ({ f: 'read', value: `v${version}`, version, session: 1 })),
      { f: 'write', value: 'v5', version: 5, session: 2, call: 0, ret: 1 },
    );
    const seen = await verified(versions, 'register', { isOfSessions: true });
    expect(seen.findings).toMatchObject([{ rule: 'monotonic-reads', atLeast: 2 }]);
  });
});
