import { stripVTControlCharacters } from 'node:util';
import { describe, expect, test } from 'vitest';
import { fits, frameOf } from '../../../src/cli/screen/view/frame.ts';
import type { AgentView, ModeView, View } from '../../../src/cli/screen/view/view.ts';
import type { Seen } from '../../../src/cli/screen/view/window.ts';
import { secondBucketOf } from '../../../src/core/recording/seconds.ts';
import type { Standing } from '../../../src/core/watch.ts';
import { widthOf } from '../../../src/report/plain.ts';

/** Counts around a time, an octave to each side. */
const around = (us: number, count = 100): number[] => {
  const histogram = Array.from({ length: 64 }, () => 0);
  for (const [at, share] of [0.1, 0.4, 1, 0.5, 0.2, 0.05].entries())
    histogram[secondBucketOf(us) - 2 + at]! += Math.ceil(count * share);
  return histogram;
};

const standing = (given: Partial<Standing> = {}): Standing => ({
  rounds: 2,
  perSecond: 357.2,
  p50Us: 177_000,
  p99Us: 229_000,
  failed: 0,
  conflicts: 0,
  lostAtLeast: NaN,
  lostAtMost: NaN,
  findings: NaN,
  histogram: around(177_000),
  ...given,
});

const notYet = standing({ rounds: 0, perSecond: 0, histogram: Array.from({ length: 64 }, () => 0) });

const seen = (us: number): Seen => ({
  perSecond: 12_089.4,
  completed: 24_178,
  failed: 5,
  p50Us: us,
  p99Us: us * 2.4,
  histogram: around(us, 9000),
});

const view = (given: Partial<View> = {}): View => ({
  title: 'online-store',
  round: 3,
  rounds: 6,
  slots: 24,
  phase: 'measuring',
  pace: { perSecond: 12_089, leftUs: 14e6, done: 0.43 },
  windowSeconds: 2,
  isHelp: false,
  isHeld: false,
  isStopping: false,
  agents: [],
  modes: [
    { name: 'locked', standing: standing({ rounds: 3 }) },
    { name: 'two-locks', standing: standing({ perSecond: 500, p50Us: 126_000, p99Us: 171_000, failed: 3 }) },
    { name: 'optimistic', standing: standing({ perSecond: 1270, p50Us: 11_300, p99Us: NaN, conflicts: 1902 }) },
    {
      name: 'lock-free',
      standing: standing({ perSecond: 12_040, lostAtLeast: 40_660, lostAtMost: 40_702 }),
      running: seen(5100),
    },
  ],
  ...given,
});

const alone: View = view({
  title: 'GET localhost:3000/products',
  round: 1,
  rounds: 1,
  slots: 1,
  pace: { perSecond: 12_089, leftUs: 7e6, done: 0.3 },
  modes: [{ name: 'lock-free', standing: notYet, running: seen(900) }],
  users: { now: 70, planned: 64 },
});

const sizes = [
  { columns: 60, rows: 15 },
  { columns: 80, rows: 24 },
  { columns: 120, rows: 40 },
];

const pictures: { readonly [name: string]: View } = {
  modes: view(),
  alone,
  beginning: view({
    phase: 'opening',
    pace: { done: 0 },
    modes: view().modes.map(({ name }) => ({ name, standing: notYet })),
  }),
  help: view({ isHelp: true }),
  stopping: view({ isStopping: true }),
  held: view({ isHeld: true, windowSeconds: Infinity }),
};

describe.each(sizes)('at $columns × $rows', (size) => {
  test.each(Object.keys(pictures))('the picture %s is as it was approved, and fits', async (name) => {
    const lines = frameOf(pictures[name]!, size, false);
    expect(lines.length).toBeLessThan(size.rows);
    for (const line of lines) expect(widthOf(line)).toBeLessThan(size.columns);
    await expect(`${lines.join('\n')}\n`).toMatchFileSnapshot(
      `../../golden/live-${name}-${size.columns}x${size.rows}.txt`,
    );
  });
});

const agent = (place: number, more: Partial<AgentView> = {}): AgentView => ({
  agent: place,
  host: `load-${place}.eu-west.internal`,
  perSecond: 4012.4,
  cpuShare: 0.834,
  withinUs: 41.2,
  isLost: false,
  ...more,
});

