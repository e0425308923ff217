import { describe, expect, test } from 'vitest';
import type { ConsistencyVerdict } from '../../../src/core/result/finding.ts';
import type { Result } from '../../../src/core/result/result.ts';
import { comparedResult, fewRounds } from '../compared-result.ts';
import { comparisonWith, exampleResult, gated } from '../example-result.ts';
import { hostileMarkup } from '../hostile-markup.ts';
import { lapsedResult } from '../locks-result.ts';
import { passed, said, situations } from '../situations.ts';
import { parsed, within, type Found } from './parsed.ts';
import { documents, pageText } from './pages.ts';

const classesIn = ({ attributes, element }: Found): readonly string[] =>
  [attributes, ...within(element).map((one) => one.attributes)].flatMap((all) => (all.get('class') ?? '').split(' '));

const byId = (result: Result, id: string): Found =>
  parsed(pageText(result)).elements.find(({ attributes }) => attributes.get('id') === id)!;

const rowsIn = (found: Found): readonly Found[] =>
  within(found.element).filter(({ tag, element }) => tag === 'tr' && within(element).some((one) => one.tag === 'td'));

/** The row of a table of which this is the text, in a section of the page. */
const row = (result: Result, id: string, words: RegExp): Found =>
  rowsIn(byId(result, id)).find((one) => words.test(one.text))!;

/** The row of a mode in the first table. */
const firstRow = (result: Result, mode: string): Found =>
  rowsIn(
    parsed(pageText(result))
      .all('table')
      .find(({ attributes }) => attributes.get('class') === 'first')!,
  ).find(({ text }) => text.includes(mode))!;

/** One of its cells. */
const firstCell = (result: Result, mode: string, name: string): Found =>
  within(firstRow(result, mode).element).find(({ attributes }) => attributes.get('class') === name)!;

const banner = (result: Result): Found =>
  parsed(pageText(result)).elements.find(({ attributes }) => attributes.get('class') === 'banner')!;

/** Every mode with a verdict on its data, and no more said of it. */
const judged = (verdict: ConsistencyVerdict, violations: 'forbidden' | 'allowed' = 'forbidden'): Result => {
  const base = exampleResult();
  const modes = base.modes.map((mode) => {
    const consistency = mode.consistency!;
    const checks = consistency.checks.map((one) => ({ ...one, verdict }));
    return { ...mode, violations, consistency: { ...consistency, verdict, checks } };
  });
  return { ...base, modes };
};

const tooWide = (): Result => ({
  ...passed(),
  comparisons: [comparisonWith({ mode: 'two-locks', ratio: 1.02, low: 0.8, high: 1.3 })],
});

const ofThreeRounds = (): Result => {
  const slots = Array.from({ length: 3 }, (_, at) => ({ round: at + 1 }));
  const modes = passed().modes.map((mode) => ({ ...mode, slots: slots as unknown as typeof mode.slots }));
  return said({ ...passed(), modes }, { headline: 'UNDECIDED', reasons: ['too little'] });
};

const marks = {
  'a hollow dot': ({ element }: Found) =>
    within(element).some(
      ({ tag, attributes }) =>
        tag === 'circle' && attributes.get('fill') === 'none' && attributes.has('stroke-dasharray'),
    ),
  'a hatched track': (found: Found) => classesIn(found).includes('hatched'),
  'a cross': (found: Found) => classesIn(found).includes('cross'),
  'a dashed interval and a hollow marker': ({ element }: Found) =>
    ['interval', 'point'].every((name) =>
      within(element).some(
        (one) =>
          one.attributes.get('class') === name &&
          within(one.element).some(
            ({ attributes }) => attributes.has('stroke-dasharray') || attributes.get('fill') === 'none',
          ),
      ),
    ),
  'a hollow marker and no interval': (found: Found) =>
    !classesIn(found).includes('interval') &&
    within(found.element).some(
      ({ attributes, element }) =>
        attributes.get('class') === 'point' && within(element).every((one) => one.attributes.get('fill') === 'none'),
    ),
  'an open arrow': (found: Found) => classesIn(found).includes('hidden-percentile'),
  'no more than its words': () => true,
} as const;

/** A state, where it is to be seen, in which words, with which class, and how it is drawn. */
type Fixture = readonly [
  state: string,
  found: () => Found,
  words: RegExp,
  name: string | undefined,
  mark: keyof typeof marks,
];

