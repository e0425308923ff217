import { describe, expect, test } from 'vitest';
import { type Line, readLines, rulesOf, verified } from './lines.ts';

/** An operation of session `session`, from `call` to `ret`; without an end nobody knows what became of it. */
const one = (session: number | string, f: string, call: number, ret: number | null, more: Line = {}): Line => ({
  key: 'k',
  session,
  f,
  call,
  ret,
  status: ret === null ? 'info' : 'ok',
  ...more,
});
const refused = { status: 'fail' };
const noClock = { isOneClock: false };

describe('a stock, of which takes of unknown outcome were asked for', () => {
  const lines = [
    one('a', 'take', 1000, 2000),
    one('b', 'take', 1500, null),
    one('c', 'read', 3000, 4000, { value: 0 }),
    one('a', 'take', 5000, 6000),
  ];

  test('is oversold by the clock, with what was seen and what was granted after that', async () => {
    const result = await verified(lines, 'stock', { initial: 2 });
    expect(rulesOf(result)).toEqual(['oversold [same-host]']);
    expect(result.findings[0]).toMatchObject({
      operations: [
        { f: 'read', value: 0 },
        { f: 'take', call: 5000 },
      ],
      because: ['A saw 0.', '1 take of 1 that began after A had ended were acknowledged: 3 granted of 2.'],
      sold: { granted: 3, of: 2 },
    });
  });

  test('is legal without a clock', async () => {
    expect((await verified(lines, 'stock', { initial: 2, ...noClock })).verdict).toBe('not-exercised');
  });

  test('is oversold without a clock where the acknowledged ones alone are too many, or somebody saw less than nothing', async () => {
    const third = [...lines.slice(0, 3), one('a', 'take', 5000, 6000), one('a', 'take', 7000, 8000)];
    const tooMany = await verified(third, 'stock', { initial: 2, ...noClock });
    expect(rulesOf(tooMany)).toEqual(['oversold [clock-free]']);
    expect(tooMany.findings[0]).toMatchObject({ sold: { granted: 3, of: 2 }, atLeast: 1 });
    const below = [...lines.slice(0, 2), one('d', 'take', 1000, null), one('c', 'read', 3000, 4000, { value: -1 })];
    expect(rulesOf(await verified(below, 'stock', { initial: 2, ...noClock }))).toEqual(['oversold [clock-free]']);
  });
});