const measuredBy: { readonly [name: string]: readonly AgentView[] } = {
  'agents': [
    agent(1),
    agent(2, { perSecond: 3120, cpuShare: 1, withinUs: 1240 }),
    agent(3, { perSecond: NaN, cpuShare: NaN, withinUs: Infinity }),
  ],
  'many-agents': Array.from({ length: 12 }, (_, at) => agent(at + 1, { isLost: at === 10 })),
};

describe.each(sizes)('at $columns × $rows', (size) => {
  test.each(Object.keys(measuredBy))('of a run on %s each has host, rate, CPU and clock, as approved', async (name) => {
    const lines = frameOf(view({ agents: measuredBy[name]! }), size, false);
    expect(lines.length).toBeLessThan(size.rows);
    for (const line of lines) expect(widthOf(line)).toBeLessThan(size.columns);
    expect(lines.some((line) => line.startsWith('●'))).toBe(true);
    await expect(`${lines.join('\n')}\n`).toMatchFileSnapshot(
      `../../golden/live-${name}-${size.columns}x${size.rows}.txt`,
    );
  });
});

test('no picture shows an interval, a ratio or a verdict', () => {
  for (const size of sizes)
    for (const one of Object.values(pictures))
      expect(
        frameOf(one, size, false)
          .join('\n')
          .replace(/intervals and verdicts when.*|verdicts when.*/gu, ''),
      ).not.toMatch(/\d×|±|faster|slower|inconclusive|PASS|FAIL|undecided(?!.* then)|\bright\b/u);
});

test('hostile names and many modes fit, and the one that runs is among those that are shown', () => {
  const many: readonly ModeView[] = Array.from({ length: 40 }, (_, at) => ({
    name: `\u001b[2J\u202e漢字 😀 mode ${at} ${'x'.repeat(200)}`.slice(at === 30 ? 0 : 5),
    standing: at < 20 ? standing() : notYet,
    ...(at === 30 ? { running: seen(20) } : {}),
  }));
  for (const columns of [60, 61, 79, 80, 81, 100, 200])
    for (const rows of [12, 13, 15, 24, 60]) {
      const hostile = agent(2, { host: `\u001b[2J\u202e漢字 ${'x'.repeat(60)}\n`, perSecond: 1e9, withinUs: 3.6e9 });
      const agents = rows === 12 ? [] : [agent(1), hostile, agent(3), hostile, agent(5)];
      const title = '\u001b]0;x\u0007\n'.repeat(50);
      const lines = frameOf(view({ modes: many, title, agents }), { columns, rows }, false);
      expect(lines.length).toBeLessThan(rows);
      for (const line of lines) {
        expect(widthOf(line)).toBeLessThan(columns);
        expect(line).not.toMatch(/\p{Cc}|\u202e/u);
      }
      expect(lines.some((line) => line.startsWith('●'))).toBe(true);
      expect(lines.join('\n')).toMatch(/and \d+ more/u);
    }
});

test('colour adds nothing but sequences', () => {
  for (const one of Object.values(pictures)) {
    const [colored, bare] = [true, false].map((color) => frameOf(one, sizes[1]!, color).join('\n'));
    expect(colored).not.toBe(bare);
    expect(stripVTControlCharacters(colored!)).toBe(bare);
  }
});

test('times of an hour, of no time at all and of both fit on the axis', () => {
  for (const us of [[0.5], [3_599_000_000], [4, 3_599_000_000]]) {
    const histogram = Array.from({ length: 64 }, () => 0);
    for (const one of us) histogram[secondBucketOf(one)]!++;
    const mode: ModeView = { name: 'a', standing: standing({ histogram }) };
    const lines = frameOf(view({ modes: [mode, { ...mode, name: 'b' }] }), sizes[0]!, false);
    expect(lines.filter((line) => line.includes('█')).length).toBeGreaterThanOrEqual(2);
    for (const line of lines) expect(widthOf(line)).toBeLessThan(60);
  }
});

test('a terminal of 60 × 12 has room for a view, a smaller one has not', () => {
  expect([fits({ columns: 60, rows: 12 }), fits({ columns: 59, rows: 50 }), fits({ columns: 200, rows: 11 })]).toEqual([
    true,
    false,
    false,
  ]);
});
