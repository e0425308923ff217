import { isBound, isShown, percentile } from './percentile.ts';
import { duration, share } from '../format.ts';
import { widthOf } from '../plain.ts';
import type { Anatomy, ModeResult } from '../../core/result/result.ts';

/** A part of the response time. */
export interface Part {
  readonly name: string;
  readonly of: (anatomy: Anatomy) => number;
}

/** The parts of a response time in the order in which they occur; together they make up all of it. */
export const parts = [
  { name: 'queue wait', of: ({ queueWaitUs }) => queueWaitUs },
  { name: 'send lag', of: ({ sendLagUs }) => sendLagUs },
  { name: 'retries', of: ({ retriesUs }) => retriesUs },
  { name: 'lock wait', of: ({ lockWaitUs }) => lockWaitUs },
  { name: 'connect', of: ({ connectUs }) => connectUs },
  // What the target reports of its own time is part of the service time, and is subtracted from it.
  { name: 'server lock wait', of: ({ serverLockUs = 0 }) => serverLockUs },
  { name: 'query', of: ({ serverQueryUs = 0 }) => serverQueryUs },
  {
    name: 'service',
    of: ({ serviceUs, serverLockUs = 0, serverQueryUs = 0 }) => Math.max(0, serviceUs - serverLockUs - serverQueryUs),
  },
  { name: 'rest', of: ({ otherUs }) => otherUs },
] as const satisfies readonly Part[];

/** The name of a part. */
export type PartName = (typeof parts)[number]['name'];

/** A response time of a mode and its parts. */
export interface AnatomyLine {
  readonly which: 'mean' | 'p99';
  readonly time: string;
  readonly anatomy: Anatomy;
}

/** The mean and the p99 of a mode; without the p99 if it has too few samples or failures may hide it. */
export const anatomyOf = (mode: ModeResult): readonly AnatomyLine[] => {
  if (mode.anatomy === null) return [];
  const { mean, p99 } = mode.anatomy;
  return [
    { which: 'mean', time: duration(mean.responseUs), anatomy: mean },
    ...(isShown(mode, 'p99') && !isBound(mode, 'p99')
      ? [{ which: 'p99', time: percentile(mode, 'p99'), anatomy: p99 } as const]
      : []),
  ];
};

/** A smaller part is not worth mentioning. */
const leastShare = 0.01;

/** Whether a part is worth mentioning. */
export const isTold = (part: Part, anatomy: Anatomy): boolean =>
  part.of(anatomy) > 0 && part.of(anatomy) >= leastShare * anatomy.responseUs;

/** A part's share of the response time. */
export const shareOf = (part: Part, anatomy: Anatomy): string => share(part.of(anatomy), anatomy.responseUs);

/** The largest parts with their shares, the largest first: `lock wait 92 %, service 8.0 %`; as many as fit. */
export const largestParts = (anatomy: Anatomy, room: { readonly parts: number; readonly columns: number }): string => {
  const told = parts
    .filter((part) => isTold(part, anatomy))
    .toSorted((one, other) => other.of(anatomy) - one.of(anatomy))
    .slice(0, room.parts);
  let text = '';
  for (const part of told) {
    const longer = `${text === '' ? '' : `${text}, `}${part.name} ${shareOf(part, anatomy)}`;
    if (widthOf(longer) > room.columns) break;
    text = longer;
  }
  return text;
};