describe('a refusal of a stock', () => {
  test.each([
    { name: 'one size', sizes: [1, 1], isFalse: true },
    { name: 'two sizes', sizes: [1, 2], isFalse: true },
  ])('beside restocks of $name is held against what was left', async ({ sizes, isFalse }) => {
    const lines = [
      one(1, 'restock', 1000, 3000, { delta: sizes[0] }),
      one(2, 'restock', 2000, 4000, { delta: sizes[1] }),
      one(3, 'take', 5000, 6000, refused),
      one(3, 'take', 7000, 8000, refused),
    ];
    const wrong = await verified(lines, 'stock', { initial: 100 });
    expect(rulesOf(wrong)).toEqual(['false-sold-out [clock-free]']);
    expect(wrong.verdict === 'violated').toBe(isFalse);
    const right = lines.map((line) => (line['f'] === 'take' ? { ...line, delta: 200 } : line));
    expect((await verified(right, 'stock', { initial: 100 })).verdict).toBe('consistent');
  });

  test('is false once enough was put back, and right while that was on its way', async () => {
    const lines = (call: number): Line[] => [
      one(1, 'restock', 1000, 3000),
      one(2, 'restock', 2000, 4000),
      one(3, 'take', call, call + 500, { ...refused, delta: 2 }),
    ];
    expect(rulesOf(await verified(lines(4001), 'stock', { initial: 0 }))).toEqual(['false-sold-out [same-host]']);
    expect((await verified(lines(3500), 'stock', { initial: 0 })).verdict).toBe('consistent');
    expect((await verified(lines(4001), 'stock', { initial: 0, ...noClock })).verdict).toBe('no-violation-found');
  });

  test('after an oversell is right, and is counted nowhere', async () => {
    const lines = [
      one(1, 'take', 0, 10),
      one(2, 'take', 0, 12),
      one(3, 'take', 20, 25, refused),
      one(4, 'take', 30, 35, refused),
    ];
    const { findings } = await verified(lines, 'stock', { initial: 1 });
    expect(findings).toMatchObject([
      {
        rule: 'oversold',
        atLeast: 1,
        atMost: 1,
        sold: { granted: 2, of: 1 },
        because: [
          'There were 1, and 2 takes of 1 were acknowledged: 2 granted of 1.',
          '1 more than there were: these takes were the last to be acknowledged.',
        ],
      },
    ]);
  });

  test('of more than takes of one size ever leave is false, unless the stock was oversold', async () => {
    const takes = [one(1, 'take', 0, 10, { delta: 2 }), one(2, 'take', 5, 12, { delta: 2 })];
    const lines = [...takes, one(3, 'take', 20, 25, { ...refused, delta: 1 })];
    expect(rulesOf(await verified(lines, 'stock', { initial: 5 }))).toEqual(['false-sold-out [clock-free]']);
    const more = [...lines, one(4, 'take', 14, 18, { delta: 2 })];
    expect(rulesOf(await verified(more, 'stock', { initial: 5 }))).toEqual(['oversold [clock-free]']);
  });

  test('beside takes and restocks is judged by a search', async () => {
    const lines = (left: number): Line[] => [
      one(1, 'take', 0, 10, { delta: 2 }),
      one(2, 'restock', 0, 12),
      one(3, 'take', 5, 9, { ...refused, delta: left }),
      one(4, 'read', 0, 20, { value: 2 }),
    ];
    expect((await verified(lines(3), 'stock', { initial: 2 })).verdict).toBe('consistent');
    const sequence = [
      one(1, 'take', 0, 10, { delta: 2 }),
      one(1, 'restock', 20, 30),
      one(2, 'restock', 21, 40),
      one(3, 'read', 25, 28, { value: 1 }),
      one(4, 'take', 29, 35, { ...refused, delta: 1 }),
    ];
    const wrong = await verified(sequence, 'stock', { initial: 2 });
    expect(rulesOf(wrong)).toEqual(['not-linearizable [same-host]']);
  });
});

describe('a stock that stood below 0 already', () => {
  test('is not oversold where nothing was granted', async () => {
    const lines = [
      one(1, 'restock', 0, 10),
      one(2, 'take', 5, 8, refused),
      one(3, 'read', 5, 20, { value: -2 }),
      one(4, 'read', 30, 40, { value: -1 }),
    ];
    expect((await verified(lines, 'stock', { initial: -2 })).verdict).toBe('consistent');
  });

  test('is oversold where something was', async () => {
    const lines = [one(1, 'take', 0, 10), one(2, 'read', 5, 8, { value: -3 })];
    const { findings } = await verified(lines, 'stock', { initial: -2 });
    expect(findings[0]).toMatchObject({ rule: 'oversold', sold: { granted: 1, of: 0 } });
  });
});

describe('a counter that nobody changed', () => {
  const lines = [one(1, 'read', 0, 10, { value: 0 }), one(2, 'read', 20, 30, { value: 1 })];

  test('has one value, by no clock at all', async () => {
    const known = await verified(lines, 'counter', { initial: 0, ...noClock });
    expect([known.verdict, rulesOf(known)]).toEqual(['violated', ['read-ahead [clock-free]']]);
    const unknown = await verified(lines, 'counter', noClock);
    expect([unknown.verdict, rulesOf(unknown)]).toEqual(['violated', ['unexplained-change [clock-free]']]);
    const below = await verified(lines, 'counter', { initial: 1, ...noClock });
    expect(rulesOf(below)).toContain('stale-read [clock-free]');
  });

  test('shows no more than all changes together explain', async () => {
    const more = (value: number): Line[] => [
      ...lines.slice(0, 1),
      one(3, 'add', 0, 5, { delta: 2 }),
      one(4, 'add', 0, null, { delta: 5 }),
      one(2, 'read', 20, 30, { value }),
    ];
    expect((await verified(more(7), 'counter', { initial: 0, ...noClock })).verdict).not.toBe('violated');
    expect(rulesOf(await verified(more(8), 'counter', { initial: 0, ...noClock }))).toEqual([
      'read-ahead [clock-free]',
    ]);
    expect(rulesOf(await verified(more(8), 'counter', noClock))).toEqual(['unexplained-change [clock-free]']);
  });
});

