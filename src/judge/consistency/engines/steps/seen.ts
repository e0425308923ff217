import type { Seen, UnitSteps } from './steps.ts';
import { finalRow } from './steps.ts';
import { bytes, doubles, integers } from '../columns/scratch.ts';

/** Everything that saw a count, in the order of recording; `plain` is not yet known. */
export const seenOf = ({ steps, told, readings, counts, bounds, final }: UnitSteps): Seen => {
  const saidFrom = (step: number): number => {
    let next = step;
    while (next < steps.length && Number.isNaN(told[next])) next += 1;
    return next;
  };
  let said = 0;
  for (let step = saidFrom(0); step < steps.length; step = saidFrom(step + 1)) said += 1;
  const bounded = bounds?.rows.length ?? 0;
  const length = readings.length + said + bounded + (Number.isNaN(final) ? 0 : 1);
  const [row, rank, plain] = [integers(length), doubles(length), doubles(length)];
  let n = 0;
  const add = (one: number, count: number, isStep: boolean): void => {
    row[n] = one;
    rank[n] = 2 * count + (isStep ? 0 : 1);
    n += 1;
  };
  // In the order of the rows, which is nearly that of the counts.
  for (let i = 0, step = saidFrom(0); i < readings.length || step < steps.length;) {
    if (step === steps.length || (i < readings.length && readings[i]! < steps[step]!)) {
      add(readings[i]!, counts[i]!, false);
      i += 1;
    } else {
      add(steps[step]!, told[step]!, true);
      step = saidFrom(step + 1);
    }
  }
  const firstBounded = n;
  for (let i = 0; i < bounded; i += 1) add(bounds!.rows[i]!, bounds!.counts[i]!, false);
  if (!Number.isNaN(final)) add(finalRow, final, false);
  if (bounded === 0) return { row, rank, plain, side: undefined };
  const { buffer, byteOffset } = bytes(length);
  const side = new Int8Array(buffer, byteOffset, length);
  side.fill(bounds!.are === 'at least' ? 1 : -1, firstBounded, firstBounded + bounded);
  return { row, rank, plain, side };
};
