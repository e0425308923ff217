import { describe, expect, test } from 'vitest';
import type { FindingOperation } from '../../../src/core/result/finding.ts';
import type { Finding, Result } from '../../../src/core/result/result.ts';
import { comparedColumns, toldIn } from '../../../src/report/sections/compared.ts';
import { quantity } from '../../../src/report/sections/cells.ts';
import { anatomyOf } from '../../../src/report/sections/anatomy.ts';
import { exampleResult, violated } from '../example-result.ts';
import { locksResult } from '../locks-result.ts';
import { parsed, within, type Found, type Parsed } from './parsed.ts';
import { documents, pageText } from './pages.ts';

/** Each document is rendered and read once. */
const pageOf = (result: Result): Parsed => {
  const known = read.get(result) ?? parsed(pageText(result));
  read.set(result, known);
  return known;
};

const read = new WeakMap<Result, Parsed>();

const sectionOf = (result: Result, id: string): Found | undefined =>
  pageOf(result).elements.find(({ tag, attributes }) => tag === 'section' && attributes.get('id') === id);

const rowsIn = (found: Found): readonly Found[] =>
  within(found.element).filter(({ tag, element }) => tag === 'tr' && within(element).some((one) => one.tag === 'td'));

const classesIn = (found: Found): readonly string[] =>
  within(found.element).flatMap(({ attributes }) => (attributes.get('class') ?? '').split(' '));

describe('numbers', () => {
  test('of gates and ratios are those of every report', () => {
    for (const name of ['compared', 'undecided', 'fail-gate', 'open-load']) {
      const result = documents[name]!();
      const text = (id: string): string => sectionOf(result, id)?.text ?? '';
      for (const { actual, limit, unit } of result.gates) {
        expect(text('gates')).toContain(quantity(actual, unit));
        expect(text('gates')).toContain(quantity(limit, unit));
      }
      for (const one of toldIn(result))
        for (const { cell } of comparedColumns(result)) expect(text('ratios')).toContain(cell(one));
    }
  });

  test('of a part of the response time are drawn in proportion, each from the end of the one before', () => {
    const found = sectionOf(locksResult(), 'anatomy')!;
    const bars = within(found.element).filter(
      ({ attributes }) => attributes.get('class') === 'part' && Number(attributes.get('height')) === 16,
    );
    const rows = locksResult().modes.flatMap(anatomyOf);
    const widths = rows.map(({ anatomy }) => anatomy.responseUs);
    const ys = [...new Set(bars.map(({ attributes }) => attributes.get('y')))];
    expect(ys).toHaveLength(rows.length);
    const ends = ys.map((y) => {
      const row = bars
        .filter(({ attributes }) => attributes.get('y') === y)
        .map(({ attributes }) => [Number(attributes.get('x')), Number(attributes.get('width'))] as const);
      row.slice(1).forEach(([x], at) => expect(Math.abs(x - row[at]![0] - row[at]![1])).toBeLessThan(1));
      return row.at(-1)![0] + row.at(-1)![1] - 190;
    });
    const perUs = Math.max(...ends) / Math.max(...widths);
    ends.forEach((end, at) => expect(Math.abs(end - perUs * widths[at]!)).toBeLessThan(1.5));
  });
});

/** From where to where a mark reaches across. */
const acrossOf = ({ tag, attributes }: Found): readonly [number, number] => {
  if (tag === 'circle') {
    const [cx, r] = [Number(attributes.get('cx')), Number(attributes.get('r'))];
    return [cx - r, cx + r];
  }
  let x = 0;
  const places: number[] = [];
  for (const [, command, numbers] of attributes.get('d')!.matchAll(/([MhlvHz])([^A-Za-z]*)/gu)) {
    const [first] = numbers!.trim().split(/[ ,]+/u).map(Number);
    if (command === 'M' || command === 'H') x = first!;
    else if (command !== 'v' && command !== 'z') x += first!;
    places.push(x);
  }
  return [Math.min(...places), Math.max(...places)];
};

