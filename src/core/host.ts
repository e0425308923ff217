import type { Clock } from './clock.ts';
import type { Terminal } from './terminal.ts';

/** A stream of text out, as far as a command cares. */
export interface Output {
  write(text: string): void;
  readonly isTTY: boolean;
  /** Width in characters; `undefined` where it is no terminal. */
  columns(): number | undefined;
}

/** A file that is written from its beginning on. */
export interface FileSink {
  /** Writes the bytes before it returns. @throws {Error} the system's own */
  write(bytes: Uint8Array): void;
  close(): void;
}

/** Makes a file, empty, to be written. @throws {Error} the system's own */
export type OpenFile = (path: string) => FileSink;

/** The text of a file, or why it is not to be had. */
export type FoundText = { readonly text: string } | { readonly refused: string };

/** Reads a file that lies in a folder or below it, links followed, and nowhere else. */
export type ReadBeside = (path: string, mostBytes: number) => FoundText;

/** The one door to the process: a whole command is then a function call in a test. */
export interface Host {
  readonly argv: readonly string[];
  readonly env: { readonly [name: string]: string | undefined };
  readonly stdout: Output;
  readonly stderr: Output;
  readonly terminal: Terminal;
  readonly clock: Clock;
  /** The Node that runs this. */
  readonly execPath: string;
  /** The folder of the package: `package.json` and `scenarios/` are in it. */
  readonly packageFolder: string;
  /** What this machine is called. */
  readonly name: string;
  /** Which loopback this process has: where it is the same, processes reach each other at 127.0.0.1. */
  network(): string;
  readonly tool: { readonly name: 'contend'; readonly version: string };
  /** Gets the process ready for a load, before anything is sent; absent: it is another's, and stays as it is. */
  readonly readyForLoad?: () => void;
  /** Milliseconds since 1970, for the date in a report and nothing else. */
  wallClockMs(): number;
  /** 32 random bits, for a seed that was not given. */
  randomSeed(): number;
  readText(path: string): Promise<string>;
  /** All of the standard input, to its end. */
  readInput(): Promise<string>;
  /** The bytes of a file in parts, as it is read. */
  readBytes(path: string): AsyncIterable<Uint8Array>;
  readonly openFile: OpenFile;
  /** Removes a file, if it is there. */
  removeFile(path: string): Promise<void>;
  /** Reads files in the folder that this file lies in. */
  readBeside(file: string): ReadBeside;
  /**
   * A file of a folder, its links followed; refused where it then lies outside that folder, or is no file or too large.
   */
  readInside(
    folder: string,
    path: string,
    mostBytes: number,
  ): Promise<Uint8Array | 'outside' | 'no file' | 'too large'>;
  /** The files below a folder of a folder, by their paths from the first one, with `/` between their parts. */
  listInside(folder: string, path: string): Promise<readonly string[]>;
  /** Makes a folder, and those that it lies in; one that is there already will do. */
  makeFolder(path: string): Promise<void>;
  /** Makes a folder of its own for what is needed only as long as the process runs; gone with all that is in it when disposed of. */
  makeTemporaryFolder(): Promise<AsyncDisposable & { readonly path: string }>;
  /** Removes such folders of processes that were killed before they could. */
  removeLeftovers(): void;
  /** Writes a file whole or not at all: whoever reads it finds the old text or the new one, whatever happens meanwhile. */
  replaceFile(path: string, text: string): Promise<void>;
  /** Makes a file; rejects with EEXIST where there is one. */
  createFile(path: string, text: string): Promise<void>;
  /** Writes at the end of a file, which is made if it is not there. */
  appendText(path: string, text: string): Promise<void>;
  /** Calls back at SIGINT and SIGTERM, instead of ending. Gives back a function that stops listening. */
  onInterrupt(then: (signal: 'SIGINT' | 'SIGTERM') => void): () => void;
  /** Zero of `clock`, in ns of the clock that all threads of the process share. */
  epochNs(): bigint;
  /** CPU time of this thread so far, in µs; of the process where the system does not tell them apart. */
  cpuUs(): number;
  /** CPU time of the process so far, all its threads, in µs. */
  processCpuUs(): number;
  /** How many files and connections the process may have open; undefined where the system does not tell. */
  openFilesLimit(): number | undefined;
  /** Ends the process at once. */
  exit(code: number): void;
  readonly machine: { readonly node: string; readonly cpu: string; readonly cores: number; readonly kernel: string };
}
