import { StringDecoder } from 'node:string_decoder';
import { stripVTControlCharacters } from 'node:util';
import { masking, type Mask } from '../../core/mask.ts';

/** How much output is kept: this much of the beginning, and as much of the end. */
const halfBytes = 5 * 1024 * 1024;
/** How long a line in a message may be. */
const longestLine = 500;

/** What processes have written to stdout and stderr together; bounded, and masked when read. */
export class Output {
  readonly #mask: Mask;
  readonly #head: Buffer[] = [];
  readonly #tail: Buffer[] = [];
  readonly #decoder = new StringDecoder('utf8');
  #headBytes = 0;
  #tailBytes = 0;
  #leftOut = 0;
  #line = '';
  #noted = '';
  #onLine: ((line: string) => void) | undefined;

  constructor(secrets: readonly string[]) {
    this.#mask = masking(secrets);
  }

  /** Adds output. */
  add(bytes: Buffer): void {
    this.#lines(bytes);
    const room = halfBytes - this.#headBytes;
    const first = bytes.subarray(0, Math.max(0, room));
    if (first.length > 0) {
      this.#head.push(first);
      this.#headBytes += first.length;
    }
    const rest = bytes.subarray(first.length);
    if (rest.length === 0) return;
    this.#tail.push(rest);
    this.#tailBytes += rest.length;
    while (this.#tailBytes - this.#tail[0]!.length >= halfBytes) {
      const dropped = this.#tail.shift()!.length;
      this.#tailBytes -= dropped;
      this.#leftOut += dropped;
    }
  }

  /** Adds a title for what follows, on a line of its own. */
  note(line: string): void {
    this.#noted = line;
    this.add(Buffer.from(`${this.#endsLine() ? '' : '\n'}${line}\n`));
  }

  /** Calls back for every line from now on, without colors, even for one still being written. `undefined` stops it. */
  onLine(then: ((line: string) => void) | undefined): void {
    this.#onLine = then;
    if (then === undefined) this.#line = '';
  }

  /** Everything kept. */
  text(): string {
    const [head, tail] = [Buffer.concat(this.#head), Buffer.concat(this.#tail)];
    if (this.#leftOut === 0) return this.#mask(Buffer.concat([head, tail]).toString('utf8'));
    // Cut at the ends of lines: half a secret would not be recognized.
    const end = head.lastIndexOf(10) + 1;
    const begin = tail.indexOf(10) + 1;
    const left = this.#leftOut + head.length - end + begin;
    return [
      this.#mask(head.subarray(0, end).toString('utf8')),
      `… ${left} bytes are left out here …\n`,
      this.#mask(tail.subarray(begin).toString('utf8')),
    ].join('');
  }

  /** The last lines since the last note, shortened, without empty ones. */
  lastLines(most: number): readonly string[] {
    const enough = most * longestLine * 4;
    const tail: Buffer[] = [];
    let bytes = 0;
    for (const part of [...this.#head, ...this.#tail].toReversed()) {
      if (bytes >= enough) break;
      tail.unshift(part);
      bytes += part.length;
    }
    const lines = this.#mask(Buffer.concat(tail).subarray(-enough).toString('utf8')).split(/\r?\n/u);
    const since = this.#noted === '' ? lines : lines.slice(lines.lastIndexOf(this.#mask(this.#noted)) + 1);
    const told = since.map(asSeen).filter((line) => line !== '');
    return told.slice(-most).map((line) => (line.length > longestLine ? `${line.slice(0, longestLine - 1)}…` : line));
  }

  #endsLine(): boolean {
    const last = this.#tail.at(-1) ?? this.#head.at(-1);
    return last === undefined || last.at(-1) === 10;
  }

  #lines(bytes: Buffer): void {
    const then = this.#onLine;
    if (then === undefined) return;
    const lines = (this.#line + this.#decoder.write(bytes)).split('\n');
    this.#line = lines.at(-1)!.slice(-8192);
    for (const line of lines) then(stripVTControlCharacters(line.slice(0, 8192)));
  }
}

/** A line as a terminal finally shows it: without colors, and without what a progress bar has overwritten. */
const asSeen = (line: string): string => {
  const plain = stripVTControlCharacters(line).trimEnd();
  return plain.slice(plain.lastIndexOf('\r') + 1);
};
