import type { Clock } from './clock.ts';
import type { Terminal } from './terminal.ts';

/** An output stream, as far as a command needs it. */
export interface Output {
  write(text: string): void;
  readonly isTTY: boolean;
  /** Width in characters; `undefined` if it is not a terminal. */
  columns(): number | undefined;
}

/** A file to write from its beginning. */
export interface FileSink {
  /** Writes the bytes before it returns. @throws {Error} the system's own */
  write(bytes: Uint8Array): void;
  close(): void;
}

/** Creates an empty file to write to. @throws {Error} the system's own */
export type OpenFile = (path: string) => FileSink;

/** The text of a file, or why it cannot be read. */
export type FoundText = { readonly text: string } | { readonly refused: string };

/** Reads a file in a folder or below it, after following links, and nowhere else. */
export type ReadBeside = (path: string, mostBytes: number) => FoundText;

/** The only access to the process, so that a test can run a whole command as a function call. */
export interface Host {
  readonly argv: readonly string[];
  readonly env: { readonly [name: string]: string | undefined };
  readonly stdout: Output;
  readonly stderr: Output;
  readonly terminal: Terminal;
  readonly clock: Clock;
  /** The version of Node. */
  readonly execPath: string;
  /** The folder of the package: `package.json` and `scenarios/` are in it. */
  readonly packageFolder: string;
  /** The name of this machine. */
  readonly name: string;
  /** Which loopback this process has: where it is the same, processes reach each other at 127.0.0.1. */
  network(): string;
  readonly tool: { readonly name: 'contend'; readonly version: string };
  /** Prepares the process for a load, before anything is sent; absent if it belongs to another program. */
  readonly readyForLoad?: () => void;
  /** Milliseconds since 1970, for the date in a report and nothing else. */
  wallClockMs(): number;
  /** 32 random bits, for a seed that was not given. */
  randomSeed(): number;
  readText(path: string): Promise<string>;
  /** The whole standard input. */
  readInput(): Promise<string>;
  /** The bytes of a file, in parts, as they are read. */
  readBytes(path: string): AsyncIterable<Uint8Array>;
  readonly openFile: OpenFile;
  /** Removes a file if it exists. */
  removeFile(path: string): Promise<void>;
  /** Reads files in this file's folder. */
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
  /** Creates a folder and its parents; it may already exist. */
  makeFolder(path: string): Promise<void>;
  /** Makes a folder of its own for what is needed only as long as the process runs; gone with all that is in it when disposed of. */
  makeTemporaryFolder(): Promise<AsyncDisposable & { readonly path: string }>;
  /** Removes such folders of processes that were killed before they could. */
  removeLeftovers(): void;
  /** Writes a file atomically: a reader finds the old text or the new one, whatever happens meanwhile. */
  replaceFile(path: string, text: string): Promise<void>;
  /** Creates a file; rejects with EEXIST if it exists. */
  createFile(path: string, text: string): Promise<void>;
  /** Appends to a file, and creates it if needed. */
  appendText(path: string, text: string): Promise<void>;
  /** Calls back at SIGINT and SIGTERM instead of ending. Returns a function that stops listening. */
  onInterrupt(then: (signal: 'SIGINT' | 'SIGTERM') => void): () => void;
  /** Zero of `clock`, in ns of the clock that all threads of the process share. */
  epochNs(): bigint;
  /** CPU time of this thread so far, in µs; of the process if the system does not distinguish threads. */
  cpuUs(): number;
  /** CPU time of the process so far, all its threads, in µs. */
  processCpuUs(): number;
  /** How many files and connections the process may open; undefined if the system does not say. */
  openFilesLimit(): number | undefined;
  /** Ends the process at once. */
  exit(code: number): void;
  readonly machine: { readonly node: string; readonly cpu: string; readonly cores: number; readonly kernel: string };
}
