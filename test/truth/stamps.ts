import { once } from 'node:events';
import { connect } from 'node:net';
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

/** The one in the middle, or the lower of two. */
export const median = (numbers: readonly number[]): number =>
  numbers.toSorted((a, b) => a - b)[Math.ceil(numbers.length / 2) - 1]!;

/**
 * What the machine makes of an exchange beside the server's own time, in µs: the median of 40 that are sent one after the
 * other over a bare connection, without contend. Forgets what came before.
 */
export const besideUs = async (server: TruthServer): Promise<number> => {
  await server.forget();
  const socket = connect(Number(new URL(server.origin).port), '127.0.0.1').setNoDelay();
  await once(socket, 'connect');
  const tookByClientUs: number[] = [];
  for (let n = 0; n < 40; n++) {
    const sentMs = performance.now();
    socket.write('GET /delay/1 HTTP/1.1\r\nhost: a\r\n\r\n');
    await once(socket, 'data');
    tookByClientUs.push((performance.now() - sentMs) * 1000);
  }
  socket.destroy();
  const stamps = await server.stamps();
  await server.forget();
  return median(stamps.map((stamp, n) => tookByClientUs[n]! - tookUs(stamp)));
};

/** A slot is tried again so often: what the machine does beside is in one or another, an error of the measurement in all. */
export const slotsAtMost = 8;
