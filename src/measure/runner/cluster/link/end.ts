import { parseJson } from '../../../../core/exact/parse.ts';
import { writeJson } from '../../../../core/exact/write.ts';
import type { FileSink } from '../../../../core/host.ts';
import type { SlotEnd } from './messages.ts';

const newline = 10;

/** Comes before each piece of a file: its length, and 0 after the last one. */
const lengthBytes = 4;

const lengthOf = (length: number): Buffer => {
  const bytes = Buffer.alloc(lengthBytes);
  bytes.writeUInt32BE(length);
  return bytes;
};

/** What became of a slot, in a line, followed by the files of its histories, one after the other. */
export async function* bytesOf(end: SlotEnd, files: readonly AsyncIterable<Uint8Array>[]): AsyncGenerator<Uint8Array> {
  yield Buffer.from(`${writeJson(end)}\n`);
  for (const file of files) {
    for await (const piece of file) {
      if (piece.length > 0) yield* [lengthOf(piece.length), piece];
    }
    yield lengthOf(0);
  }
}

/**
 * Reads what {@link bytesOf} gives, and writes its files as they come.
 *
 * @param open makes the file for the nth history
 */
export const readEnd = async (
  parts: AsyncIterable<Uint8Array>,
  open: (end: SlotEnd, at: number) => FileSink,
): Promise<SlotEnd> => {
  const files = new Files(open);
  let head: Uint8Array[] = [];
  let end: SlotEnd | undefined;
  try {
    for await (const part of parts) {
      if (end !== undefined) {
        files.take(end, part);
        continue;
      }
      const stop = part.indexOf(newline);
      head.push(stop === -1 ? part : part.subarray(0, stop));
      if (stop === -1) continue;
      end = parseJson(Buffer.concat(head).toString()) as SlotEnd;
      head = [];
      files.take(end, part.subarray(stop + 1));
    }
  } finally {
    files.close();
  }
  if (end === undefined) throw new Error('what became of a slot has no end');
  return end;
};

/** The files after the first line. */
class Files {
  readonly #open: (end: SlotEnd, at: number) => FileSink;
  /** The bytes so far of a length that is incomplete. */
  #begun = Buffer.alloc(0);
  /** What is left of the current piece. */
  #left = 0;
  #file: FileSink | undefined;
  #at = 0;

  constructor(open: (end: SlotEnd, at: number) => FileSink) {
    this.#open = open;
  }

  take(end: SlotEnd, given: Uint8Array): void {
    let bytes = given;
    while (bytes.length > 0) {
      if (this.#left > 0) {
        const some = bytes.subarray(0, this.#left);
        this.#file!.write(some);
        this.#left -= some.length;
        bytes = bytes.subarray(some.length);
        continue;
      }
      const wanted = lengthBytes - this.#begun.length;
      this.#begun = Buffer.concat([this.#begun, bytes.subarray(0, wanted)]);
      bytes = bytes.subarray(wanted);
      if (this.#begun.length < lengthBytes) return;
      this.#file ??= this.#open(end, this.#at);
      this.#left = this.#begun.readUInt32BE();
      this.#begun = Buffer.alloc(0);
      if (this.#left === 0) this.close();
    }
  }

  close(): void {
    if (this.#file === undefined) return;
    this.#file.close();
    this.#file = undefined;
    this.#at++;
  }
}
