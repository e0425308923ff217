import { describe, expect, test } from 'vitest';
import type { About } from '../../../src/core/history/about.ts';
import { HistoryBuilder } from '../../../src/core/history/builder.ts';
import { absent, askedAt, info, ok, operations } from '../../../src/core/history/history.ts';
import { judgeInvariant } from '../../../src/judge/consistency/invariant.ts';

const about: About = { mode: 'm', round: 1, model: 'invariant', that: ['body.count >= 1'], initial: {}, final: {} };

type Asked = readonly [when: keyof typeof askedAt, call: number, ret: number, body: object | 'no answer'];
type Changed = readonly [call: number, ret: number, outcome?: number];

const judged = (asked: readonly Asked[], changed: readonly Changed[], more: Partial<About> = {}) => {
  const builder = new HistoryBuilder();
  const [ask, change] = (['ask', 'change'] as const).map((f) => operations.indexOf(f)) as [number, number];
  for (const [when, call, ret, body] of asked) {
    const [value, outcome] = body === 'no answer' ? [undefined, info] : [{ body }, ok];
    builder.append(builder.key('all'), 0, ask, outcome, call, ret, builder.value(value), askedAt[when], absent);
  }
  changed.forEach(([call, ret, outcome = ok], at) =>
    builder.append(builder.key('leave'), at + 1, change, outcome, call, ret, absent, absent, absent),
  );
  return judgeInvariant(builder.history(), { ...about, ...more });
};

const right: readonly Asked[] = [
  ['before', 0, 1, { count: 2 }],
  ['during', 12, 14, { count: 1 }],
  ['during', 40, 41, { count: 2 }],
  ['after', 90, 91, { count: 2 }],
];
const changes: readonly Changed[] = [
  [10, 13],
  [11, 15],
  [50, 60],
];

describe('answers to an invariant', () => {
  test('that all hold are no violation, with how often it was asked while changes were under way', () => {
    expect(judged(right, changes)).toEqual({
      verdict: 'no-violation-found',
      because: 'it held each time: asked once while changes were under way, 3 times while none were',
      findings: [],
      coverage: { operations: 7, keys: 1, keysDecided: 1, acknowledged: 3, unknown: 0, reads: 4 },
      underWay: 1,
    });
  });

  test('of which one is broken are a violation, shown by it, the last that held and the changes in between', () => {
    const { verdict, findings } = judged(right.with(2, ['during', 40, 41, { count: 0 }]), [...changes, [14, 38]]);
    expect(verdict).toBe('violated');
    expect(findings).toMatchObject([
      {
        rule: 'invariant-broken',
        evidence: 'clock-free',
        asked: { broken: 1, of: 4 },
        atLeast: 1,
        because: [
          'It was answered body.count 0, and so body.count >= 1 does not hold.',
          'It held when it was asked before, with body.count 1.',
        ],
      },
    ]);
    expect(findings[0]!.operations.map(({ f, session, value }) => [f, session, value])).toEqual([
      ['change', 1, 'leave'],
      ['change', 2, 'leave'],
      ['ask', 'observer', { body: { count: 1 } }],
      ['change', 4, 'leave'],
      ['ask', 'observer', { body: { count: 0 } }],
    ]);
  });

  test('that was broken before the load are not held against the mode, whatever came later', () => {
    const { verdict, because, findings } = judged(
      [
        ['before', 0, 1, { count: 0 }],
        ['after', 90, 91, { count: 0 }],
      ],
      changes,
    );
    expect([verdict, findings]).toEqual(['unknown', []]);
    expect(because).toBe(
      'it was broken before the load began: body.count 0, and so body.count >= 1 does not hold; steps under "before:" can put it right',
    );
  });

  test.each<readonly [string, readonly Asked[], readonly Changed[], Partial<About>, string, string]>([
    ['that cannot be told', right.with(3, ['after', 90, 91, {}]), changes, {}, 'unknown', 'body.count'],
    ['of which the last is missing', right.slice(0, 3), changes, {}, 'unknown', 'could not be checked after the load'],
    ['beside a history that is not whole', right, changes, { incomplete: 'lost' }, 'unknown', 'lost'],
    ['while nothing was changed', right, [], {}, 'not-exercised', 'no change was acknowledged'],
    [
      'while most changes are of unknown outcome',
      right,
      [
        [10, 13],
        [11, Infinity, info],
        [12, Infinity, info],
      ],
      {},
      'not-exercised',
      '2 changes are of unknown outcome, and only 1 are known to have happened',
    ],
    [
      'while changes came one by one, and none when it was asked',
      right,
      [
        [2, 3],
        [5, 6],
      ],
      {},
      'not-exercised',
      'no two changes',
    ],
    [
      'before and after changes that overlapped',
      [right[0]!, right[3]!],
      changes,
      {},
      'no-violation-found',
      'asked 0 times while',
    ],
    [
      'of which some are missing',
      right.with(2, ['during', 40, 41, 'no answer']),
      changes,
      {},
      'no-violation-found',
      '2 times while none',
    ],
  ])('%s', (_, asked, changed, more, verdict, because) => {
    const found = judged(asked, changed, more);
    expect([found.verdict, found.findings]).toEqual([verdict, []]);
    expect(found.because).toContain(because);
  });
});
