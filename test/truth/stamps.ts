import { Histogram } from '../../src/core/recording/histogram.ts';
import type { Recording, Times } from '../../src/core/recording/recording.ts';
import type { Stamp, TruthServer } from './open.ts';

/** Something of a histogram at rest. */
export const read = <Value>(times: Times, of: (histogram: Histogram) => Value): Value => {
  const histogram = Histogram.from(times);
  const value = of(histogram);
  histogram.free();
  return value;
};

/** The server's side of the measured requests: those of the warm-up came first. */
export const measuredStamps = async (server: TruthServer, { unmeasured }: Recording): Promise<readonly Stamp[]> =>
  (await server.stamps()).slice(unmeasured.warmup);

/** How long the server took, in µs. */
export const tookUs = ({ receivedUs, answeredUs }: Stamp): number => answeredUs! - receivedUs;

/** A slot is tried again so often: what the machine does beside is in one or another, an error of the measurement in all. */
export const slotsAtMost = 8;
