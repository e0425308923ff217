import { describe, expect, test } from 'vitest';
import type { Result } from '../../../src/core/result/result.ts';
import { nothing } from '../../../src/report/format.ts';
import { plain } from '../../../src/report/plain.ts';
import { firstColumns, isAllowedWrong } from '../../../src/report/sections/first/modes.ts';
import { openingOf, sentencesOf } from '../../../src/report/sections/headline.ts';
import { comparisonWith, exampleResult } from '../example-result.ts';
import { passed, said, situations } from '../situations.ts';
import { parsed, within, type Found } from './parsed.ts';
import { documents, pageText } from './pages.ts';

const firstTable = (result: Result): Found | undefined =>
  parsed(pageText(result))
    .all('table')
    .find(({ attributes }) => attributes.get('class') === 'first');

const rowsOf = (table: Found): readonly (readonly Found[])[] =>
  within(table.element)
    .filter(({ tag }) => tag === 'tr')
    .map(({ element }) => within(element).filter(({ tag }) => tag === 'td' || tag === 'th'));

const withoutGlyph = (text: string): string => text.replace(/^[●◐○?✕] /u, '');

describe.each(Object.entries(documents))('the first screen of %s', (_, make) => {
  const result = make();

  test('has the cells of the short report, one for one', () => {
    if (result.modes.length === 0) return expect(firstTable(result)).toBeUndefined();
    const columns = firstColumns(result, ' to ');
    const [head, ...rows] = rowsOf(firstTable(result)!);
    expect(rows).toHaveLength(result.modes.length);
    const isForest = ({ attributes }: Found): boolean => attributes.get('class') === 'c-forest';
    rows.forEach((cells, at) => {
      const mode = result.modes[at]!;
      const told = cells.slice(1).filter((cell) => !isForest(cell));
      expect(told.map(({ text }) => withoutGlyph(text))).toEqual(
        columns.map((column) => {
          const text = column.cell(mode);
          return column.of === 'data' && isAllowedWrong(mode) ? `${text} (allowed)` : text;
        }),
      );
    });
    expect(head!.map(({ text }) => text)).toEqual(expect.arrayContaining(['p50', 'p99', 'failed']));
    return undefined;
  });

  test('has the word once, and the sentences in the order of every report', () => {
    const opening = openingOf(result);
    const page = parsed(pageText(result));
    const verdict = page.elements.find(({ attributes }) => attributes.get('id') === 'verdict')!;
    const told = within(verdict.element);
    expect(withoutGlyph(told.find(({ attributes }) => attributes.get('class') === 'word')!.text)).toBe(opening.word);
    const texts = told.filter(({ tag }) => tag === 'bdi').map(({ text }) => text);
    const sentences = sentencesOf(opening).map((one) => plain(one, 600).replaceAll(/ +/gu, ' '));
    expect(texts).toEqual(sentences.length === 0 ? [''] : sentences);
  });

  test('says PASS, or looks as if it did, only where it passed', () => {
    const page = parsed(pageText(result));
    const verdict = page.elements.find(({ attributes }) => attributes.get('id') === 'verdict')!;
    const isPass = openingOf(result).word === 'PASS';
    const classes = within(verdict.element).flatMap(({ attributes }) => attributes.get('class') ?? []);
    expect(classes.includes('s-good')).toBe(isPass);
    expect(verdict.text.includes('PASS')).toBe(isPass);
  });
});

