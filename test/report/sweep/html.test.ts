import { describe, expect, test } from 'vitest';
import type { SweepResult } from '../../../src/core/result/sweep.ts';
import { documentIn } from '../../../src/report/html/payload.ts';
import { sweepText } from '../../../src/report/sweep/json.ts';
import { readAny } from '../../../src/core/result/read.ts';
import { sweepHtml } from '../../../src/report/sweep/html/page.ts';
import { parsed, within, type Found, type Parsed } from '../html/parsed.ts';
import { exampleCapacity, exampleSweep } from './example-sweep.ts';
import { brokenSweep, keySweep, rateSweep, searchedSweep } from './more-sweeps.ts';

const pageOf = (sweep: SweepResult): Parsed => parsed(sweepHtml(sweep)[0].text);

const sectionOf = ({ elements }: Parsed, id: string): readonly Found[] => {
  const found = elements.find(({ attributes }) => attributes.get('id') === id);
  expect(found, `#${id}`).toBeDefined();
  return within(found!.element);
};

const classed = (found: readonly Found[], name: string): readonly Found[] =>
  found.filter(({ attributes }) => attributes.get('class')?.split(' ').includes(name) === true);

const idsOf = (sweep: SweepResult): readonly (string | undefined)[] =>
  pageOf(sweep)
    .all('section')
    .map(({ attributes }) => attributes.get('id'));

const titlesIn = (found: readonly Found[]): readonly string[] =>
  found.filter(({ tag }) => tag === 'title').map(({ text }) => text);

test('the page has the figures that have something to say, the one that decides first', () => {
  expect(idsOf(exampleSweep())).toEqual(
    'verdict levels ratios crossings growth gates gates-at-points data notes reproduce'.split(' '),
  );
  expect(idsOf(keySweep())).toEqual('verdict levels ratios crossings data certificates notes reproduce'.split(' '));
  expect(idsOf(exampleCapacity()).slice(0, 2)).toEqual(['verdict', 'search']);
  expect(idsOf(brokenSweep())).not.toContain('growth');
});

test('it begins with the word and the sentence that people come for', () => {
  const page = pageOf(exampleSweep());
  const [word] = classed(page.elements, 'word');
  const [lead] = classed(page.elements, 'lead');
  expect(word!.text).toMatch(/PASS$/u);
  expect(lead!.text).toBe(exampleSweep().conclusion.split('. ')[0] + '.');
  expect(page.elements.find(({ attributes }) => attributes.get('id') === 'verdict')!.text).toContain(
    'optimistic peaks at',
  );
});

test('every mode stands in the first table with how far it gets, its peak and whether its data was right', () => {
  const [table] = classed(pageOf(exampleSweep()).elements, 'first');
  const rows = within(table!.element)
    .filter(({ tag }) => tag === 'tr')
    .slice(1)
    .map(({ text }) => text);
  expect(rows).toHaveLength(3);
  expect(rows[0]).toMatch(/^mutex20\d at \d+level \d to 128the control● right$/u);
  expect(rows[2]).toMatch(/^optimistic.*2\d \(2\d-2\d\)/u);
  const [keys] = classed(pageOf(keySweep()).elements, 'first');
  const lockFree = within(keys!.element).find(({ tag, text }) => tag === 'tr' && text.startsWith('lock-free'));
  expect(lockFree!.text).toMatch(/wrong at 1, 2, 4, 8 and 2 more \(allowed\)$/u);
});

