import {
  closeSync,
  createReadStream,
  openSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  statSync,
  writeSync,
} from 'node:fs';
import { appendFile, mkdir, open, readdir, readFile, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { availableParallelism, cpus, hostname, release } from 'node:os';
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import process from 'node:process';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import type { Clock } from './core/clock.ts';
import type { Host, OpenFile, Output, ReadBeside } from './core/host.ts';
import { micros } from './core/units.ts';
import { makeTemporaryFolder, removeLeftovers } from './temporary.ts';
import { processTerminal } from './terminal.ts';

/** The real process, as everything else sees it. */
export const processHost = (): Host => {
  // Built: dist/src/host.js, and a chunk beside dist/bundle/contend.js.
  const packageFolder = fileURLToPath(new URL('../../', import.meta.url));
  const { version } = JSON.parse(readFileSync(join(packageFolder, 'package.json'), 'utf8')) as { version: string };
  return {
    argv: process.argv.slice(2),
    env: process.env,
    stdout: outputOf(process.stdout),
    stderr: outputOf(process.stderr),
    terminal: processTerminal(),
    clock: { now: () => micros(performance.now() * 1000) },
    execPath: process.execPath,
    packageFolder,
    name: hostname(),
    network: ownNetwork,
    tool: { name: 'contend', version },
    wallClockMs: () => Date.now(),
    randomSeed: () => crypto.getRandomValues(new Uint32Array(1))[0]!,
    readText: async (path) => readFile(path, 'utf8'),
    readInput: async () => text(process.stdin),
    readBytes: (path) => createReadStream(path, { highWaterMark: 1 << 20 }) as AsyncIterable<Uint8Array>,
    openFile,
    removeFile: async (path) => rm(path, { force: true }),
    readBeside,
    readInside,
    listInside,
    makeFolder,
    makeTemporaryFolder,
    removeLeftovers,
    replaceFile,
    createFile: async (path, text) => writeFile(path, text, { flag: 'wx' }),
    appendText: async (path, text) => appendFile(path, text),
    onInterrupt: (then) => {
      const listener = (signal: NodeJS.Signals): void => then(signal === 'SIGTERM' ? 'SIGTERM' : 'SIGINT');
      process.on('SIGINT', listener).on('SIGTERM', listener);
      return () => void process.off('SIGINT', listener).off('SIGTERM', listener);
    },
    epochNs: ownEpochNs,
    cpuUs: threadCpuUs,
    processCpuUs,
    openFilesLimit,
    exit: (code) => process.exit(code),
    machine: {
      node: process.versions.node,
      cpu: cpus()[0]?.model.trim() ?? 'unknown',
      cores: availableParallelism(),
      kernel: `${process.platform} ${release()}`,
    },
  };
};

/** Linux: the boot and the network namespace; elsewhere a machine has one loopback, and its name. */
const ownNetwork = (): string => {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim();
    return `${boot} ${readlinkSync('/proc/self/ns/net')}`;
  } catch {
    return hostname();
  }
};

/** The clock of the calling thread, its zero at this moment of `process.hrtime`: the same time in every thread, to a few µs. */
export const threadClock = (epochNs: bigint): Clock => {
  const aheadUs = Number(ownEpochNs() - epochNs) / 1000;
  return { now: () => micros(performance.now() * 1000 + aheadUs) };
};

/** Zero of this thread's `performance.now`, by the closest of some readings; `performance.timeOrigin` may be 1 ms off. */
export const ownEpochNs = (): bigint => {
  let closest = { withinNs: Infinity, epochNs: 0n };
  for (let reading = 0; reading < 100; reading++) {
    const beforeNs = process.hrtime.bigint();
    const sinceNs = BigInt(Math.round(performance.now() * 1e6));
    const withinNs = Number(process.hrtime.bigint() - beforeNs);
    if (withinNs >= closest.withinNs) continue;
    closest = { withinNs, epochNs: beforeNs + BigInt(Math.round(withinNs / 2)) - sinceNs };
  }
  return closest.epochNs;
};

/** CPU time of the calling thread in µs: helpers that collect garbage or compile are not the one that sends. */
export const threadCpuUs = (): number => {
  const running = schedulerTime();
  return running ?? processCpuUs();
};

const processCpuUs = (): number => {
  const { user, system } = process.cpuUsage();
  return user + system;
};

/** Linux: nanoseconds on the CPU come first. */
const schedulerTime = (): number | undefined => {
  try {
    return Math.floor(Number.parseInt(readFileSync('/proc/thread-self/schedstat', 'latin1'), 10) / 1000);
  } catch {
    return undefined;
  }
};