describe('a log whose lists were read whole', () => {
  const append = (session: number | string, value: unknown, call: number, ret: number | null): Line =>
    one(session, 'append', call, ret, { value });
  const read = (value: readonly unknown[], call: number, session: number | string = 'r'): Line =>
    one(session, 'read', call, call + 500, { value });
  const three = [append('w0', 1, 1000, 4000), append('w1', 2, 2000, 5000), append('w2', 3, 3000, 6000)];
  const empty = { initial: [] };

  test.each([
    {
      name: 'shows another element in front than it did before',
      lines: [
        append('w0', 1, 1000, 3000),
        append('w1', 2, 2000, 4000),
        read([1, 2], 5000),
        append('r', 3, 7000, 8000),
        read([0, 2, 3], 9000),
      ],
      rules: ['phantom-element [clock-free]', 'not-a-prefix [clock-free]'],
    },
    { name: 'has one element twice', lines: [...three, read([1, 1, 3], 7000)], rules: ['element-twice [clock-free]'] },
    {
      name: 'has another order than another list',
      lines: [...three, read([2, 1, 3], 7000), read([1, 2, 3], 8000)],
      rules: ['element-twice [clock-free]', 'not-a-prefix [clock-free]'],
    },
    {
      name: 'shows in the middle what nobody appended',
      lines: [...three, read([1, 9, 3], 7000)],
      rules: ['phantom-element [clock-free]'],
    },
    {
      name: 'has lost one in the middle that was there before',
      lines: [...three, read([1, 2, 3], 7000), read([1, 3], 8000)],
      rules: [
        'element-twice [clock-free]',
        'not-a-prefix [clock-free]',
        'stale-read [same-host]',
        'went-backwards [session]',
      ],
    },
    {
      name: 'is a shorter one, which the session had seen longer',
      lines: [...three, read([1, 2, 3], 7000), read([1, 2], 8000)],
      rules: ['went-backwards [session]'],
    },
    {
      name: 'does not have what was acknowledged before it was read',
      lines: [...three, read([1, 3], 7000)],
      rules: ['stale-read [same-host]'],
    },
    {
      name: 'shows what was refused',
      lines: [...three, one('w3', 'append', 1000, 2000, { value: 4, ...refused }), read([1, 2, 3, 4], 7000)],
      rules: ['aborted-element [clock-free]', 'read-ahead [clock-free]'],
    },
    {
      name: 'begins otherwise than it was at first',
      lines: [...three, read([8, 9, 1, 2, 3], 7000)],
      initial: [9, 8],
      rules: ['not-a-prefix [clock-free]'],
    },
    {
      name: 'begins otherwise than another one, where of the first elements only the number is known',
      lines: [...three, read([8, 7, 1, 2, 3], 7000), read([8, 9, 1, 2, 3], 8000)],
      initial: 2,
      rules: ['not-a-prefix [clock-free]'],
    },
  ])('is wrong where one $name', async ({ lines, rules, initial = [] }) => {
    const result = await verified(lines, 'append-log', { initial });
    expect([result.verdict, rulesOf(result).toSorted()]).toEqual(['violated', rules.toSorted()]);
  });

  test.each([
    { name: 'one after the other', lines: [...three, read([1], 4500), read([1, 2, 3], 7000)] },
    { name: 'empty ones', lines: [read([], 100), ...three, read([1, 2, 3], 7000)] },
    { name: 'an element of unknown outcome', lines: [...three, append('w4', 4, 1000, null), read([4, 1, 2, 3], 7000)] },
    { name: 'texts and maps', lines: [append('w', 'a', 0, 9), append('v', { b: 1 }, 0, 9), read([{ b: 1 }, 'a'], 20)] },
  ])('is consistent with $name', async ({ lines }) => {
    expect((await verified(lines, 'append-log', empty)).verdict).toBe('consistent');
  });

  test('may have had elements that nobody here appended, in front of all others, where nobody knows how it began', async () => {
    expect((await verified([...three, read([8, 9, 1, 2, 3], 7000)], 'append-log')).verdict).toBe('consistent');
    const behind = await verified([...three, read([8, 1, 9, 2, 3], 7000)], 'append-log');
    expect(rulesOf(behind)).toEqual(['phantom-element [clock-free]']);
  });

  test('is shown with the lists that were seen', async () => {
    const { findings } = await verified([...three, read([1, 2, 3], 7000), read([1, 9, 3], 8000)], 'append-log', empty);
    expect(findings.find(({ rule }) => rule === 'not-a-prefix')).toMatchObject({
      operations: [
        { letter: 'A', f: 'read', value: [1, 2, 3], version: 3 },
        { letter: 'B', f: 'read', value: [1, 9, 3], version: 3 },
      ],
      because: ['Two different elements were seen at position 2.'],
    });
  });

  test('counts a read of a list as one read', async () => {
    const { coverage, exposure } = await verified([...three, read([1, 2, 3], 7000)], 'append-log', empty);
    expect([coverage.operations, coverage.reads, exposure.overlapping]).toEqual([4, 1, 3]);
  });
});