test('every ratio, and both ends of its interval, stands where the logarithmic axis above it says', () => {
  const result = documents['compared']!();
  const found = sectionOf(result, 'ratios')!;
  const ticks = within(found.element)
    .filter(({ tag, attributes }) => tag === 'text' && attributes.get('class') === undefined)
    .map(({ text, attributes }) => ({ value: Number(text.replace('×', '')), x: Number(attributes.get('x')) }));
  const one = ticks.find(({ value }) => value === 1)!.x;
  const [far] = ticks.toSorted((a, b) => Math.abs(b.x - one) - Math.abs(a.x - one));
  const placeOf = (value: number): number => one + ((far!.x - one) * Math.log(value)) / Math.log(far!.value);
  for (const { value, x } of ticks) expect(Math.abs(x - placeOf(value))).toBeLessThan(0.5);
  const rows = rowsIn(found);
  const told = toldIn(result);
  expect(rows).toHaveLength(told.length);
  told.forEach(({ ratio, low, high }, at) => {
    const marks = within(rows[at]!.element);
    const inside = (name: string): readonly Found[] =>
      marks.filter(({ attributes }) => attributes.get('class') === name).flatMap(({ element }) => within(element));
    expect(Number(marks.find(({ attributes }) => attributes.get('class') === 'one')!.attributes.get('x1'))).toBe(one);
    const [left, right] = acrossOf(inside('point')[0]!);
    expect(Math.abs((left + right) / 2 - placeOf(ratio))).toBeLessThan(0.5);
    const lines = inside('interval').map(({ attributes }) => ['x1', 'x2'].map((name) => Number(attributes.get(name))));
    expect(lines).toHaveLength(low === null ? 0 : 1);
    for (const [x1, x2] of lines) {
      expect(Math.abs(x1! - placeOf(low!))).toBeLessThan(0.5);
      expect(Math.abs(x2! - placeOf(high!))).toBeLessThan(0.5);
    }
  });
});

test('the command that repeats a run has what the document tells of its flags', () => {
  const commandIn = (result: Result): string =>
    parsed(pageText(result))
      .all('pre')
      .find(({ text }) => text.startsWith('npx'))!.text;
  const { serves: _, agents: __, ...plain } = exampleResult();
  const { file, seed } = plain.scenario;
  expect(commandIn(plain)).toBe(`npx contend run ${file} --seed ${seed}`);
  const serves = [{ name: 'serve-1', modes: ['locked'], command: 'node server.js' }];
  expect(commandIn({ ...plain, serves, scenario: { ...plain.scenario, extendedTo: 12 } })).toBe(
    `npx contend run ${file} --seed ${seed} --allow-run --extend`,
  );
});

test('a figure that has nothing to say is not there', () => {
  const ids = (result: Result): readonly string[] =>
    parsed(pageText(result))
      .all('section')
      .map(({ attributes }) => attributes.get('id')!);
  expect(ids(documents['invalid']!())).toEqual(['verdict', 'reproduce']);
  const old = ids(documents['oldest']!());
  for (const id of ['anatomy', 'locks', 'load', 'stages', 'runs', 'targets']) expect(old).not.toContain(id);
  expect(ids(documents['locks']!())).toEqual(
    expect.arrayContaining(['anatomy', 'locks', 'retries', 'times', 'spectrum']),
  );
  expect(ids(documents['stages']!())).toContain('stages');
  expect(ids(documents['open-load']!())).toContain('load');
});

describe('percentiles', () => {
  const endsOf = (result: Result): readonly number[] =>
    within(sectionOf(result, 'spectrum')!.element)
      .filter(
        ({ tag, attributes }) =>
          tag === 'path' && /^k\d$/u.test(attributes.get('class') ?? '') && attributes.get('d')!.includes('H'),
      )
      .map(({ attributes }) => Number(/H([\d.]+)V[\d.]+$/u.exec(attributes.get('d')!)?.[1]));

  test('are drawn as far as ten iterations lie beyond', () => {
    const result = exampleResult();
    const most = Math.max(...result.modes.map((mode) => mode.responseTimeUs.count / 10));
    endsOf(result).forEach((end, at) => {
      const share = Math.log(result.modes[at]!.responseTimeUs.count / 10) / Math.log(most);
      expect((end - 70) / 750).toBeLessThanOrEqual(share + 0.01);
    });
  });

  test('that failures may hide end in an open arrow', () => {
    const found = sectionOf(documents['failing']!(), 'spectrum')!;
    expect(classesIn(found)).toContain('hidden-percentile');
    expect(found.text).toContain('failed or dropped iterations may all lie beyond');
    expect(classesIn(sectionOf(exampleResult(), 'spectrum')!)).not.toContain('hidden-percentile');
  });

  test('a column names every mode', () => {
    const result = exampleResult();
    const titles = within(sectionOf(result, 'times')!.element).filter(({ tag }) => tag === 'title');
    expect(titles.length).toBeGreaterThan(10);
    for (const { text } of titles) for (const { name } of result.modes) expect(text).toContain(`${name} `);
  });
});

