import { fileURLToPath } from 'node:url';
import type { Host, Output } from '../../src/core/host.ts';
import type { Terminal } from '../../src/core/terminal.ts';
import { micros } from '../../src/core/units.ts';
import { memoryFiles } from '../measure/histories.ts';

/** A process that is a plain object: what it is told, and what was written to it. */
export interface ScriptedHost {
  readonly host: Host;
  readonly stdout: () => string;
  readonly stderr: () => string;
}

/** A host for `main`; no terminal and an empty environment unless given. */
export const scriptedHost = (
  argv: readonly string[],
  { isTTY = false, ...given }: Partial<Host> & { readonly isTTY?: boolean } = {},
): ScriptedHost => {
  const [stdout, stderr] = [outputOf(isTTY), outputOf(isTTY)];
  const host: Host = {
    argv,
    env: {},
    stdout,
    stderr,
    terminal: silentTerminal,
    clock: { now: () => micros(performance.now() * 1000) },
    execPath: process.execPath,
    packageFolder: fileURLToPath(new URL('../../', import.meta.url)),
    name: 'a-machine',
    network: () => 'a network',
    tool: { name: 'contend', version: '1.2.3' },
    wallClockMs: () => 0,
    randomSeed: () => 42,
    epochNs: () => process.hrtime.bigint() - BigInt(Math.round(performance.now() * 1e6)),
    cpuUs: () => performance.now() * 100,
    processCpuUs: () => performance.now() * 200,
    openFilesLimit: () => undefined,
    readText: async () => '',
    readInput: async () => '',
    ...memoryFiles(),
    removeFile: async () => undefined,
    makeTemporaryFolder: async () => ({ path: '/temporary', [Symbol.asyncDispose]: async () => undefined }),
    removeLeftovers: () => undefined,
    readBeside: () => () => ({ refused: 'there is no such file' }),
    readInside: async () => 'no file',
    listInside: async () => [],
    makeFolder: async () => undefined,
    replaceFile: async () => undefined,
    createFile: async () => undefined,
    appendText: async () => undefined,
    onInterrupt: () => () => undefined,
    exit: (code) => {
      throw new Error(`the process was ended with ${code}`);
    },
    machine: { node: '20.20.0', cpu: 'a processor', cores: 2, kernel: 'a kernel' },
    ...given,
  };
  return { host, stdout: stdout.text, stderr: stderr.text };
};

/** A terminal that takes everything and sends no keys. */
export const silentTerminal: Terminal = {
  isKeyboard: false,
  isForeground: () => true,
  rows: () => 30,
  onResize: () => () => undefined,
  onKeys: () => () => undefined,
  onStop: () => () => undefined,
  stop: () => undefined,
  onEnd: () => () => undefined,
  openSink: () => ({ write: ({ length }) => length, close: () => undefined }),
};

const outputOf = (isTTY: boolean): Output & { readonly text: () => string } => {
  let written = '';
  return {
    isTTY,
    columns: () => (isTTY ? 100 : undefined),
    text: () => written,
    write: (text) => {
      written += text;
    },
  };
};