describe('the chart', () => {
  test('has every mode at every point with its interval, and says so to whoever points at it', () => {
    const told = titlesIn(sectionOf(pageOf(exampleSweep()), 'levels'));
    const marks = told.filter((one) =>
      /^(?:mutex|keyed|optimistic) at \d+ users?: [\d,]+\/s \([\d,]+ to [\d,]+\)/u.test(one),
    );
    expect(marks).toHaveLength(24);
  });

  test('leaves out what is no number of the target’s, in parentheses and with the reason', () => {
    const section = sectionOf(pageOf(exampleSweep()), 'levels');
    expect(titlesIn(section).filter((one) => one.includes('left out'))).toEqual([
      expect.stringMatching(/^keyed at 128 users: .*, left out: the generator's core was busy 98 % of the time$/u),
    ]);
    expect(section.filter(({ tag, text }) => tag === 'text' && text === '(')).toHaveLength(1);
  });

  test('draws the law where it fits, and where its peak may lie', () => {
    const of = (sweep: SweepResult): number =>
      sectionOf(pageOf(sweep), 'levels').filter(
        ({ tag, attributes }) => tag === 'path' && (attributes.get('d')?.match(/L/gu)?.length ?? 0) > 50,
      ).length;
    const sweep = exampleSweep();
    const fitting = sweep.scaling.filter(({ law }) => law.verdict === 'fits' || law.verdict === 'rough');
    expect(fitting.length).toBeGreaterThan(0);
    const peaks = sweep.scaling.filter(({ law }) => law.peak !== null).length;
    expect(of(sweep)).toBe(fitting.length + peaks);
    const rejected = sweep.scaling.map((one) => ({ ...one, law: { ...one.law, verdict: 'rejected' as const } }));
    expect(of({ ...sweep, scaling: rejected })).toBe(0);
    expect(of(keySweep())).toBe(0);
  });

  test('marks every crossing with what becomes of it', () => {
    const section = sectionOf(pageOf(keySweep()), 'levels');
    const brackets = classed(section, 'crossing');
    const crossings = keySweep().crossings.flatMap(({ brackets: all }) => all);
    expect(brackets).toHaveLength(crossings.length);
    expect(brackets[0]!.text).toMatch(/^cas faster than mutex from \d on$/u);
  });

  test('shows under every point whether the data was right', () => {
    const section = sectionOf(pageOf(keySweep()), 'levels');
    expect(classed(section, 's-allowed').filter(({ tag }) => tag === 'text')).toHaveLength(6);
    expect(titlesIn(section)).toContain('lock-free at 1 key: violated (allowed)');
    const right = [...classed(section, 's-good'), ...classed(section, 's-half')].filter(({ tag }) => tag === 'text');
    expect(right).toHaveLength(22);
  });

  test('of an open load has times, and the limit of a gate', () => {
    const section = sectionOf(pageOf(rateSweep()), 'levels');
    expect(classed(section, 'limit')).toHaveLength(1);
    expect(section.find(({ tag }) => tag === 'svg')!.attributes.get('aria-label')).toContain('p99');
  });
});

describe('a search', () => {
  test('is drawn slot by slot, with the ends of each mode', () => {
    const section = sectionOf(pageOf(exampleCapacity()), 'search');
    expect(classed(section, 'kept')).toHaveLength(3);
    expect(classed(section, 'not-kept')).toHaveLength(4);
    expect(titlesIn(section)).toContain('195/s: 0 kept, 3 not, 0 undecided; p99 was 262.144 ms over 2,041 iterations');
    expect(section.filter(({ tag }) => tag === 'text').map(({ text }) => text)).toContain('keeps 185/s, not 195/s');
  });

  test('draws no more than four slots of a load, and writes how many there were', () => {
    const section = sectionOf(pageOf(searchedSweep()), 'search');
    expect(section.filter(({ tag }) => tag === 'text').map(({ text }) => text)).toContain('×12');
    expect(classed(section, 'not-kept')).toHaveLength(3 + 4 + 1);
    expect(classed(section, 'undecided')).toHaveLength(1);
  });
});

test.each([
  ['a sweep', exampleSweep],
  ['one of keys', keySweep],
  ['a search', exampleCapacity],
])('the document of %s comes back out of its page', (_, make) => {
  const text = documentIn(sweepHtml(make())[0].text, 'x.html');
  expect(sweepText(readAny(text, 'x.html') as SweepResult)).toBe(sweepText(make()));
});

test('the command that measures it again names the axis and what was looked for', () => {
  const commandIn = (sweep: SweepResult): string =>
    sectionOf(pageOf(sweep), 'reproduce').find(({ tag }) => tag === 'pre')!.text;
  expect(commandIn(keySweep())).toBe(
    'npx contend sweep contention.yaml --over data.product=1,2,4,8,16,32,64 --find crossing --seed 42',
  );
  expect(commandIn(exampleCapacity())).toBe(
    'npx contend sweep contention.yaml --over rate=100,5000 --find capacity --width 5% --seed 42',
  );
  const serves = [{ name: 'serve-1', modes: ['locked'], command: 'node server.js' }];
  expect(commandIn({ ...keySweep(), serves })).toMatch(/ --seed 42 --allow-run$/u);
});
