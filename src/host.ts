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

/** The real process, as the rest of the program sees it. */
export const processHost = (): Host => {
  // When built, this is dist/src/host.js, and a chunk next to dist/bundle/contend.js.
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

/** Linux: the boot and the network namespace; elsewhere a machine has one loopback, so its host name is enough. */
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

/** Zero of this thread's `performance.now`, by the closest of several readings; `performance.timeOrigin` may be 1 ms off. */
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

/** CPU time of the calling thread in µs: without helper threads that collect garbage or compile. */
export const threadCpuUs = (): number => {
  const running = schedulerTime();
  return running ?? processCpuUs();
};

const processCpuUs = (): number => {
  const { user, system } = process.cpuUsage();
  return user + system;
};

/** Linux: the first field is the nanoseconds on the CPU. */
const schedulerTime = (): number | undefined => {
  try {
    return Math.floor(Number.parseInt(readFileSync('/proc/thread-self/schedstat', 'latin1'), 10) / 1000);
  } catch {
    return undefined;
  }
};

const openFilesLimit = (): number | undefined => {
  // Otherwise the report would look up the names of this machine's addresses.
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

// Not mkdir's own `recursive`: on a file system that answers ENOENT although the parent exists, as /proc does, that never ends.
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

/** Writes synchronously: the thread that measures is held only while the bytes are copied, and nothing piles up. */
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

/** The place to write a file to: for a link, its destination. A device or a pipe is refused, because a file would replace it. */
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
  // In the same folder, because a rename is atomic only within a file system.
  const draft = join(dirname(path), `.${basename(path)}.tmp`);
  // Left by a killed run, or a planted link to elsewhere.
  await rm(draft, { force: true });
  try {
    await writeFile(draft, text, { flag: 'wx' });
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
};

/** The streams written to so far: a program that only asks for a result keeps its streams and their errors to itself. */
const written = new WeakSet<NodeJS.WriteStream>();

const outputOf = (stream: NodeJS.WriteStream): Output => {
  const hear = (): void => {
    if (written.has(stream)) return;
    written.add(stream);
    stream.on('error', (error: NodeJS.ErrnoException) => {
      // Progress that is no longer read, or cannot be written, is no reason to stop.
      if (stream === process.stderr) return;
      // The reader has left, as `| head` does: nothing is wrong, and there is nobody to tell.
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
    // 0 for a terminal whose size was never set, as in a container.
    columns: () => stream.columns || undefined,
  };
};