describe('a session', () => {
  const lines = [
    one(1, 'write', 0, 1000, { value: 'a' }),
    one(1, 'write', 500, 1500, { value: 'b' }),
    one('w', 'read', 600, 1200, { value: 'b' }),
    one(1, 'read', 1600, 1700, { value: 'a' }),
  ];

  test('that had two operations under way is bad input, with the lines of both', async () => {
    const { problems, problemCount } = await readLines(lines, 'register');
    expect([problems, problemCount]).toEqual([
      [
        {
          line: 2,
          message: 'session 1 begins this at 500, and has another operation under way until 1000: that of',
          beside: 1,
          hint: 'a session does one thing at a time: what happens at once is done by several',
        },
      ],
      1,
    ]);
  });

  test.each([
    {
      name: 'on several keys, and in a file of another order',
      lines: [{ ...lines[1], key: 'j' }, lines[0]!],
      count: 1,
    },
    {
      name: 'given up later than the next one began',
      lines: [one(1, 'write', 0, null, { value: 'a', ret: 800 }), one(1, 'write', 500, 900, { value: 'b' })],
      count: 1,
    },
    {
      name: 'within a long one',
      lines: [
        one(1, 'write', 0, 9000, { value: 1 }),
        one(1, 'read', 10, 20, { value: 1 }),
        one(1, 'read', 30, 40, { value: 1 }),
      ],
      count: 2,
    },
    {
      name: 'of which one ends as the other begins',
      lines: [one(1, 'write', 0, 9, { value: 1 }), one(1, 'read', 9, 20, { value: 1 })],
      count: 0,
    },
    {
      name: 'of which one was never answered',
      lines: [one(1, 'write', 0, null, { value: 1 }), one(1, 'read', 9, 20, { value: 1 })],
      count: 0,
    },
    { name: 'of two sessions', lines: [lines[0]!, { ...lines[1], session: '1 ' }], count: 0 },
  ])('has $count that overlap, $name', async ({ lines, count }) => {
    expect((await readLines(lines, 'register')).problemCount).toBe(count);
  });
});