const open: readonly Fixture[] = [
  [
    'undecided, of a run',
    () => byId(documents['undecided']!(), 'verdict'),
    /^○ UNDECIDED/u,
    's-open',
    'no more than its words',
  ],
  ['undecided, of a gate', () => row(gated(), 'gates', /undecided/u), /^○ undecided/u, 's-open', 'a hollow dot'],
  [
    'undecided, of a gate of which nothing is known',
    () => row(hostileMarkup(), 'gates', /undecided/u),
    /^○ undecided/u,
    's-open',
    'a hatched track',
  ],
  [
    'inconclusive',
    () => row(comparedResult(), 'ratios', /inconclusive/u),
    /inconclusive12~95/u,
    undefined,
    'a dashed interval and a hollow marker',
  ],
  [
    'inconclusive, in the first table',
    () => firstCell(tooWide(), 'two-locks', 'c-forest'),
    /^/u,
    undefined,
    'a dashed interval and a hollow marker',
  ],
  [
    'of fewer than six rounds',
    () => row(fewRounds(), 'ratios', /throughput/u),
    /1\.400×3/u,
    undefined,
    'a hollow marker and no interval',
  ],
  ['unknown', () => row(judged('unknown'), 'data', /locked/u), /\? unknown/u, 's-unknown', 'a hatched track'],
  [
    'not exercised',
    () => row(judged('not-exercised'), 'data', /locked/u),
    /○ not exercisednothing overlapped/u,
    's-untested',
    'a hollow dot',
  ],
  ['violated', () => row(judged('violated'), 'data', /lock-free/u), /✕ violated/u, 's-bad', 'a cross'],
  [
    'violated and allowed',
    () => row(judged('violated', 'allowed'), 'data', /lock-free/u),
    /✕ violated \(allowed\)/u,
    's-allowed',
    'a cross',
  ],
  ['of a failed run', () => byId(situations['fail-data']!(), 'verdict'), /^✕ FAIL/u, 's-bad', 'no more than its words'],
  ['of a failed gate', () => row(gated(), 'gates', /FAIL/u), /^✕ FAIL/u, 's-bad', 'no more than its words'],
  [
    'of an invalid run',
    () => byId(documents['invalid']!(), 'verdict'),
    /^\? INVALID/u,
    's-unknown',
    'no more than its words',
  ],
  [
    'of what an invalid run measured',
    () => banner({ ...passed(), invalid: situations['invalid']!().invalid! }),
    /^\? .*cannot be trusted/u,
    's-unknown',
    'no more than its words',
  ],
  [
    'of a run that ended early',
    () => banner(ofThreeRounds()),
    /^○ 3 of 6 rounds measured/u,
    's-open',
    'no more than its words',
  ],
  [
    'of an interrupted run',
    () => byId(documents['interrupted']!(), 'verdict'),
    /^○ INTERRUPTED/u,
    's-open',
    'no more than its words',
  ],
  [
    'that failures may hide',
    () => firstCell(situations['failing']!(), 'locked', 'c-p99'),
    /^> [\d.]+ m?s$/u,
    undefined,
    'no more than its words',
  ],
  [
    'that failures may hide, in the figure of times',
    () => byId(situations['failing']!(), 'times'),
    /failures may hide/u,
    undefined,
    'an open arrow',
  ],
  [
    'that failures may hide, in the figure of percentiles',
    () => byId(situations['failing']!(), 'spectrum'),
    /▷: failed/u,
    undefined,
    'an open arrow',
  ],
  [
    'of too few iterations',
    () => firstCell(situations['failing']!(), 'two-locks', 'c-p99'),
    /^–$/u,
    undefined,
    'no more than its words',
  ],
];

describe('what did not pass, or is not known', () => {
  test.each(open)(
    '%s: has its word and its glyph, is drawn as what it is, and never looks as if it had passed',
    (_, make, words, name, mark) => {
      const found = make();
      expect(found.text).toMatch(words);
      if (name !== undefined) expect(classesIn(found)).toContain(name);
      expect([mark, marks[mark](found)]).toEqual([mark, true]);
      expect(classesIn(found).filter((one) => one === 's-good' || one === 's-half')).toEqual([]);
      expect(found.text).not.toMatch(/●|◐|\bPASS\b|^pass\b/u);
    },
  );

  test('is never in a row that looks as if it had passed, of any document', () => {
    const rows = Object.values(documents).flatMap((make) =>
      ['gates', 'data'].flatMap((id) => {
        const found = byId(make(), id) as Found | undefined;
        return found === undefined ? [] : rowsIn(found);
      }),
    );
    const doubtful = rows.filter(({ text }) => /[○?✕] ?(?:undecided|unknown|not exercised|violated|FAIL)/u.test(text));
    expect(doubtful.length).toBeGreaterThan(5);
    expect(doubtful.filter((one) => classesIn(one).some((name) => name === 's-good' || name === 's-half'))).toEqual([]);
  });

  test('of leases that ran out: wrong where it must not be, and its own word where it may', () => {
    const lines = within(byId(lapsedResult(), 'locks').element).filter(
      ({ tag, text }) => tag === 'p' && text.startsWith('✕'),
    );
    expect(lines.map(({ text }) => /^✕ .*ran out while (?:it was|they were) held/u.test(text))).toEqual([true, true]);
    expect(lines.map(classesIn).map((names) => names.filter((one) => one.startsWith('s-')))).toEqual([
      ['s-bad'],
      ['s-allowed'],
    ]);
    expect(lines[1]!.text).toContain('(allowed)');
  });

  test('of too few iterations is told with how many it takes', () => {
    expect(byId(situations['failing']!(), 'notes').text).toMatch(/p99 (?:needs )?1,000/u);
  });
});

test('what passed looks as if it had: the word, the data and the gate', () => {
  expect(byId(passed(), 'verdict').text).toMatch(/^● PASS/u);
  for (const found of [row(judged('consistent'), 'data', /locked/u), row(gated(), 'gates', /● pass/u)]) {
    expect(classesIn(found)).toContain('s-good');
    expect(classesIn(found)).not.toContain('hatched');
  }
  expect(classesIn(row(judged('no-violation-found'), 'data', /locked/u))).toContain('s-half');
});

test('of one mode there is nothing to compare: no interval, no ratio and no control', () => {
  const page = parsed(pageText(documents['one-mode']!()));
  expect(
    page.elements.filter(({ attributes }) => ['c-forest', 'c-versus'].includes(attributes.get('class') ?? '')),
  ).toEqual([]);
  expect(page.all('section').map(({ attributes }) => attributes.get('id'))).not.toContain('ratios');
});
