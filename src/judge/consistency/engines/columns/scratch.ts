/** The least that is allocated at a time. */
const chunkBytes = 1 << 22;

const chunks: ArrayBuffer[] = [];
/** The chunk in use, how many of its bytes are taken, and how many {@link during} calls are active. */
let chunk = 0;
let used = 0;
let depth = 0;

/**
 * Lends memory to the work: what it takes with {@link words}, {@link doubles} and the others is reused memory and is taken back when the
 * work ends, so it must keep none of it. Fresh memory costs ten times what is done with it, a page fault for each page.
 */
export const during = <Result>(work: () => Result): Result => {
  const [atChunk, atByte] = [chunk, used];
  depth++;
  try {
    return work();
  } finally {
    depth--;
    [chunk, used] = [atChunk, atByte];
  }
};

/** Reserves this many bytes in one piece: untouched memory costs nothing, and no remainders are wasted between pieces. */
export const reserve = (bytes: number): void => {
  if (depth === 0) chunks.splice(0, chunks.length, new ArrayBuffer(bytes));
};

/** Releases the memory, once there is nothing more to judge. */
export const forget = (): void => {
  if (depth > 0) return;
  chunks.length = 0;
  [chunk, used] = [0, 0];
};

const take = (bytes: number): ArrayBuffer => {
  // Each block begins on a double.
  const needed = (bytes + 7) & ~7;
  while (chunk < chunks.length && used + needed > chunks[chunk]!.byteLength) {
    // An empty chunk that is too small makes way for a larger one.
    if (used === 0) chunks.splice(chunk, 1);
    else [chunk, used] = [chunk + 1, 0];
  }
  if (chunk === chunks.length) chunks.push(new ArrayBuffer(Math.max(needed, chunkBytes)));
  used += needed;
  return chunks[chunk]!;
};

/** This many whole numbers, all 0. Outside {@link during} they get memory of their own; the same applies to the functions below. */
export const words = (length: number): Uint32Array<ArrayBuffer> => {
  if (depth === 0) return new Uint32Array(length);
  const buffer = take(4 * length);
  return new Uint32Array(buffer, used - ((4 * length + 7) & ~7), length).fill(0);
};

/** This many signed whole numbers, all 0. */
export const integers = (length: number): Int32Array<ArrayBuffer> => {
  const { buffer, byteOffset } = words(length);
  return new Int32Array(buffer, byteOffset, length);
};

/** This many numbers, all 0. */
export const doubles = (length: number): Float64Array<ArrayBuffer> => {
  const { buffer, byteOffset } = words(2 * length);
  return new Float64Array(buffer, byteOffset, length);
};

/** This many small numbers, all 0. */
export const bytes = (length: number): Uint8Array<ArrayBuffer> => {
  const { buffer, byteOffset } = words(Math.ceil(length / 4));
  return new Uint8Array(buffer, byteOffset, length);
};

/** Shortens the block that was taken last, and gives back the rest. */
const first = (taken: Uint32Array<ArrayBuffer>, length: number): Uint32Array<ArrayBuffer> => {
  const isLast = taken.buffer === chunks[chunk] && taken.byteOffset + ((4 * taken.length + 7) & ~7) === used;
  if (isLast) used = taken.byteOffset + ((4 * length + 7) & ~7);
  return taken.subarray(0, length);
};

/** The rows that pass the test, in the same order. */
export const picked = (
  rows: ArrayLike<number>,
  holds: (row: number, at: number) => boolean,
): Uint32Array<ArrayBuffer> => {
  const all = words(rows.length);
  let count = 0;
  for (let at = 0; at < rows.length; at++) if (holds(rows[at]!, at)) all[count++] = rows[at]!;
  return first(all, count);
};
