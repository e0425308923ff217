import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { readScenario } from '../src/scenario/read-scenario.ts';

const root = new URL('..', import.meta.url);
const page = (path: string): string => readFileSync(new URL(path, root), 'utf8');
const readme = page('README.md');
const blocks = (text: string, language: string): string[] =>
  [...text.matchAll(new RegExp(`\`\`\`${language}\n(.*?)\`\`\``, 'gsu'))].map(([, text]) => text!);

const problemsOf = (text: string): readonly unknown[] => {
  const read = readScenario({ text, file: 'likes.yaml', settings: [], seed: 1 });
  return 'problems' in read ? read.problems : [];
};

test('the README is read in a few minutes', () => expect(readme.split('\n').length).toBeLessThanOrEqual(151));

test('the scenario in the README is valid, and so is it with two builds in place of its target', () => {
  const [scenario, builds, ...others] = blocks(readme, 'yaml');
  expect(others).toEqual([]);
  expect(problemsOf(scenario!)).toEqual([]);
  expect(problemsOf(scenario!.replace(/^target: .*\n/u, builds!))).toEqual([]);
});

test('the gates in the docs are valid', () => {
  const [gates, ...others] = blocks(page('docs/gates.md'), 'yaml');
  expect(others).toEqual([]);
  const steps = `steps:
  - critical:
      - { name: read, get: '/posts/\${post}', capture: { likes: body.likes } }
      - { name: write, tags: [checkout], put: '/posts/\${post}', json: { likes: '\${likes + 1}' } }
modes: { locked: mutex, two-locks: request-response, lock-free: { lock: none, violations: allowed } }
consistency:
  rmw-counter:
    key: '\${post}'
    update: { step: write, from: '\${likes}', to: '\${likes + 1}' }
    read: { get: '/posts/\${key}', value: body.likes }
`;
  expect(problemsOf(`target: http://localhost:3000\nrounds: 12\ndata: { post: 1..10 }\n${steps}${gates!}`)).toEqual([]);
});

const links = (path: string): string[] => [...page(path).matchAll(/\]\((?!https?:|#)([^)#]+)/gu)].map(([, to]) => to!);
const pages = readdirSync(new URL('docs/', root)).filter((name) => name.endsWith('.md'));

test.each(['README.md', ...pages.map((name) => `docs/${name}`)])('the links in %s lead somewhere', (path) => {
  const there = (to: string): boolean => existsSync(fileURLToPath(new URL(to, new URL(path, root))));
  expect(links(path).filter((to) => !there(to))).toEqual([]);
});

test('the index of the docs names every page', () => {
  expect(pages.filter((name) => name !== 'README.md' && !links('docs/README.md').includes(name))).toEqual([]);
});

/** The codes that are in a document as a reason or a warning: capitals, in the parts that judge and run. */
const codesIn = (folder: string): string[] =>
  readdirSync(new URL(folder, root), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .flatMap((name) => [...page(`${folder}${name}`).matchAll(/\bcode: '([A-Z_]+)'/gu)].map(([, code]) => code!));

test('the page of warnings has every code that a run or a sweep can print', () => {
  const codes = ['src/judge/', 'src/run/'].flatMap(codesIn);
  expect(codes.length).toBeGreaterThan(25);
  const warnings = page('docs/warnings.md');
  const isTold = (code: string): boolean => warnings.includes(`\`${code}\``) || warnings.includes(`\`ERR_${code}\``);
  expect(codes.filter((code) => !isTold(code))).toEqual([]);
});

test('the docs name every exit code that the help names', () => {
  const help = readFileSync(new URL('src/cli/exit-codes.ts', root), 'utf8');
  const codes = [...help.matchAll(/^ {2,}(\d+) {2}/gmu)].map(([, code]) => code!);
  expect(codes.length).toBeGreaterThan(6);
  for (const code of codes) expect(page('docs/gates.md')).toMatch(new RegExp(`^\\| ${code}[ ,]`, 'mu'));
});
