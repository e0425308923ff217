import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Room → what of src it may import (a room's name, or one file), and which packages. */
const arrows: { readonly [room: string]: { readonly src: readonly string[]; readonly npm: readonly string[] } } = {
  'core': { src: [], npm: ['hdr-histogram-js'] },
  'template': { src: ['core'], npm: ['jsep', 'json-p3', 're2js'] },
  'scenario': {
    src: ['core', 'template', 'measure/*/syntax.ts', 'judge/*/syntax.ts'],
    npm: ['papaparse', 'shlex', 'yaml', 'zod'],
  },
  'measure': { src: ['core', 'template'], npm: ['bullmq', 'ioredis', 'p-limit', 'tough-cookie', 'undici', 'zod'] },
  'judge': { src: ['core', 'template'], npm: [] },
  'report': {
    src: ['core'],
    npm: [
      'chalk',
      'fast-xml-builder',
      'prom-client',
      '@opentelemetry/api',
      '@opentelemetry/resources',
      '@opentelemetry/sdk-metrics',
    ],
  },
  'store': { src: ['core'], npm: ['p-limit', 'pg'] },
  'serve': { src: ['core', 'template'], npm: [] },
  'draft': { src: ['core'], npm: ['yaml'] },
  'preconditions.ts': { src: ['core', 'measure', 'serve', 'store/open.ts'], npm: [] },
  'run.ts': { src: ['core', 'measure', 'judge', 'run'], npm: [] },
  'run': { src: ['core', 'measure', 'judge', 'serve', 'store/open.ts'], npm: [] },
  'verify.ts': { src: ['core', 'judge'], npm: [] },
  'agent.ts': { src: ['measure'], npm: [] },
  'host.ts': { src: ['core', 'temporary.ts', 'terminal.ts'], npm: [] },
  'temporary.ts': { src: ['core'], npm: [] },
  'terminal.ts': { src: ['core'], npm: [] },
  'index.ts': { src: ['core', 'scenario', 'report', 'preconditions.ts', 'run.ts', 'host.ts'], npm: [] },
  'cli': {
    src: ['core', 'scenario', 'draft', 'preconditions.ts', 'run.ts', 'agent.ts', 'verify.ts', 'report', 'store'],
    npm: ['commander', 'cli-progress', 'chalk', '@opentelemetry/api', '@opentelemetry/exporter-metrics-otlp-http'],
  },
  'bin': { src: ['cli', 'host.ts'], npm: [] },
};

/** What runs as a program or a thread of its own: it may touch the process, and take it from `host.ts`. */
const entries = [
  'bin/contend.ts',
  'src/host.ts',
  'src/store/store-entry.ts',
  'src/serve/keeper-entry.ts',
  'src/measure/runner/threads/worker.ts',
  'src/measure/runner/cluster/controller/pulse-entry.ts',
  'src/cli/screen/screen-entry.ts',
  'src/temporary.ts',
  'src/terminal.ts',
];

interface Import {
  readonly from: string;
  readonly to: string;
  readonly typeOnly: boolean;
}

const files = ['src', 'bin'].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(folder, name)),
);
const textOf = (file: string): string => readFileSync(join(root, file), 'utf8');

const codeOf = (file: string): string => textOf(file).replaceAll(/\/\*.*?\*\/|^\s*\/\/[^\n]*/gmsu, '');

/** `src/core/plan.ts` → `core`; a file right in src is a room of its own. */
const roomOf = (file: string): string => {
  const [top, second] = file.split('/');
  return top === 'src' ? second! : top!;
};

const importsOf = (file: string): Import[] =>
  [
    ...textOf(file).matchAll(
      /^(import|export)\s(type\s)?[^;]*?from\s'([^']+)'|\bimport\('([^']+)'\)|^import\s'([^']+)'/gmsu,
    ),
  ].map((match) => ({ from: file, to: match[3] ?? match[4] ?? match[5]!, typeOnly: match[2] !== undefined }));

const imports = files.flatMap(importsOf);
const targetOf = ({ from, to }: Import): string => relative(root, resolve(root, dirname(from), to));
const internal = imports.filter(({ to }) => to.startsWith('.'));
const external = imports.filter(({ to }) => !to.startsWith('.') && !to.startsWith('node:'));

