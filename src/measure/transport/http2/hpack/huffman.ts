/**
 * How many bits the code of each byte has (RFC 7541, appendix B). The codes follow from them: shorter ones first, and those
 * of the same length in the order of the bytes.
 */
const bitsOf = Uint8Array.from(
  `
    13 23 28 28 28 28 28 28 28 24 30 28 28 30 28 28
    28 28 28 28 28 28 30 28 28 28 28 28 28 28 28 28
    6 10 10 12 13 6 8 11 10 10 8 11 8 6 6 6
    5 5 5 6 6 6 6 6 6 6 7 8 15 6 12 10
    13 6 7 7 7 7 7 7 7 7 7 7 7 7 7 7
    7 7 7 7 7 7 7 7 8 7 8 13 19 13 14 6
    15 5 6 5 6 5 6 6 6 5 7 7 6 6 6 5
    6 7 6 5 5 6 7 7 7 7 7 15 11 14 13 28
    20 22 20 20 22 22 22 23 22 23 23 23 23 23 24 23
    24 24 22 23 24 23 23 23 23 21 22 23 22 23 23 24
    22 21 20 22 22 23 23 21 23 22 22 24 21 22 23 23
    21 21 22 21 23 22 23 23 20 22 22 22 23 22 22 23
    26 26 20 19 22 23 22 25 26 26 26 27 27 26 24 25
    19 21 26 27 27 26 27 24 21 21 26 26 28 27 27 27
    20 24 20 21 22 21 21 23 22 22 25 25 24 24 26 23
    26 27 26 26 27 27 27 27 27 28 27 27 27 27 27 26
  `
    .trim()
    .split(/\s+/u),
  Number,
);

const longestBits = 30;
/** Stands for the end of a text in the code, and must not occur in one. */
const endOfString = 256;

/** The code of each byte, and last that of the end: codes of the same length are consecutive. */
const codes = ((): Uint32Array => {
  const all = new Uint32Array(endOfString + 1);
  let code = 0;
  for (let bits = 1; bits <= longestBits; bits++, code *= 2) {
    for (let byte = 0; byte < endOfString; byte++) if (bitsOf[byte] === bits) all[byte] = code++;
  }
  // Thirty ones.
  all[endOfString] = 2 ** longestBits - 1;
  return all;
})();

/** Where four bits lead from a place in the tree: the next place, with a byte if a code has ended. */
const none = -1;
const hasByte = 1 << 16;
/** A text may end here: the bits of the current code are all ones, and fewer than eight. */
const mayEnd = 1 << 17;

/**
 * The tree as a table, with sixteen entries for each inner node: no code is shorter than five bits, so four bits end at most
 * one. An entry is the next node, the byte from bit 8 on, and flags; {@link none} if there is no such code.
 */
const steps = ((): Int32Array => {
  const children: [number, number][] = [[none, none]];
  /** Leaves differ from nodes by their sign: −2 is the byte 0. */
  const leafOf = (symbol: number): number => -2 - symbol;
  for (let symbol = 0; symbol <= endOfString; symbol++) {
    const bits = symbol === endOfString ? longestBits : bitsOf[symbol]!;
    let node = 0;
    for (let bit = bits - 1; bit >= 0; bit--) {
      const way = Math.floor(codes[symbol]! / 2 ** bit) % 2 === 1 ? 1 : 0;
      if (bit === 0) children[node]![way] = leafOf(symbol);
      else {
        if (children[node]![way] === none) children[node]![way] = children.push([none, none]) - 1;
        node = children[node]![way];
      }
    }
  }
  const isEnd = new Uint8Array(children.length);
  for (let node = 0, ones = 0; ones < 8; ones++, node = children[node]![1]) isEnd[node] = 1;
  const table = new Int32Array(children.length * 16).fill(none);
  for (let from = 0; from < children.length; from++) {
    for (let nibble = 0; nibble < 16; nibble++) {
      let node = from;
      let entry = 0;
      for (let bit = 3; bit >= 0; bit--) {
        node = children[node]![(nibble >> bit) & 1 ? 1 : 0];
        if (node === leafOf(endOfString)) entry = none;
        if (entry === none) break;
        if (node >= 0) continue;
        entry |= hasByte | ((-2 - node) << 8);
        node = 0;
      }
      if (entry !== none) table[from * 16 + nibble] = entry | node | (isEnd[node] === 1 ? mayEnd : 0);
    }
  }
  return table;
})();

/** No byte becomes more than this many, as the shortest code has five bits. */
export const mostPerByte = 8 / 5;

/**
 * Decodes bytes into `into`, which must have room for {@link mostPerByte} times as many.
 *
 * @returns how many bytes it made; -1 if the code is invalid
 * @cost two look-ups per byte
 */
export const huffmanDecode = (bytes: Uint8Array, from: number, to: number, into: Uint8Array): number => {
  let made = 0;
  let entry = mayEnd;
  for (let at = from; at < to; at++) {
    const byte = bytes[at]!;
    entry = steps[(entry & 0xff) * 16 + (byte >> 4)]!;
    if (entry === none) return -1;
    if ((entry & hasByte) !== 0) into[made++] = (entry >> 8) & 0xff;
    entry = steps[(entry & 0xff) * 16 + (byte & 15)]!;
    if (entry === none) return -1;
    if ((entry & hasByte) !== 0) into[made++] = (entry >> 8) & 0xff;
  }
  return (entry & mayEnd) === 0 ? -1 : made;
};

/** How long the bytes would be once encoded. */
export const huffmanLength = (bytes: Uint8Array): number => {
  let bits = 0;
  for (const byte of bytes) bits += bitsOf[byte]!;
  return Math.ceil(bits / 8);
};

/** Encodes bytes. */
export const huffmanEncode = (bytes: Uint8Array): Buffer => {
  const made = Buffer.alloc(huffmanLength(bytes));
  let at = 0;
  let held = 0;
  let bits = 0;
  const put = (code: number, length: number): void => {
    for (let bit = length - 1; bit >= 0; bit--) {
      held = held * 2 + (Math.floor(code / 2 ** bit) % 2);
      if (++bits < 8) continue;
      made[at++] = held;
      held = 0;
      bits = 0;
    }
  };
  for (const byte of bytes) put(codes[byte]!, bitsOf[byte]!);
  // Filled up with ones, the beginning of the code of the end.
  if (bits > 0) put(0xff >> bits, 8 - bits);
  return made;
};