describe('a certificate', () => {
  const operation = (
    letter: string,
    call: number,
    ret: number | null,
    more: Partial<FindingOperation> = {},
  ): FindingOperation => ({
    letter,
    session: letter.codePointAt(0)!,
    f: 'cas',
    call: call * 1e6,
    ret: ret === null ? null : ret * 1e6,
    status: ret === null ? 'info' : 'ok',
    operand: 41,
    value: 42,
    ...more,
  });

  const withFinding = (
    operations: readonly FindingOperation[],
    because: readonly string[] = ['A and B <b>met</b>'],
  ): Result => {
    const base = violated();
    const [first, last] = base.modes;
    const findings: readonly Finding[] = [{ ...last!.consistency!.findings[0]!, operations, because }];
    return { ...base, modes: [first!, { ...last!, consistency: { ...last!.consistency!, findings } }] };
  };

  const barsOf = (result: Result): readonly (readonly [x: number, width: number])[] =>
    within(sectionOf(result, 'certificates')!.element)
      .filter(({ attributes }) => attributes.get('class') === 'op')
      .map(({ attributes }) => [Number(attributes.get('x')), Number(attributes.get('width'))]);

  test('has a lane for each operation, in proportion to the time', () => {
    const bars = barsOf(withFinding([operation('A', 10, 30), operation('B', 20, 50)]));
    const [a, b] = bars as [[number, number], [number, number]];
    expect(a[1] / b[1]).toBeCloseTo(20 / 30, 1);
    expect((b[0] - a[0]) / a[1]).toBeCloseTo(0.5, 1);
  });

  test('shows nine lanes at most, and says how many more there are', () => {
    const many = Array.from({ length: 12 }, (_, at) => operation(String.fromCodePoint(65 + at), at, at + 5));
    const result = withFinding(many);
    expect(barsOf(result)).toHaveLength(9);
    expect(sectionOf(result, 'certificates')!.text).toContain('and 3 more operations');
  });

  test('cuts a long gap, and where bars cannot be seen goes by order alone and says so', () => {
    const cut = sectionOf(withFinding([operation('A', 0, 10), operation('B', 5000, 5012)]), 'certificates')!;
    expect(
      within(cut.element)
        .filter(({ attributes }) => attributes.get('class') === 'gap')
        .map(({ text }) => text),
    ).toEqual(['4.99 s']);
    expect(cut.text).not.toContain('not to scale');
    const tiny = withFinding([operation('A', 0, 0.0001), operation('B', 0.00005, 1000), operation('C', 500, 1000)]);
    expect(sectionOf(tiny, 'certificates')!.text).toContain('in order, not to scale');
    for (const [, width] of barsOf(tiny)) expect(width).toBeGreaterThan(6);
  });

  test('leaves an operation open whose end nobody knows', () => {
    const found = sectionOf(withFinding([operation('A', 10, null), operation('B', 20, 50)]), 'certificates')!;
    expect(classesIn(found).filter((name) => name === 'unknown-end')).toHaveLength(1);
    expect(found.text).toContain('outcome unknown');
  });

  test('joins two operations to the one value that both were built on', () => {
    const found = sectionOf(withFinding([operation('A', 10, 30), operation('B', 20, 50)]), 'certificates')!;
    expect(classesIn(found).filter((name) => name === 'arrow')).toHaveLength(4);
    expect(found.text).toMatch(/value 41.*value 42/u);
  });

  test('gives the reasons one by one, as they were written', () => {
    const found = sectionOf(withFinding([operation('A', 10, 30)], ['A wrote 42', 'B <b>too</b>']), 'certificates')!;
    const list = within(found.element).find(({ tag }) => tag === 'ol')!;
    expect(
      within(list.element)
        .filter(({ tag }) => tag === 'li')
        .map(({ text }) => text),
    ).toEqual(['A wrote 42', 'B <b>too</b>']);
  });

  test('without operations is a line of numbers, whose end is crossed', () => {
    const found = sectionOf(violated(), 'certificates')!;
    expect(classesIn(found)).toEqual(expect.arrayContaining(['expected', 'cross']));
    expect(found.text).toContain('at least 5,082 lost');
  });
});

test('the same document gives the same bytes, wherever and when it is rendered', () => {
  const { TZ, LANG } = process.env;
  const before = pageText(locksResult());
  Object.assign(process.env, { TZ: 'Asia/Tokyo', LANG: 'de_DE.UTF-8' });
  try {
    expect(pageText(locksResult())).toBe(before);
  } finally {
    for (const [name, value] of Object.entries({ TZ, LANG })) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  }
});

test('twenty modes with a hundred findings each, all of it hostile, make less than 1.5 MB and 6,000 elements', () => {
  const result = documents['largest']!();
  expect(Buffer.byteLength(pageText(result))).toBeLessThan(1_500_000);
  expect(pageOf(result).elements.length).toBeLessThanOrEqual(6000);
});
