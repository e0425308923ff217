import { describe, expect, test } from 'vitest';
import { type Line, rulesOf, verified } from '../lines.ts';

const ms = 1e6;

/** A grant to each session that begins at that time and takes half a millisecond, all at once where there is one time. */
const granted = (times: readonly number[], more: Line = {}): readonly Line[] =>
  times.map((at, session) => ({
    key: 'k',
    session,
    f: 'grant',
    call: at * ms,
    ret: (at + 0.5) * ms,
    status: 'ok',
    ...more,
  }));

describe('at most so many', () => {
  test('are wrong by what was granted beyond the limit, with what is not known beside it', async () => {
    const open = granted([0], { status: 'info', ret: null, session: 9 });
    const seen = await verified([...granted([0, 0, 0, 0]), ...open], 'at-most', { limit: 3, initial: 0 });
    expect(rulesOf(seen)).toEqual(['over-limit [clock-free]']);
    expect(seen.findings[0]).toMatchObject({ atLeast: 1, atMost: 2, sold: { granted: 4, of: 3 } });
    expect(seen.findings[0]!.because.join(' ')).toContain('1 more request of unknown outcome');
  });

  test('count what was granted before', async () => {
    const seen = await verified(granted([0, 0]), 'at-most', { limit: 3, initial: 2 });
    expect(seen.findings[0]).toMatchObject({ atLeast: 1, sold: { granted: 4, of: 3 } });
    expect((await verified(granted([0, 0]), 'at-most', { limit: 4, initial: 2 })).verdict).toBe('consistent');
    expect((await verified(granted([0, 0]), 'at-most', { limit: 2 })).verdict).toBe('no-violation-found');
  });

  test('are not put to the test where the limit was not reached', async () => {
    const seen = await verified(granted([0, 0]), 'at-most', { limit: 3, initial: 0 });
    expect([seen.verdict, seen.keys['k']!.because, seen.exposure.overlapping]).toEqual([
      'not-exercised',
      '2 were granted, and 3 may be: the limit was never put to the test',
      0,
    ]);
  });

  test('are told by the operations, of which the highest counts, or by whoever judges them', async () => {
    const lines = [...granted([0, 0], { limit: 2 }), ...granted([1], { limit: 3 })];
    expect((await verified(lines, 'at-most', { initial: 0 })).verdict).toBe('no-violation-found');
    expect((await verified(lines, 'at-most', { initial: 0, limit: 2 })).verdict).toBe('violated');
    expect((await verified(granted([0]), 'at-most')).keys['k']).toEqual({
      verdict: 'unknown',
      because: 'the limit is not known',
    });
  });
});

describe('at most so many in a time', () => {
  const rate = { limit: 2, perNs: 100 * ms };

  test('are explained by windows, wherever they begin, and by no stretch of time', async () => {
    // Two at the end of a window, two at the beginning of the next.
    const lines = granted([98, 98, 101, 101]);
    expect((await verified(lines, 'at-most', rate)).verdict).toBe('no-violation-found');
    const seen = await verified(lines, 'at-most', { ...rate, isSliding: true });
    expect(rulesOf(seen)).toEqual(['over-limit [same-host]']);
    expect(seen.findings[0]).toMatchObject({ atLeast: 2, atMost: null, sold: { granted: 4, of: 2 } });
    expect((await verified(lines, 'at-most', { ...rate, isSliding: true, burst: 2 })).verdict).toBe(
      'no-violation-found',
    );
  });

  test('are wrong where no windows have room for all', async () => {
    const seen = await verified(granted([98, 98, 101, 101, 102]), 'at-most', rate);
    expect(seen.findings[0]).toMatchObject({ atLeast: 1, sold: { granted: 5, of: 4 } });
    expect(seen.findings[0]!.because.join(' ')).toContain('At most 2 windows of 100 ms reach into that time');
  });

  test('may begin their windows with a request', async () => {
    // 0 to 100, then 150 to 250, and 251 to 351.
    expect((await verified(granted([0, 0, 150, 249, 251, 251]), 'at-most', rate)).verdict).toBe('no-violation-found');
  });

  test('are as long as two clocks agree on: one that keeps whole milliseconds is right', async () => {
    // 0.9 and 100.0 are 0 and 100 to it.
    const lines = [...granted([0.9, 0.9]), ...granted([100, 100])].map((one) => ({
      ...one,
      ret: Number(one['call']) + 1,
    }));
    const seen = await verified(lines, 'at-most', { ...rate, isSliding: true });
    expect(seen.verdict).not.toBe('violated');
  });

  const lasting = (...spans: readonly (readonly [call: number, ret: number])[]): readonly Line[] =>
    spans.map(([call, ret], session) => ({
      key: 'k',
      session,
      f: 'grant',
      status: 'ok',
      call: call * ms,
      ret: ret * ms,
    }));
  const one = { limit: 1, perNs: 100 * ms };

  test('count those in a stretch that lie wholly in it, and none that began before', async () => {
    const long = lasting([0, 150], [60, 70]);
    expect((await verified(long, 'at-most', { ...one, isSliding: true })).verdict).toBe('no-violation-found');
    const short = lasting([61, 150], [60, 70]);
    expect((await verified(short, 'at-most', { ...one, isSliding: true })).verdict).toBe('violated');
  });

  test('are wrong where a window ends too late for the next one, by a few milliseconds, too', async () => {
    expect((await verified(granted([0, 50, 95]), 'at-most', one)).verdict).toBe('violated');
    expect((await verified(granted([0, 50, 101]), 'at-most', one)).findings).toEqual([]);
  });

  test('are wrong however they are shared out between windows', async () => {
    // 0 and 50 in one, which ends at 50 at the earliest, 60 and 70 in the next, until 150. Or 0 alone, and then 50 and 60 until 100.
    expect((await verified(granted([0, 50, 60, 70, 120]), 'at-most', rate)).verdict).toBe('violated');
    expect((await verified(granted([0, 50, 60, 70, 160]), 'at-most', rate)).findings).toEqual([]);
  });

  test('may be granted later to whoever asked first', async () => {
    // The second at 50, the third at 70, in the next window, and the first at 200.
    const crossed = await verified(lasting([0, 300], [50, 60], [70, 75]), 'at-most', one);
    expect([crossed.findings, crossed.keys['k']!.verdict]).toEqual([[], 'no-violation-found']);
  });

  test('need somebody who was refused, or as many as may be', async () => {
    expect((await verified(granted([0, 200]), 'at-most', rate)).verdict).toBe('not-exercised');
    const refused = granted([201], { status: 'fail', session: 7 });
    expect((await verified([...granted([0, 0.2]), ...refused], 'at-most', { ...rate, limit: 9 })).verdict).toBe(
      'no-violation-found',
    );
  });
});
