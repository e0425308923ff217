import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readScenario } from '../../src/scenario/read-scenario.ts';
import { renderProblems, type Problem } from '../../src/scenario/text/problem.ts';

const here = new URL('broken/', import.meta.url);
const root = new URL('../../', import.meta.url);
const files = readdirSync(here).filter((file) => file.endsWith('.yaml'));

const problemsOf = (text: string, file: string): readonly Problem[] => {
  const read = readScenario({
    text,
    file,
    settings: [],
    seed: 1,
    environment: { variables: { API_TOKEN: 'abcdef' }, flags: {} },
  });
  return 'problems' in read ? read.problems : [];
};

/** Messages that say how to mend it. */
const selfExplaining = /^(a scenario is a map with keys|expected (at least \d|a (whole )?number,)|cannot be read: )/u;

describe('a broken scenario has all its problems told, each at its place and with a hint: broken', () => {
  test('files are there', () => expect(files.length).toBeGreaterThan(50));

  // What is expected lies beside each file; `--update` writes it anew, to be read before it is committed.
  test.each(files)('%s', async (file) => {
    const problems = problemsOf(readFileSync(new URL(file, here), 'utf8'), file);
    expect(problems.length).toBeGreaterThan(0);
    expect(problems.filter(({ hint, message }) => hint === undefined && !selfExplaining.test(message))).toEqual([]);
    await expect(renderProblems(problems)).toMatchFileSnapshot(`broken/${file.replace('.yaml', '.txt')}`);
  });
});

const good = readdirSync(new URL('scenarios/', root))
  .filter((file) => file.endsWith('.yaml'))
  .map((file) => readFileSync(new URL(`scenarios/${file}`, root), 'utf8'));

/** Values that are often met where they do not belong. */
const odd = [
  '',
  '~',
  '0',
  '-1',
  '1e999',
  'true',
  '"',
  "'",
  '[',
  '{}',
  '*a',
  '&a',
  '!!binary x',
  '${',
  '${env.X}',
  '${a.b.c}',
  '? ',
  '- ',
  '\t',
  '%',
  '@',
  '|',
  '__proto__',
  'null',
  '\u0000',
  '😀',
];

/** One line after another, changed at the numbers that were drawn. */
const changes = {
  delete: (lines, at, other) => lines.toSpliced(at, 1 + (other % 3)),
  double: (lines, at, other) => lines.toSpliced(other % lines.length, 0, lines[at]!),
  swap: (lines, at, other) => lines.with(at, lines[other % lines.length]!).with(other % lines.length, lines[at]!),
  value: (lines, at, other) =>
    lines.with(
      at,
      lines[at]!.replace(/: .*$/u, () => `: ${oddOf(other)}`),
    ),
  key: (lines, at, other) =>
    lines.with(
      at,
      lines[at]!.replace(/[\w-]+:/u, () => `${oddOf(other)}x:`),
    ),
  indent: (lines, at, other) => lines.with(at, ' '.repeat(other % 7) + lines[at]!.trimStart()),
  bytes: (lines, at, other) => {
    const line = lines[at]!;
    const from = other % (line.length + 1);
    return lines.with(at, line.slice(0, from) + oddOf(other) + line.slice(from + (other % 3)));
  },
} satisfies { readonly [what: string]: (lines: readonly string[], at: number, other: number) => string[] };

const oddOf = (number: number): string => odd[number % odd.length]!;

const change = fc.record({
  what: fc.constantFrom(...(Object.keys(changes) as (keyof typeof changes)[])),
  at: fc.nat(),
  other: fc.nat(),
});

const changed = (
  text: string,
  { what, at, other }: { what: keyof typeof changes; at: number; other: number },
): string => {
  const lines = text.split('\n');
  return changes[what](lines, at % lines.length, other).join('\n');
};

test('a scenario that was changed anywhere is valid or has problems with places, and never anything else', () => {
  fc.assert(
    fc.property(fc.constantFrom(...good), fc.array(change, { minLength: 1, maxLength: 4 }), (text, made) => {
      const broken = made.reduce(changed, text);
      const lines = broken.split('\n');
      for (const { place, line, column, message } of problemsOf(broken, 'a.yaml')) {
        expect(message).not.toMatch(/undefined|\[object|NaN|Invalid input/u);
        const [, row, at] = /^a\.yaml:(\d+):(\d+)$/u.exec(place) ?? [];
        expect(Number(at)).toBe(column);
        expect(line).toHaveLength(lines[Number(row) - 1]!.replace(/\r$/u, '').length);
        expect(column).toBeLessThanOrEqual(line!.length + 1);
      }
    }),
    { numRuns: 150 },
  );
});
