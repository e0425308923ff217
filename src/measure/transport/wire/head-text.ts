import { textOfOctets } from '../../../core/octets.ts';

const CR = 13;
const SPACE = 32;
const TAB = 9;
const COLON = 58;
const [upperA, upperZ, toLower] = [65, 90, 32] as const;

/** Grows to the longest head. */
let written = Buffer.allocUnsafeSlow(4096);

/**
 * The headers of a head that was found valid, each as `\r\nname: value`: names in lower case, values without surrounding
 * blanks.
 *
 * @param from where the first line ends
 * @param to where the last header's line ends
 * @cost one pass, about a nanosecond per byte, and one text
 */
export const headText = (bytes: Buffer, from: number, to: number): string => {
  // Each header has at least three more bytes (its colon and the end of its line) and gains at most one.
  if (written.length < (to - from) * 2) written = Buffer.allocUnsafeSlow((to - from) * 2);
  const into = written;
  let end = 0;
  for (let at = from; at < to;) {
    into[end++] = bytes[at++]!;
    into[end++] = bytes[at++]!;
    for (let byte = bytes[at++]!; byte !== COLON; byte = bytes[at++]!) {
      into[end++] = byte >= upperA && byte <= upperZ ? byte + toLower : byte;
    }
    into[end++] = COLON;
    into[end++] = SPACE;
    while (at < to && isBlank(bytes[at]!)) at++;
    const valueStart = end;
    while (at < to && bytes[at] !== CR) into[end++] = bytes[at++]!;
    while (end > valueStart && isBlank(into[end - 1]!)) end--;
  }
  return textOfOctets(into.toString('latin1', 0, end));
};

const isBlank = (byte: number): boolean => byte === SPACE || byte === TAB;