describe('the house', () => {
  test('was read: there are files in every room and imports between them', () => {
    expect(files.length).toBeGreaterThan(60);
    expect(internal.length).toBeGreaterThan(150);
    expect(external.length).toBeGreaterThan(8);
    expect(new Set(files.map(roomOf))).toEqual(new Set(Object.keys(arrows)));
  });

  test('has no arrow that is not allowed', () => {
    const wrong = internal.filter((one) => {
      const [from, target] = [roomOf(one.from), targetOf(one)];
      if (
        from === roomOf(target) ||
        (entries.includes(one.from) && ['src/host.ts', 'src/terminal.ts'].includes(target))
      )
        return false;
      return !arrows[from]!.src.some((allowed) =>
        allowed.endsWith('.ts')
          ? new RegExp(`^src/${allowed.replace('*', '[^/]+')}$`, 'u').test(target)
          : roomOf(target) === allowed,
      );
    });
    expect(wrong.map(({ from, to }) => `${from} → ${to}`)).toEqual([]);
  });

  test('uses each package only where it belongs', () => {
    const wrong = external.filter(({ from, to }) => !arrows[roomOf(from)]!.npm.includes(to));
    expect(wrong.map(({ from, to }) => `${from} → ${to}`)).toEqual([]);
  });

  test('imports only files that are there, with their ending', () => {
    expect(internal.filter((one) => !files.includes(targetOf(one))).map(({ from, to }) => `${from} → ${to}`)).toEqual(
      [],
    );
  });

  test('has no cycle', () => {
    const next = new Map(files.map((file) => [file, internal.filter(({ from }) => from === file).map(targetOf)]));
    const done = new Set<string>();
    const visit = (file: string, path: readonly string[]): void => {
      expect(path, `${[...path, file].join(' → ')} is a cycle`).not.toContain(file);
      if (done.has(file)) return;
      for (const target of next.get(file) ?? []) visit(target, [...path, file]);
      done.add(file);
    };
    for (const file of files) visit(file, []);
  });

  test('has no two folders beside each other that import each other, whatever their depth', () => {
    const arrowsBetween = new Map<string, string[]>();
    for (const one of internal) {
      const [from, to] = [one.from.split('/'), targetOf(one).split('/')];
      const fork = from.findIndex((part, at) => part !== to[at]);
      // A file beside a folder is no room of its own.
      if (fork >= from.length - 1 || fork >= to.length - 1) continue;
      const arrow = [from, to].map((path) => path.slice(0, fork + 1).join('/')).join(' → ');
      arrowsBetween.set(arrow, [...(arrowsBetween.get(arrow) ?? []), `${one.from} → ${targetOf(one)}`]);
    }
    expect(arrowsBetween.size).toBeGreaterThan(50);
    const bothWays = [...arrowsBetween].filter(([arrow]) =>
      arrowsBetween.has(arrow.split(' → ').toReversed().join(' → ')),
    );
    expect(bothWays.flatMap(([, imports]) => imports)).toEqual([]);
  });

  test('has no folder with more than 20 files beside each other', () => {
    const folders = [...new Set(files.map((file) => dirname(file)))];
    const crowded = folders.map((folder) => [folder, files.filter((file) => dirname(file) === folder).length] as const);
    expect(crowded.filter(([, count]) => count > 20)).toEqual([]);
  });

  test('measures without a schema library: only syntax.ts imports zod, and at run time nobody there imports syntax.ts', () => {
    const inMeasure = imports.filter(({ from }) => from.startsWith('src/measure/'));
    expect(inMeasure.filter(({ from, to }) => to === 'zod' && !from.endsWith('/syntax.ts'))).toEqual([]);
    expect(inMeasure.filter(({ to, typeOnly }) => to.endsWith('/syntax.ts') && !typeOnly)).toEqual([]);
  });

  test('says of everything exported what it is', () => {
    const bare = files.flatMap((file) => {
      const lines = textOf(file).split('\n');
      return lines.flatMap((line, at) =>
        /^export (?!type [*{])(const|function|class|interface|type|abstract|async)\b/u.test(line) &&
        !lines[at - 1]?.trimEnd().endsWith('*/')
          ? [`${file}:${at + 1} ${line.slice(0, 60)}`]
          : [],
      );
    });
    expect(bare).toEqual([]);
  });

  test('keeps the process to its entries', () => {
    const touching = files.filter(
      (file) =>
        !entries.includes(file) &&
        /node:process|\bprocess\.(?!us\b|kind\b)|\bDate\.now|\bMath\.random/u.test(codeOf(file)),
    );
    expect(touching).toEqual([]);
  });
});
