import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { FailureClass } from '../../src/core/recording/failure.ts';
import type { ModeResult, Result } from '../../src/core/result/result.ts';
import { terminal } from '../../src/report/terminal/terminal.ts';
import { contend, contendHere, type Ended, type RunOptions } from '../cli/contend.ts';
import { documentOf, expectIdentities } from '../cli/document.ts';

/** A folder for scenario files, removed at the end. */
export interface Folder extends AsyncDisposable {
  /** Writes a file and gives its path. */
  file(name: string, text: string): Promise<string>;
  readonly path: string;
}

/** Makes a folder. */
export const openFolder = async (): Promise<Folder> => {
  const path = await mkdtemp(join(tmpdir(), 'contend-faults-'));
  return {
    path,
    file: async (name, text) => {
      await writeFile(join(path, name), text);
      return join(path, name);
    },
    [Symbol.asyncDispose]: () => rm(path, { recursive: true }),
  };
};

/** How many iterations each mode of {@link scenarioOf} has. */
export const iterations = 6;

/** What the one request of each iteration asks. */
export interface Asked {
  readonly method?: 'get' | 'post' | 'put';
  readonly path: string;
  /** Somebody reads the body. */
  readonly capture?: boolean;
  /** 5s, which no answer takes that comes at all, unless given. */
  readonly timeout?: string;
}

/** What a scenario of {@link scenarioOf} has beside its modes. */
export interface Load {
  readonly origin: string;
  readonly users?: number;
  readonly load?: string;
  /** 5s, which no connection takes that is accepted at all, unless given. */
  readonly connect?: string;
}

/** A scenario with a mode without lock for each of these, of one request per iteration, each path another one. */
export const scenarioOf = (modes: { readonly [name: string]: Asked }, options: Load): string => {
  const { origin, users = 3, load = `iterations: ${iterations}`, connect = '5s' } = options;
  const lines = Object.entries(modes).map(([name, { method = 'post', path, capture = false, timeout = '5s' }]) => {
    const body = method === 'get' ? '' : ', json: { stock: 4 }';
    const kept = capture ? ', capture: { stock: body.stock }' : '';
    return `  ${name}: { steps: { ask: { ${method}: ${path}, timeout: ${timeout}${body}${kept} } } }`;
  });
  return `
target: ${origin}
destructive: true
rounds: 1
timeouts: { connect: ${connect}, request: 5s }
load: { users: ${users}, warmup: 0, ${load} }
steps: [{ name: ask, get: /none }]
modes:
${lines.join('\n')}
`;
};

/** A run that has ended, with its document and the report that people read. */
export interface Reported {
  readonly code: number | null;
  readonly document: Result;
  /** In one line, with single spaces. */
  readonly report: string;
}

/**
 * Runs a scenario by the built command's `main` in this process: it must end in order, within 20 s unless told otherwise, with a whole document
 * whose identities hold, and write nothing to standard error. A crash would fail the test.
 */
export const reported = async (file: string, { withinMs = 20_000 } = {}): Promise<Reported> => {
  const startedMs = performance.now();
  const ended = await contendHere(['run', file, '--json', '-q']);
  expect(performance.now() - startedMs).toBeLessThan(withinMs);
  return reportOf(ended);
};

/** The same by a process of its own, for what it takes from its environment. */
export const reportedThere = async (file: string, env: RunOptions['env'] = {}): Promise<Reported> => {
  const ended = await contend(['run', file, '--json', '-q'], { env });
  expect(ended.signal).toBeNull();
  expect(ended.durationMs).toBeLessThan(20_000);
  return reportOf(ended);
};

const reportOf = ({ code, stdout, stderr }: Pick<Ended, 'code' | 'stdout' | 'stderr'>): Reported => {
  expect(stderr).toBe('');
  const document = documentOf(stdout);
  expect(document.exitCode).toBe(code);
  for (const mode of document.modes) expectIdentities(mode);
  const report = terminal(document, { width: 2000, color: false, details: true }).replaceAll(/\s+/gu, ' ');
  return { code, document, report };
};

/** Failures in which nothing was sent. */
const unsent: readonly FailureClass[] = ['connect', 'dns', 'tls', 'generator'];

/** How many of a mode's measured requests have left, by what the document says. */
export const leftIn = ({ requests }: ModeResult): number =>
  requests.total - unsent.reduce((sum, failure) => sum + (requests.byError[failure] ?? 0), 0);