describe('the intervals', () => {
  const cellsOf = (result: Result): readonly Found[] =>
    within(firstTable(result)!.element).filter(({ attributes }) => attributes.get('class') === 'c-forest');

  const numbersIn = (cell: Found, tag: string, names: readonly string[]): readonly number[][] =>
    within(cell.element)
      .filter((one) => one.tag === tag)
      .map(({ attributes }) => names.map((name) => Number(attributes.get(name))));

  const lineAtOne = (cell: Found): number =>
    Number(
      within(cell.element)
        .find(({ attributes }) => attributes.get('class') === 'one')!
        .attributes.get('x1'),
    );

  /** The interval of a cell: its ends in px. */
  const intervalOf = (cell: Found): readonly [number, number] => {
    const group = within(cell.element).find(({ attributes }) => attributes.get('class') === 'interval')!;
    const [ends] = numbersIn(group, 'line', ['x1', 'x2']);
    return [ends![0]!, ends![1]!];
  };

  test('lie on one logarithmic axis, where 1 is a line', () => {
    const result = passed();
    const [control, ...others] = cellsOf(result);
    const one = lineAtOne(control!);
    const [first, ...rest] = others.map((cell, at) => ({
      ends: intervalOf(cell),
      ratio: result.comparisons[at]!,
      cell,
    }));
    const pxPerUnit = (first!.ends[1] - first!.ends[0]) / Math.log(first!.ratio.high! / first!.ratio.low!);
    const wide = (rest.at(-1)!.ends[1] - one) / Math.log(rest.at(-1)!.ratio.high!);
    expect(Math.abs(wide - pxPerUnit) / wide).toBeLessThan(0.05);
    for (const { ends, ratio, cell } of [first!, ...rest]) {
      expect(lineAtOne(cell)).toBe(one);
      expect(Math.abs(ends[0] - (one + wide * Math.log(ratio.low!)))).toBeLessThan(0.5);
      expect(Math.abs(ends[1] - (one + wide * Math.log(ratio.high!)))).toBeLessThan(0.5);
    }
  });

  test('of fewer rounds than a verdict takes are none, and the ratio is hollow', () => {
    const comparisons = exampleResult().comparisons.map((one) => ({ ...one, low: null, high: null, verdict: null }));
    for (const cell of cellsOf({ ...passed(), comparisons }).slice(1)) {
      const all = within(cell.element);
      expect(all.filter(({ attributes }) => attributes.get('class') === 'interval')).toEqual([]);
      const point = all.find(({ attributes }) => attributes.get('class') === 'point')!;
      expect(within(point.element).map(({ attributes }) => attributes.get('fill'))).toEqual(['none']);
    }
  });

  test('that say nothing are dashed, and their ratio is hollow', () => {
    const open = comparisonWith({ mode: 'two-locks', ratio: 1.02, low: 0.8, high: 1.3 });
    expect(open.verdict).toBe('inconclusive');
    const [, cell] = cellsOf({ ...passed(), comparisons: [open] });
    const group = within(cell!.element).find(({ attributes }) => attributes.get('class') === 'interval')!;
    expect(within(group.element)[0]!.attributes.get('stroke-dasharray')).toBe('3 3');
    const point = within(cell!.element).find(({ attributes }) => attributes.get('class') === 'point')!;
    expect(within(point.element)[0]!.attributes.get('fill')).toBe('none');
  });

  test('what lies beyond the axis is an arrow with its number', () => {
    const far = comparisonWith({ mode: 'two-locks', ratio: 4000, low: 900, high: 20_000 });
    const [, cell] = cellsOf({ ...passed(), comparisons: [far] });
    const off = within(cell!.element).filter(({ attributes }) => attributes.get('class') === 'off');
    expect(off.map(({ text }) => text)).toEqual(['4,000×']);
  });

  test.each([0, -1, NaN, Infinity])('a ratio of %s from a foreign document breaks nothing', (ratio) => {
    const odd = comparisonWith({ mode: 'two-locks', ratio, low: ratio, high: ratio });
    const text = pageText({ ...passed(), comparisons: [odd] });
    expect(text).not.toMatch(/(?:x|x1|x2|cx|width|d)="[^"]*(?:NaN|Infinity)/u);
  });
});

test('of a run that ended early it says how far it came, and nothing looks as if it had passed', () => {
  const base = passed();
  const modes = base.modes.map((mode) => ({
    ...mode,
    slots: Array.from({ length: 3 }, (_, at) => ({ round: at + 1 }) as (typeof mode.slots)[number]),
  }));
  const text = pageText(said({ ...base, modes }, { headline: 'UNDECIDED', reasons: ['too little'] }));
  expect(text).toContain('3 of 6 rounds measured');
  expect(text).not.toContain('PASS');
});

test('of a run that is invalid what was measured is there, and said not to be trusted', () => {
  const result = { ...situations['pass']!(), invalid: situations['invalid']!().invalid!, headline: 'INVALID' as const };
  const text = pageText(result);
  expect(text).toContain('cannot be trusted');
  expect(parsed(text).all('table').length).toBeGreaterThan(0);
  expect(text).toContain(nothing === '–' ? 'INVALID' : '');
});
