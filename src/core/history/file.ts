import { parseJson } from '../exact/parse.ts';
import { writeJson } from '../exact/write.ts';
import { type About, isAbout } from './about.ts';
import type { HistoryBlock } from './builder.ts';
import { columnNames, columnsOf, columnTypes, joinColumns, sliceColumns } from './columns.ts';
import type { Columns } from './columns.ts';
import { operations, outcomes } from './history.ts';
import { putRows } from './machines.ts';
import type { History, Machine, MachineRows } from './history.ts';

/** The head of a block: one line of JSON. Keys and names go on where those of the blocks before ended. */
interface Head {
  readonly contendHistory: number;
  /** In the first block of a history that a run has kept. */
  readonly about?: About;
  /** From version 2 on, where a run had several machines: the one that recorded these rows. */
  readonly machine?: Machine;
  readonly rows: number;
  readonly keys: readonly string[];
  readonly names: readonly string[];
  readonly columns: { readonly [name: string]: string };
  readonly sum: number;
}

/** Without a machine a block is as contends of one machine read it. */
const [version, versionOfMachines] = [1, 2] as const;
const blockLength = 65_536;
const newline = 10;
const longestHead = 1 << 28;
const shape = Object.fromEntries(columnNames.map((name) => [name, columnTypes[name].name]));
const rowBytes = columnNames.reduce((sum, name) => sum + columnTypes[name].BYTES_PER_ELEMENT, 0);

/** That a history file cannot be read, and at which byte of it: to be shown with the file's name. */
export class HistoryFileError extends Error {
  override readonly name = 'HistoryFileError';
}

/**
 * A block of a history file: a line of JSON with its length, its new texts, its columns and a check sum, then the columns
 * one after the other, little-endian. Blocks one after the other are a file, so that one can be written as a run goes.
 */
export function* encodeBlock(
  { columns, keys, names }: HistoryBlock,
  about?: About,
  machine?: Machine,
): Generator<Uint8Array> {
  const parts = columnNames.map((name) => littleEndian(columns[name], columnTypes[name].BYTES_PER_ELEMENT));
  const sum = parts.reduce(checkSum, 0);
  const head: Head = {
    contendHistory: machine === undefined ? version : versionOfMachines,
    ...(about !== undefined && { about }),
    ...(machine !== undefined && { machine: { agent: machine.agent, epsilonNs: machine.epsilonNs } }),
    rows: columns.key.length,
    keys,
    names,
    columns: shape,
    sum,
  };
  yield new TextEncoder().encode(`${writeJson(head)}\n`);
  yield* parts;
}

/**
 * A history as the bytes of a file, in parts of at most half a megabyte beside the texts; without a copy.
 *
 * @param about what it says of itself
 */
export function* encodeHistory(history: History, about?: About): Generator<Uint8Array> {
  let [from, isFirst] = [0, true];
  for (const { rows, ...machine } of history.machines ?? [{ rows: history.length }]) {
    const end = from + rows;
    // A history without rows has texts all the same.
    for (; isFirst || from < end; from = Math.min(from + blockLength, end)) {
      const columns = sliceColumns(history, from, Math.min(from + blockLength, end));
      const { keys, names } = isFirst ? history : { keys: [], names: [] };
      const recordedBy = 'agent' in machine ? machine : undefined;
      yield* encodeBlock({ columns, keys, names }, isFirst ? about : undefined, recordedBy);
      isFirst = false;
    }
  }
}

/**
 * The history from the bytes of a file, in whatever parts they come, asked for one after the other.
 *
 * @throws {HistoryFileError} where the bytes are no history, are cut off or were changed
 */
export const decodeHistory = (parts: Iterable<Uint8Array>): History => {
  const decoder = new HistoryDecoder();
  for (const part of parts) decoder.push(part);
  return decoder.history();
};

/** Puts a history together from the bytes of a file as they arrive. Holds the rows once and one block of bytes. */
export class HistoryDecoder {
  readonly #columns: Columns[] = [];
  readonly #keys: string[] = [];
  readonly #names: string[] = [];
  readonly #machines: MachineRows[] = [];
  #hasMachines = false;
  /** Bytes that are not yet a whole head or block. */
  #waiting: Uint8Array[] = [];
  #waitingBytes = 0;
  #head: Head | undefined;
  #about: About | undefined;
  /** Where in the file the block that is being read begins. */
  #blockAt = 0;
  #headBytes = 0;
  #blocks = 0;

