import { doubles, integers } from './scratch.ts';

/** Numbers for values: 0, 1, 2 … in the order in which they came. An open hash table; 10 to 20 bytes a value. */
export class ValueTable {
  readonly #values: Float64Array;
  /** A value's number + 1; 0 if the place is free. At most two thirds full. */
  readonly #places: Int32Array;
  #count = 0;

  /** @param capacity the number of values that there is room for */
  constructor(capacity: number) {
    this.#values = doubles(capacity);
    this.#places = integers(2 ** Math.ceil(Math.log2(Math.max(1.5 * capacity, 4))));
  }

  /** How many values have a number. */
  get count(): number {
    return this.#count;
  }

  /** The value with this number; NaN beyond the last. */
  value(number: number): number {
    return number < this.#count ? this.#values[number]! : NaN;
  }

  /** The number of a value, not NaN; −1 if it has none. */
  find(value: number): number {
    return this.#places[this.#place(value)]! - 1;
  }

  /** The number of a value, not NaN; a new one if it has none. */
  add(value: number): number {
    const place = this.#place(value);
    const known = this.#places[place]!;
    if (known > 0) return known - 1;
    this.#values[this.#count] = value;
    this.#places[place] = ++this.#count;
    return this.#count - 1;
  }

  #place(value: number): number {
    const mask = this.#places.length - 1;
    let place = hash(value) & mask;
    for (let number = this.#places[place]!; number > 0; number = this.#places[place]!) {
      if (this.#values[number - 1] === value) return place;
      place = (place + 1) & mask;
    }
    return place;
  }
}

const double = new Float64Array(1);
const words = new Uint32Array(double.buffer);

/**
 * Whole numbers go to neighbouring places in groups of sixteen, so that consecutive ones share a cache line; for others both halves are
 * mixed. Adding 0 turns −0 into 0.
 */
const hash = (value: number): number => {
  const whole = value | 0;
  if (whole === value) return (mix(whole >> 4) << 4) | (whole & 15);
  double[0] = value + 0;
  return mix(words[0]! ^ Math.imul(words[1]!, 0x9e3779b1));
};

/** lowbias32 (C. Wellons). */
const mix = (word: number): number => {
  let x = Math.imul(word ^ (word >>> 16), 0x7feb352d);
  x = Math.imul(x ^ (x >>> 15), 0x846ca68b);
  return x ^ (x >>> 16);
};
