import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readScenario } from '../../src/scenario/read-scenario.ts';
import { renderProblems, type Problem } from '../../src/scenario/problem.ts';

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

interface Change {
  readonly what: 'delete' | 'double' | 'swap' | 'value' | 'key' | 'indent' | 'bytes';
  readonly at: number;
  readonly with: number;
}

const change = fc.record({
  what: fc.constantFrom<Change['what']>('delete', 'double', 'swap', 'value', 'key', 'indent', 'bytes'),
  at: fc.nat(),
  with: fc.nat(),
});

const changed = (text: string, { what, at, with: other }: Change): string => {
  const lines = text.split('\n');
  const [line, second] = [at % lines.length, other % lines.length];
  const strange = odd[other % odd.length]!;
  switch (what) {
    case 'delete':
      return lines.toSpliced(line, 1 + (other % 3)).join('\n');
    case 'double':
      return lines.toSpliced(second, 0, lines[line]!).join('\n');
    case 'swap':
      return lines.with(line, lines[second]!).with(second, lines[line]!).join('\n');
    case 'value':
      return lines
        .with(
          line,
          lines[line]!.replace(/: .*$/u, () => `: ${strange}`),
        )
        .join('\n');
    case 'key':
      return lines
        .with(
          line,
          lines[line]!.replace(/[\w-]+:/u, () => `${strange}x:`),
        )
        .join('\n');
    case 'indent':
      return lines.with(line, ' '.repeat(other % 7) + lines[line]!.trimStart()).join('\n');
    case 'bytes':
      return text.slice(0, at % text.length) + strange + text.slice((at % text.length) + (other % 3));
  }
};

test('a scenario that was changed anywhere is valid or has problems with places, and never anything else', () => {
  fc.assert(
    fc.property(fc.constantFrom(...good), fc.array(change, { minLength: 1, maxLength: 4 }), (text, changes) => {
      const broken = changes.reduce(changed, text);
      const lines = broken.split('\n');
      for (const { place, line, column, message } of problemsOf(broken, 'a.yaml')) {
        expect(message).not.toMatch(/undefined|\[object|NaN|Invalid input/u);
        const [, row, at] = /^a\.yaml:(\d+):(\d+)$/u.exec(place) ?? [];
        expect(Number(at)).toBe(column);
        expect(line).toHaveLength(lines[Number(row) - 1]!.replace(/\r$/u, '').length);
        expect(column).toBeLessThanOrEqual(line!.length + 1);
      }
    }),
    { numRuns: 300 },
  );
});