  /**
   * Takes the next bytes, which must stay as they are until the history is there.
   *
   * @throws {HistoryFileError} as soon as they are known not to be a history's
   */
  push(part: Uint8Array): void {
    // Of a Buffer, `slice` is no copy: it is read as the plain bytes that it is.
    let rest = new Uint8Array(part.buffer, part.byteOffset, part.byteLength);
    for (;;) {
      const length = this.#head === undefined ? rest.indexOf(newline) + 1 : this.#missingBytes();
      if (this.#head === undefined && length === 0 && this.#waitingBytes + rest.length > longestHead)
        throw this.#error('has a head of more than 256 MB; a history begins with a line of JSON');
      if ((this.#head === undefined && length === 0) || length > rest.length) {
        if (rest.length > 0) this.#waiting.push(rest);
        this.#waitingBytes += rest.length;
        return;
      }
      const whole = concat([...this.#waiting, rest.subarray(0, length)]);
      rest = rest.subarray(length);
      this.#waiting = [];
      this.#waitingBytes = 0;
      this.#read(whole);
      if (rest.length === 0 && this.#head === undefined) return;
    }
  }

  /**
   * The history, when all bytes were taken.
   *
   * @throws {HistoryFileError} where bytes are missing
   */
  history(): History {
    if (this.#head !== undefined)
      throw this.#error(`is cut off: ${this.#missingBytes()} bytes of its ${this.#head.rows} rows are missing`);
    if (this.#waitingBytes > 0) throw this.#error('is cut off in its head');
    if (this.#blocks === 0) throw new HistoryFileError('is empty; a history has at least a line of JSON');
    const columns = joinColumns(this.#columns);
    const machines = this.#hasMachines && this.#machines.length > 0 ? { machines: this.#machines } : {};
    return { ...columns, length: columns.key.length, keys: this.#keys, names: this.#names, ...machines };
  }

  /** What the history says of itself; undefined: nothing, as one that no run has kept. Known once its first block was read. */
  get about(): About | undefined {
    return this.#about;
  }

  #missingBytes(): number {
    return this.#head!.rows * rowBytes - this.#waitingBytes;
  }

  #read(bytes: Uint8Array): void {
    if (this.#head === undefined) {
      this.#head = this.#readHead(bytes);
      this.#about ??= this.#head.about;
      this.#headBytes = bytes.length;
      return;
    }
    this.#readColumns(bytes, this.#head);
    this.#blockAt += this.#headBytes + bytes.length;
    this.#blocks++;
    this.#head = undefined;
  }

  #readHead(bytes: Uint8Array): Head {
    let head: unknown;
    try {
      head = parseJson(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    } catch {
      throw this.#error('does not begin with a line of JSON: this is not a history file, or it was changed');
    }
    const said = head as Partial<Head> | null;
    if (typeof said?.contendHistory !== 'number')
      throw this.#error('is not a history: its head has no "contendHistory"');
    if (said.contendHistory !== version && said.contendHistory !== versionOfMachines)
      throw this.#error(
        `is of version ${said.contendHistory}; this contend reads versions ${version} and ${versionOfMachines}`,
      );
    if (!isLength(said.rows) || !isTexts(said.keys) || !isTexts(said.names) || typeof said.sum !== 'number')
      throw this.#error('has a head without "rows", "keys", "names" or "sum"');
    if (JSON.stringify(said.columns) !== JSON.stringify(shape))
      throw this.#error(`has other columns than ${columnNames.join(', ')}`);
    if (said.about !== undefined && !isAbout(said.about))
      throw this.#error('has an "about" without "mode", "round", "model", "initial" or "final"');
    if (said.machine !== undefined && !isMachine(said.machine))
      throw this.#error('has a "machine" without "agent" or "epsilonNs"');
    return said as Head;
  }

  #readColumns(bytes: Uint8Array, { rows, sum, keys, names, machine }: Head): void {
    for (const text of keys) this.#keys.push(text);
    for (const text of names) this.#names.push(text);
    let from = 0;
    let found = 0;
    const columns = columnsOf((name) => {
      const Column = columnTypes[name];
      const part = bytes.slice(from, from + rows * Column.BYTES_PER_ELEMENT);
      from += part.length;
      found = checkSum(found, part);
      return new Column(littleEndian(part, Column.BYTES_PER_ELEMENT).buffer);
    });
    if (found !== sum) throw this.#error('was changed: its checksum differs');
    for (let row = 0; row < rows; row++) {
      if (columns.key[row]! >= this.#keys.length || columns.f[row]! >= operations.length)
        throw this.#error(`has a row, ${row}, with an unknown key or operation`);
      if (columns.status[row]! >= outcomes.length) throw this.#error(`has a row, ${row}, with an unknown outcome`);
    }
    this.#columns.push(columns);
    this.#hasMachines ||= machine !== undefined;
    putRows(this.#machines, rows, machine ?? { agent: null, epsilonNs: 0 });
  }

  #error(what: string): HistoryFileError {
    return new HistoryFileError(`the block at byte ${this.#blockAt} ${what}`);
  }
}

const isLength = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;
const isMachine = (value: unknown): value is Machine => {
  const { agent, epsilonNs } = (value ?? {}) as Partial<Machine>;
  return (
    (agent === null || isLength(agent)) && (epsilonNs === null || (typeof epsilonNs === 'number' && epsilonNs >= 0))
  );
};
const isTexts = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.every((text) => typeof text === 'string');

const concat = (parts: readonly Uint8Array[]): Uint8Array => {
  if (parts.length === 1) return parts[0]!;
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
};

const machineIsLittleEndian = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1;

/** The bytes of a column, or a column's from a file: the same either way, and a view where the machine is little-endian. */
const littleEndian = (array: Float64Array | Uint32Array | Uint8Array, size: number): Uint8Array<ArrayBuffer> => {
  const bytes = new Uint8Array(array.buffer as ArrayBuffer, array.byteOffset, array.byteLength);
  if (machineIsLittleEndian || size === 1) return bytes;
  const swapped = bytes.slice();
  for (let at = 0; at < swapped.length; at += size) swapped.subarray(at, at + size).reverse();
  return swapped;
};

/** FNV-1a over words of 32 bits, and over the bytes that are left. */
const checkSum = (sum: number, bytes: Uint8Array): number => {
  let hash = sum ^ bytes.length;
  const aligned = bytes.byteOffset % 4 === 0 ? bytes : bytes.slice();
  const words = new Uint32Array(aligned.buffer, aligned.byteOffset, aligned.length >>> 2);
  for (let at = 0; at < words.length; at++) hash = Math.imul(hash ^ words[at]!, 0x01000193);
  for (let at = words.length * 4; at < aligned.length; at++) hash = Math.imul(hash ^ aligned[at]!, 0x01000193);
  return hash >>> 0;
};
