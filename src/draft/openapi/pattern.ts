/** A piece of a pattern: makes its text, with up to the wanted number of extra characters. */
type Piece = (wanted: { extra: number }) => string;

/** Thrown for a pattern that has something no text can be made for. */
class Unknown extends Error {
  override readonly name = 'Unknown';
}

const longest = 1000;

/**
 * A text that a pattern matches as a whole: takes the first of its alternatives, and is no longer than necessary.
 *
 * @param least the fewest characters, and `most` the most
 * @returns `undefined` if it has look-around or backreferences, or cannot be matched with that number of characters
 */
export const textOfPattern = (pattern: string, least: number, most: number): string | undefined => {
  try {
    const parser = new Parser(pattern);
    const piece = parser.alternatives();
    if (parser.at < pattern.length) return undefined;
    const short = piece({ extra: 0 });
    const text = short.length >= least ? short : piece({ extra: least - short.length });
    return text.length >= least && text.length <= most ? text : undefined;
  } catch (error) {
    if (error instanceof Unknown) return undefined;
    throw error;
  }
};

/** The characters to use, the likeliest first. */
const usual = Array.from('a1A0bcdefghijklmnopqrstuvwxyzBCDEFGHIJKLMNOPQRSTUVWXYZ23456789-_. @/:+#,;!%&=~ÄäÉé');

type Test = (char: string) => boolean;

const classes: { readonly [letter: string]: Test } = {
  d: (char) => /\d/.test(char),
  D: (char) => /\D/.test(char),
  w: (char) => /\w/.test(char),
  W: (char) => /\W/.test(char),
  s: (char) => /\s/.test(char),
  S: (char) => /\S/.test(char),
};

const controls: { readonly [letter: string]: string } = { n: '\n', t: '\t', r: '\r', f: '\f', v: '\v', 0: '\0' };

class Parser {
  at = 0;
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  /** The first of the alternatives between bars. */
  alternatives(): Piece {
    const all = [this.#sequence()];
    while (this.#take('|')) all.push(this.#sequence());
    return all[0]!;
  }

  #sequence(): Piece {
    const pieces: Piece[] = [];
    while (this.at < this.#text.length && !'|)'.includes(this.#text[this.at]!)) pieces.push(this.#repeated());
    return (wanted) => pieces.map((piece) => piece(wanted)).join('');
  }

  #repeated(): Piece {
    const atom = this.#atom();
    const bounds = this.#bounds();
    if (bounds === undefined) return atom;
    const [least, most] = bounds;
    if (least > longest) throw new Unknown();
    return (wanted) => {
      let text = '';
      for (let count = 0; count < most && count <= longest; count++) {
        if (count >= least && wanted.extra <= 0) break;
        const piece = atom(count >= least ? { extra: 0 } : wanted);
        if (count >= least) wanted.extra -= Math.max(1, piece.length);
        text += piece;
      }
      return text;
    };
  }

  #bounds(): readonly [least: number, most: number] | undefined {
    const [whole, least, comma, most] = /^\{(\d+)(,?)(\d*)\}/.exec(this.#text.slice(this.at)) ?? [];
    if (whole !== undefined) {
      this.at += whole.length;
      this.#take('?');
      return [Number(least), comma === '' ? Number(least) : most === '' ? Infinity : Number(most)];
    }
    const sign = ['*', '+', '?'].find((one) => this.#take(one));
    if (sign === undefined) return undefined;
    this.#take('?');
    return sign === '*' ? [0, Infinity] : sign === '+' ? [1, Infinity] : [0, 1];
  }

  #atom(): Piece {
    const char = this.#text[this.at++]!;
    if (char === '^' || char === '$') return () => '';
    if (char === '.') return () => 'a';
    if (char === '[') return this.#class();
    if (char === '(') return this.#group();
    if (char === '\\') return this.#escape();
    return () => char;
  }

  #group(): Piece {
    if (this.#take('?')) {
      const [name] = /^(?::|P?<[A-Za-z]\w*>)/.exec(this.#text.slice(this.at)) ?? [];
      if (name === undefined) throw new Unknown();
      this.at += name.length;
    }
    const inside = this.alternatives();
    if (!this.#take(')')) throw new Unknown();
    return inside;
  }

  #escape(): Piece {
    const escaped = this.#escaped();
    if (typeof escaped === 'string') return () => escaped;
    return pick(escaped);
  }

  /** A character, or a test for it. A boundary is nothing at all. */
  #escaped(): string | Test {
    const letter = this.#text[this.at++];
    if (letter === undefined || /[1-9kK]/.test(letter)) throw new Unknown();
    if (letter === 'b' || letter === 'B') return '';
    if (Object.hasOwn(classes, letter)) return classes[letter]!;
    if (letter === 'p' || letter === 'P') {
      const [whole, name = ''] = /^\{([\w=]+)\}/.exec(this.#text.slice(this.at)) ?? [];
      if (whole === undefined) throw new Unknown();
      this.at += whole.length;
      try {
        const property = new RegExp(`^\\${letter}{${name}}$`, 'u');
        return (char) => property.test(char);
      } catch {
        throw new Unknown();
      }
    }
    const [code] = /^(?:x[\da-f]{2}|u[\da-f]{4}|u\{[\da-f]{1,6}\})/i.exec(this.#text.slice(this.at - 1)) ?? [];
    if (code === undefined) return controls[letter] ?? letter;
    this.at += code.length - 1;
    return String.fromCodePoint(Math.min(0x10ffff, Number.parseInt(code.replaceAll(/[^\da-f]/gi, ''), 16)));
  }

  #class(): Piece {
    const isNot = this.#take('^');
    const tests: Test[] = [];
    const own: string[] = [];
    for (let first = true; !this.#take(']'); first = false) {
      if (this.at >= this.#text.length) throw new Unknown();
      const from = this.#member();
      if (first && from === undefined) throw new Unknown();
      if (typeof from === 'function') {
        tests.push(from);
        continue;
      }
      const isRange =
        this.#text[this.at] === '-' && this.#text[this.at + 1] !== ']' && this.#text[this.at + 1] !== undefined;
      if (!isRange) {
        own.push(from);
        tests.push((char) => char === from);
        continue;
      }
      this.at++;
      const to = this.#member();
      if (typeof to !== 'string') throw new Unknown();
      own.push(from);
      tests.push((char) => char >= from && char <= to);
    }
    const isIn: Test = (char) => tests.some((test) => test(char)) !== isNot;
    return pick(isIn, isNot ? [] : own);
  }

  #member(): string | Test {
    const char = this.#text[this.at++]!;
    if (char !== '\\') return char;
    if (this.#take('b')) return '\b';
    return this.#escaped();
  }

  #take(char: string): boolean {
    const isThere = this.#text[this.at] === char;
    if (isThere) this.at++;
    return isThere;
  }
}

const pick = (test: Test, own: readonly string[] = []): Piece => {
  const char = usual.find(test) ?? own.find((one) => one !== '') ?? undefined;
  if (char === undefined) throw new Unknown();
  return () => char;
};
