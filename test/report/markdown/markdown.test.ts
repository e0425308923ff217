import { Buffer } from 'node:buffer';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { FindingOperation } from '../../../src/core/result/finding.ts';
import type { Finding, Result } from '../../../src/core/result/result.ts';
import { markdown } from '../../../src/report/markdown/markdown.ts';
import { exampleResult, failing, invalid, noConsistency, openLoad, violated } from '../example-result.ts';
import { gates, hostileMarkup, hostileText } from '../hostile-markup.ts';
import { hostileLocks, lapsedResult, locksResult } from '../locks-result.ts';

const textOf = (result: Result): string => markdown(result)[0].text;
const withGates = (): Result => ({ ...exampleResult(), gates });

test.each([
  ['summary', withGates],
  ['summary-violated', violated],
  ['summary-failing', failing],
  ['summary-invalid', invalid],
  ['summary-hostile', hostileMarkup],
  ['summary-open-load', openLoad],
] as const)('%s reads as it did', async (name, make) => {
  expect(markdown(make())[0].name).toBe('summary.md');
  await expect(textOf(make())).toMatchFileSnapshot(`../../golden/${name}.md`);
});

test('every gate has its actual value, limit, samples and reason', () => {
  const [, ...rows] = textOf(withGates())
    .split('\n')
    .filter((line) => /^\| (gate|p99|errors|consistency)/.test(line));
  expect(rows).toEqual([
    '| p99(locked) &lt; 250ms | pass | 217 ms | 250 ms | 2,142 | 217 ms over 2,142 iterations is under the limit of 250 ms |',
    '| errors(optimistic) &lt; 0.1% | **fail** | 0.105 % | 0.1 % | 7,628 | 0.105 % over 7,628 iterations is over the limit of 0.1 % |',
    '| consistency(two-locks) | **undecided** | – | – | 0 | no update was acknowledged, so nothing could go wrong |',
  ]);
});

test('a certificate keeps its columns, and a value that changed by itself is told without operations', () => {
  const [locked, wrong] = violated().modes;
  const withFindings = (...findings: readonly Finding[]): Result => ({
    ...violated(),
    modes: [locked!, { ...wrong!, consistency: { ...wrong!.consistency!, findings, findingCount: findings.length } }],
  });
  const base = { model: 'register', round: 0, evidence: 'same-host', atLeast: 1, atMost: null } as const;
  const one = (letter: string, call: number): FindingOperation => ({
    letter,
    session: 1,
    f: 'write',
    status: 'ok',
    call,
    ret: call + 1e6,
    value: 7,
  });
  const stale: Finding = {
    ...base,
    key: '7',
    rule: 'stale-read',
    operations: [one('A', 0), one('B', 4e6)],
    because: ['A came before B.'],
  };
  const foreign: Finding = {
    ...base,
    key: '8',
    rule: 'unexplained-change',
    operations: [],
    because: ['It was 10, and is 9 afterwards.'],
  };
  const rows = textOf(withFindings(foreign, stale)).split('\n');
  const [first, second] = ['A', 'B'].map((letter) => rows.find((row) => row.startsWith(`      ${letter}  session 1`))!);
  expect(second!.indexOf('|')).toBeGreaterThan(first!.lastIndexOf('|') + 10);
  expect(textOf(withFindings(foreign))).toContain(
    '    VIOLATED  unexplained change  key=8  [same-host]\n      It was 10, and is 9 afterwards.\n',
  );
});

/** Cells of a row, parted where GitHub parts them. */
const cellsOf = (line: string): readonly string[] => line.split(/(?<!\\)\|/u).slice(1, -1);

test('every row of a table has as many cells as its heading, whatever stands in them', () => {
  const plain = [withGates(), violated(), failing(), noConsistency(), openLoad(), locksResult(), lapsedResult()];
  for (const result of [...plain, hostileMarkup(), hostileLocks()]) {
    let columns = 0;
    for (const line of textOf(result).split('\n')) {
      if (!line.startsWith('|')) columns = 0;
      else if (columns === 0) columns = cellsOf(line).length;
      else expect(cellsOf(line)).toHaveLength(columns);
    }
  }
});

/** Characters with a meaning that are not escaped, in what stands between the marks that a summary makes itself. */
const meaningful = (text: string): readonly string[] =>
  text
    .split('\n')
    .map((line) =>
      line.startsWith('|')
        ? cellsOf(line).join(' ')
        : line.replace(/^(?:#{1,2} |- )?(?:\*\*(?:\\.|[^*\\])*\*\*)?/u, ''),
    )
    .map((line) => line.replace(/\*\*(?:violated|undecided|fail)\*\*/gu, '').replace(/^_Cut here.*_$/u, ''))
    .flatMap((line) => line.replace(/\\[\\`*_[\]#~|!$]/gu, '').match(/[`*_[\]#~|!$<>\\]|&(?!(?:amp|lt|gt);)/gu) ?? []);

test('text from outside means nothing: neither HTML nor Markdown nor a control character is left of it', () => {
  const text = textOf(hostileMarkup());
  expect(meaningful(text)).toEqual([]);
  expect(text).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}\p{Cs}]/u);
  expect(text).not.toContain('<script');
  expect(text).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
  expect(text).not.toMatch(/^\s*::/mu);
});

test('nor is any of it left of any other text', () => {
  const markup = fc.string({
    unit: fc.constantFrom(...Array.from(hostileText), 'a', ' ', '&', '<', '|', '`', '\\', '\n'),
  });
  fc.assert(
    fc.property(markup, (text) => {
      expect(
        meaningful(textOf({ ...invalid(), conclusion: text, scenario: { ...invalid().scenario, name: text } })),
      ).toEqual([]);
    }),
    { numRuns: 200 },
  );
});

test('a summary of more than 64 KB is cut between two lines, with a note', () => {
  const [mode] = violated().modes;
  const modes = Array.from({ length: 700 }, (_, at) => ({ ...mode!, name: `mode-${at}-${'é'.repeat(40)}` }));
  const text = textOf({ ...violated(), modes });
  expect(Buffer.byteLength(text)).toBeLessThanOrEqual(65_536);
  expect(Buffer.byteLength(text)).toBeGreaterThan(65_000);
  expect(text).toMatch(/ \|\n\n_Cut here: the rest is in result\.json\._\n$/u);
});
