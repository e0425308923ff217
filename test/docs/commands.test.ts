import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { contendHere } from '../cli/contend.ts';
import { allCommands, reasons, whyNotRun } from './commands.ts';

const root = new URL('../../', import.meta.url);
const manifest = JSON.parse(readFileSync(new URL('package.json', root), 'utf8')) as {
  readonly [map in 'scripts' | 'peerDependencies']: { readonly [name: string]: string };
};
const texts = allCommands.map(({ text }) => text);

test('there are commands, and most of them are run as they stand', () => {
  expect(texts.length).toBeGreaterThan(80);
  const run = allCommands.filter((one) => whyNotRun(one)?.endsWith(' runs it') ?? true);
  expect(run.length).toBeGreaterThan(texts.length / 2);
});

test('every reason for which one is not run is the reason of one that there is', () => {
  expect(reasons.filter(([command]) => !texts.some((text) => command.test(text)))).toEqual([]);
});

test('every script, file and package that they name is there', () => {
  const scripts = texts.flatMap((text) => [...text.matchAll(/npm run ([\w:]+)/gu)].map(([, name]) => name!));
  expect(scripts.filter((name) => manifest.scripts[name] === undefined)).toEqual([]);
  const files = texts.flatMap((text) =>
    [...text.matchAll(/\b((?:test|scenarios|deploy)\/[\w./-]+)/gu)].map(([, path]) => path!),
  );
  expect(files.length).toBeGreaterThan(10);
  expect(files.filter((path) => !existsSync(new URL(path, root)))).toEqual([]);
  const installed = texts.flatMap((text) =>
    (/^npm install ((?:@?\w[\w./-]* ?)+)$/u.exec(text)?.[1] ?? '').split(' ').filter((name) => name !== ''),
  );
  expect(installed.length).toBeGreaterThan(5);
  expect(installed.filter((name) => name !== 'contend' && manifest.peerDependencies[name] === undefined)).toEqual([]);
});

test('every subcommand and flag that they name is one that there is', async () => {
  const helps = new Map<string, string>();
  for (const text of texts) {
    const [, command, rest = ''] = /\bcontend (\w+)\b(.*)$/u.exec(text.replaceAll(/"[^"]*"|'[^']*'/gu, '')) ?? [];
    if (command === undefined) continue;
    if (!helps.has(command)) {
      const { code, stdout } = await contendHere([command, '--help']);
      expect([text, code]).toEqual([text, 0]);
      helps.set(command, stdout);
    }
    for (const [, flag] of rest.matchAll(/ (-{1,2}[a-zA-Z][\w-]*)/gu))
      expect(`${helps.get(command)!} `).toMatch(new RegExp(`${flag!}[ ,]`, 'u'));
  }
  expect(helps.size).toBeGreaterThan(8);
});