const openFilesLimit = (): number | undefined => {
  // The addresses of this machine, for whose names it would ask around, are of no interest.
  Object.assign(process.report, { excludeNetwork: true });
  const { userLimits } = process.report.getReport() as {
    readonly userLimits?: { readonly open_files?: { readonly soft: number | 'unlimited' } };
  };
  const soft = userLimits?.open_files?.soft;
  return typeof soft === 'number' ? soft : undefined;
};

const readBeside =
  (file: string): ReadBeside =>
  (path, mostBytes) => {
    try {
      const folder = realpathSync(dirname(file));
      const found = realpathSync(resolve(folder, path));
      const inside = relative(folder, found);
      if (inside === '..' || inside.startsWith(`..${sep}`) || isAbsolute(inside))
        return { refused: `it is outside ${dirname(file)}, the folder of the scenario` };
      const stats = statSync(found);
      if (!stats.isFile()) return { refused: 'it is not a file' };
      if (stats.size > mostBytes) return { refused: `it has ${stats.size} bytes; the limit is ${mostBytes}` };
      return { text: readFileSync(found, 'utf8') };
    } catch (error) {
      return {
        refused:
          (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'there is no such file' : (error as Error).message,
      };
    }
  };

const readInside: Host['readInside'] = async (folder, path, mostBytes) => {
  const [root, file] = [await realpath(folder), await realpath(join(folder, path))];
  if (!file.startsWith(root.endsWith(sep) ? root : root + sep)) return 'outside';
  const opened = await open(file);
  try {
    const found = await opened.stat();
    if (!found.isFile()) return 'no file';
    return found.size > mostBytes ? 'too large' : await opened.readFile();
  } finally {
    await opened.close();
  }
};

const listInside: Host['listInside'] = async (folder, path) => {
  const found = await readdir(join(folder, path), { recursive: true, withFileTypes: true });
  return found
    .filter((one) => one.isFile() || one.isSymbolicLink())
    .map((one) => relative(folder, join(one.parentPath, one.name)).split(sep).join('/'))
    .toSorted();
};

// Not mkdir's own `recursive`: where a file system answers ENOENT although the parent is there, as /proc does, that never ends.
const makeFolder = async (path: string): Promise<void> => {
  const parent = dirname(resolve(path));
  if (!(await isThere(parent))) await makeFolder(parent);
  try {
    await mkdir(path);
  } catch (error) {
    const isFolder = (await isThere(path)) && (await stat(path)).isDirectory();
    if (!isFolder) throw error;
  }
};

/** Writes through: whoever measures is held for as long as the bytes are copied, and by nothing that piles up. */
export const openFile: OpenFile = (path) => {
  const file = openSync(path, 'w');
  return {
    write: (bytes) => {
      for (let from = 0; from < bytes.length;) from += writeSync(file, bytes, from);
    },
    close: () => closeSync(file),
  };
};

const isThere = async (path: string): Promise<boolean> => {
  try {
    await stat(path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
};

/** Where a file is to be written: behind a link, what it leads to. A device or a pipe would be replaced by a file, and is refused. */
const placeOf = async (path: string): Promise<string> => {
  if (!(await isThere(path))) return path;
  const place = await realpath(path);
  if ((await stat(place)).isFile()) return place;
  throw Object.assign(new Error('it is not a file'), {
    code: (await stat(place)).isDirectory() ? 'EISDIR' : 'ENOTFILE',
  });
};

const replaceFile = async (named: string, text: string): Promise<void> => {
  const path = await placeOf(named);
  // In the same folder: a rename is atomic within a file system only.
  const draft = join(dirname(path), `.${basename(path)}.tmp`);
  // What a killed run has left, or somebody's link to elsewhere.
  await rm(draft, { force: true });
  try {
    await writeFile(draft, text, { flag: 'wx' });
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
};

/** What is written to already: a program that only asks for a result keeps its streams, and what becomes of their errors, to itself. */
const written = new WeakSet<NodeJS.WriteStream>();

const outputOf = (stream: NodeJS.WriteStream): Output => {
  const hear = (): void => {
    if (written.has(stream)) return;
    written.add(stream);
    stream.on('error', (error: NodeJS.ErrnoException) => {
      // Progress that nobody reads any more is no reason to stop, nor is one that cannot be written.
      if (stream === process.stderr) return;
      // Whoever read it has left, as `| head` does: nothing is wrong, and nobody is there to be told.
      if (error.code === 'EPIPE') process.exit();
      process.stderr.write(`contend: the output cannot be written: ${error.message}\n`);
      process.exit(1);
    });
  };
  return {
    write: (text) => {
      hear();
      stream.write(text);
    },
    isTTY: stream.isTTY ?? false,
    // 0: a terminal that nobody has told its size, as in a container.
    columns: () => stream.columns || undefined,
  };
};
