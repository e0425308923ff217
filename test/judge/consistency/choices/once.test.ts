import { describe, expect, test } from 'vitest';
import { type Line, rulesOf, verified } from '../lines.ts';

/** Each begins with the others, and is answered so. */
const asked = (answers: readonly (number | null)[]): readonly Line[] =>
  answers.map((value, session) => ({
    key: 'k',
    session,
    f: 'do',
    call: session,
    ret: 100 + session,
    status: value === null ? 'fail' : 'ok',
    ...(value !== null && { value }),
  }));

const read = (value: number, call: number): Line => ({
  key: 'k',
  session: 90,
  f: 'read',
  call,
  ret: call + 1,
  status: 'ok',
  value,
});

describe('what is done once', () => {
  test('is answered alike, and who was refused says nothing', async () => {
    const same = await verified(asked([7, 7, null]), 'once');
    expect([same.verdict, same.keys['k']!.because]).toEqual([
      'no-violation-found',
      'the answers agree; whether it was done once was not read',
    ]);
    const seen = await verified(asked([7, 8, 7]), 'once');
    expect(rulesOf(seen)).toEqual(['answers-differ [clock-free]']);
    expect(seen.findings[0]).toMatchObject({ atLeast: 1, atMost: 1 });
  });

  test('moves what is read of it once', async () => {
    const around = (after: number, before = 0) => [read(before, -10), ...asked([7, 7, 7]), read(after, 500)];
    expect((await verified(around(1), 'once')).verdict).toBe('consistent');
    expect((await verified(around(-100), 'once', { effectBy: -100 })).verdict).toBe('consistent');
    const twice = await verified(around(3), 'once');
    expect(rulesOf(twice)).toEqual(['done-twice [clock-free]']);
    expect(twice.findings[0]).toMatchObject({ atLeast: 2, atMost: 2 });
    expect(rulesOf(await verified(around(0), 'once'))).toEqual(['not-done [clock-free]']);
    expect(rulesOf(await verified(around(50), 'once', { effectBy: 100 }))).toEqual(['wrong-effect [clock-free]']);
    // It may have been done before.
    expect((await verified(around(1, 1), 'once')).verdict).toBe('no-violation-found');
  });

  test('is put to the test before the first answer alone', async () => {
    const later = asked([7, 7, 7]).map((one, at) => ({
      ...one,
      call: at === 0 ? 0 : 200,
      ret: at === 0 ? 100 : 300 + at,
    }));
    const seen = await verified(later, 'once');
    expect([seen.verdict, seen.exposure.overlapping]).toEqual(['not-exercised', 0]);
    expect(seen.keys['k']!.because).toContain('no two requests with one key overlapped before its first answer');
  });

  test('is put to the test by who was refused meanwhile, where the effect is read', async () => {
    const lines = asked([7, null]);
    expect((await verified(lines, 'once')).exposure.overlapping).toBe(0);
    expect((await verified([read(0, -10), ...lines, read(1, 500)], 'once')).exposure.overlapping).toBe(1);
  });
});
