import {
  build,
  decodeFromCompressedBase64,
  encodeIntoCompressedBase64,
  initWebAssemblySync,
  type Histogram as HdrHistogram,
} from 'hdr-histogram-js';
import type { Times } from './recording.ts';

/** The largest time a histogram holds: 1 h in µs. */
export const largestUs = 3_600_000_000;

/** Where {@link Histogram} keeps what it has seen. */
const minAt = 0;
const maxAt = 1;
const sumAt = 2;
const clampedAt = 3;

let ready = false;

const empty = (): HdrHistogram => {
  if (!ready) initWebAssemblySync();
  ready = true;
  return build({
    lowestDiscernibleValue: 1,
    highestTrackableValue: largestUs,
    numberOfSignificantValueDigits: 3,
    bitBucketSize: 32,
    autoResize: false,
    useWebAssembly: true,
  });
};

/**
 * Times in whole µs, up to 1 h, with three significant digits; what took under 1 µs counts as 0.
 *
 * Lives outside the JavaScript heap: {@link free} it.
 *
 * @cost record: about 35 ns, no allocation
 */
export class Histogram {
  readonly #counts: HdrHistogram;
  /**
   * As numbers of their own they would be whole at first and no longer once a sum has passed 2^31, which makes V8 compile
   * anew all that records.
   */
  readonly #seen = new Float64Array([Infinity, 0, 0, 0]);

  private constructor(counts: HdrHistogram) {
    this.#counts = counts;
  }

  /** A histogram with nothing in it. */
  static empty(): Histogram {
    return new Histogram(empty());
  }

  /** Reads what {@link toTimes} wrote. */
  static from(times: Times): Histogram {
    if (!ready) initWebAssemblySync();
    ready = true;
    const read = new Histogram(decodeFromCompressedBase64(times.histogram, 32, true));
    if (read.count > 0) read.#seen[minAt] = times.min;
    read.#seen[maxAt] = times.max;
    read.#seen[sumAt] = times.sum;
    read.#seen[clampedAt] = times.clamped;
    return read;
  }

  /** Counts one time; a longer one than 1 h counts as 1 h, a negative one as 0, both as clamped. */
  record(us: number): void {
    let value = us;
    if (value > largestUs || value < 0) {
      value = value < 0 ? 0 : largestUs;
      this.#seen[clampedAt]!++;
    }
    this.#counts.recordValue(value);
    this.#seen[sumAt]! += value;
    if (value < this.#seen[minAt]!) this.#seen[minAt] = value;
    if (value > this.#seen[maxAt]!) this.#seen[maxAt] = value;
  }

  /** Adds everything that another one holds. */
  add(other: Histogram): void {
    this.#counts.add(other.#counts);
    this.#seen[minAt] = Math.min(this.#seen[minAt]!, other.#seen[minAt]!);
    this.#seen[maxAt] = Math.max(this.#seen[maxAt]!, other.#seen[maxAt]!);
    this.#seen[sumAt]! += other.#seen[sumAt]!;
    this.#seen[clampedAt]! += other.#seen[clampedAt]!;
  }

  /** How many times were recorded. */
  get count(): number {
    return this.#counts.totalCount;
  }

  /** The smallest time, exactly; 0 where there is none. */
  get min(): number {
    return this.count === 0 ? 0 : this.#seen[minAt]!;
  }

  /** The largest time, exactly; 0 where there is none. */
  get max(): number {
    return this.#seen[maxAt]!;
  }

  /** The mean, exactly; 0 where nothing was recorded. */
  get mean(): number {
    return this.count === 0 ? 0 : this.#seen[sumAt]! / this.count;
  }

  /** How many values lay outside the range. */
  get clamped(): number {
    return this.#seen[clampedAt]!;
  }

  /** The time below or at which `percent` % of them lie (nearest rank), to three digits, never above {@link max}. */
  percentile(percent: number): number {
    if (this.count === 0) return 0;
    return Math.max(this.min, Math.min(this.max, this.#counts.getValueAtPercentile(percent)));
  }

  /** How many times lie in each of the spans that the rising `edges` part: one more count than edges; an edge belongs below. */
  countsBetween(edges: readonly number[]): number[] {
    const counts = Array.from({ length: edges.length + 1 }, () => 0);
    const total = this.count;
    let below = 0;
    edges.forEach((edge, at) => {
      const upTo = edge >= this.max ? total : this.#countUpTo(edge, total);
      counts[at] = upTo - below;
      below = upTo;
    });
    counts[edges.length] = total - below;
    return counts;
  }

  /** The histogram at rest. */
  toTimes(): Times {
    return {
      histogram: encodeIntoCompressedBase64(this.#counts),
      min: this.min,
      max: this.max,
      sum: this.#seen[sumAt]!,
      clamped: this.#seen[clampedAt]!,
    };
  }

  /** Gives the memory back; the histogram must not be used afterwards. */
  free(): void {
    (this.#counts as unknown as { destroy(): void }).destroy();
  }

  /** Ranks are whole, so the largest rank whose value lies at or below the edge is found by halving. */
  #countUpTo(edge: number, total: number): number {
    let low = 0;
    let high = total;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if (this.percentile((middle / total) * 100) <= edge) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}

/**
 * The lines that HdrHistogram's plotter reads: value, percentile, count and 1/(1 − percentile), then the footer.
 *
 * @param encoded HdrHistogram V2, compressed, base64
 * @param divisor of the values: 1,000 makes ms of µs
 */
export const percentileDistribution = (encoded: string, divisor: number): string =>
  // Not in WebAssembly: there the zeros behind the point are lost, and 5.003 becomes 5.300.
  decodeFromCompressedBase64(encoded, 32, false).outputPercentileDistribution(5, divisor);

/** The times that a histogram holds, in µs, rising, to its three digits, and how often there was each. */
export interface RecordedTimes {
  readonly us: readonly number[];
  readonly counts: readonly number[];
}

/**
 * What was recorded, value by value.
 *
 * @param encoded HdrHistogram V2, compressed, base64
 * @throws {Error} where it is none
 * @cost a few ms for each
 */
export const recordedTimes = (encoded: string): RecordedTimes => {
  const { recordedValuesIterator: values } = decodeFromCompressedBase64(encoded, 32, false) as unknown as {
    readonly recordedValuesIterator: {
      reset(): void;
      hasNext(): boolean;
      next(): { readonly valueIteratedTo: number; readonly countAtValueIteratedTo: number };
    };
  };
  const us: number[] = [];
  const counts: number[] = [];
  for (values.reset(); values.hasNext();) {
    const { valueIteratedTo, countAtValueIteratedTo } = values.next();
    us.push(valueIteratedTo);
    counts.push(countAtValueIteratedTo);
  }
  return { us, counts };
};
