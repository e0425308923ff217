import type { FindingOperation } from '../../../core/result/finding.ts';

/** The place of a moment in px, and how to read the axis. */
export interface TimeAxis {
  readonly of: (ns: number) => number;
  /** `true`: in proportion; `broken`: in proportion except for long gaps, which are cut; `ranks`: only in order. */
  readonly kind: 'true' | 'broken' | 'ranks';
  /** The gaps that were cut: the place and length of each. */
  readonly gaps: readonly { readonly x: number; readonly ns: number }[];
}

/** A shorter bar cannot be seen. */
const shortestPx = 6;
/** The most that a gap may take, as a multiple of the busy time. */
const longestGap = 3;
const gapPx = 46;

/**
 * An axis for a few operations: in proportion if every bar can be seen and gaps do not dominate; otherwise with its gaps cut;
 * otherwise only by the order of the moments.
 */
export const timeAxis = (operations: readonly FindingOperation[], from: number, to: number): TimeAxis => {
  const spans = operations.map(({ call, ret }) => [call, ret] as const);
  const closed = spans.flatMap(([call, ret]) => (ret === null ? [] : [[call, ret] as const]));
  const first = Math.min(...spans.map(([call]) => call));
  const last = Math.max(...spans.map(([call, ret]) => ret ?? call));
  const busy = merged(
    closed.length === 0
      ? spans.map(([call]) => [call, call] as const)
      : [...closed, ...spans.map(([call]) => [call, call] as const)],
  );
  const busyNs = busy.reduce((sum, [start, end]) => sum + end - start, 0);
  const seen = (axis: TimeAxis): boolean => closed.every(([call, ret]) => axis.of(ret) - axis.of(call) >= shortestPx);
  const gaps = busy.slice(1).map(([start], index) => ({ from: busy[index]![1], to: start }));
  const long = gaps.filter((gap) => gap.to - gap.from > longestGap * busyNs);
  if (last > first && long.length === 0) {
    const straight: TimeAxis = {
      kind: 'true',
      gaps: [],
      of: (ns) => from + ((to - from) * (ns - first)) / (last - first),
    };
    if (seen(straight)) return straight;
  }
  const cutNs = long.reduce((sum, gap) => sum + gap.to - gap.from, 0);
  const roomPx = to - from - gapPx * long.length;
  if (long.length > 0 && roomPx > 200 && last - first > cutNs) {
    const pxPerNs = roomPx / (last - first - cutNs);
    const of = (ns: number): number => {
      let px = from + (ns - first) * pxPerNs;
      for (const gap of long) if (ns >= gap.to) px += gapPx - (gap.to - gap.from) * pxPerNs;
      return px;
    };
    const broken: TimeAxis = {
      kind: 'broken',
      of,
      gaps: long.map((gap) => ({ x: of(gap.from) + gapPx / 2, ns: gap.to - gap.from })),
    };
    if (seen(broken)) return broken;
  }
  return ranks(spans, from, to);
};

const merged = (spans: readonly (readonly [number, number])[]): readonly (readonly [number, number])[] => {
  const out: [number, number][] = [];
  for (const [start, end] of spans.toSorted((a, b) => a[0] - b[0])) {
    const last = out.at(-1);
    if (last !== undefined && start <= last[1]) last[1] = Math.max(last[1], end);
    else out.push([start, end]);
  }
  return out;
};

const ranks = (spans: readonly (readonly [number, number | null])[], from: number, to: number): TimeAxis => {
  const moments = [...new Set(spans.flatMap(([call, ret]) => (ret === null ? [call] : [call, ret])))].toSorted(
    (a, b) => a - b,
  );
  const step = (to - from) / Math.max(1, moments.length - 1);
  return { kind: 'ranks', gaps: [], of: (ns) => from + step * Math.max(0, moments.indexOf(ns)) };
};
