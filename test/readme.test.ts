import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { readScenario } from '../src/scenario/read-scenario.ts';

const root = new URL('..', import.meta.url);
const readme = readFileSync(new URL('README.md', root), 'utf8');
const blocks = (language: string): string[] =>
  [...readme.matchAll(new RegExp(`\`\`\`${language}\n(.*?)\`\`\``, 'gsu'))].map(([, text]) => text!);

const problemsOf = (text: string): readonly unknown[] => {
  const read = readScenario({ text, file: 'likes.yaml', settings: [], seed: 1 });
  return 'problems' in read ? read.problems : [];
};

test('the scenarios in the README are valid, and so are the gates on the first', () => {
  const [builds, scenario, flow, gates, ...others] = blocks('yaml');
  expect(others).toEqual([]);
  expect(problemsOf(builds!)).toEqual([]);
  expect(problemsOf(`${scenario!}${gates!}`)).toEqual([]);
  expect(problemsOf(`target: https://api.example.com\ndestructive: true\ndata: { product: 1..20 }\n${flow!}`)).toEqual(
    [],
  );
});

test('the links in the README lead somewhere', () => {
  const links = [...readme.matchAll(/\]\((?!https?:)([^)#]+)\)/gu)].map(([, path]) => path!);
  expect(links.length).toBeGreaterThan(3);
  expect(links.filter((path) => !existsSync(fileURLToPath(new URL(path, root))))).toEqual([]);
});

test('the README names every exit code that the help names', () => {
  const help = readFileSync(new URL('src/cli/exit-codes.ts', root), 'utf8');
  const codes = [...help.matchAll(/^ {2,}(\d+) {2}/gmu)].map(([, code]) => code!);
  expect(codes.length).toBeGreaterThan(6);
  for (const code of codes) expect(readme).toMatch(new RegExp(`^\\| ${code}[ ,]`, 'mu'));
});
