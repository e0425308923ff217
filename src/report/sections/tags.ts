import type { ModeResult, Result, TagResult } from '../../core/result/result.ts';
import { largest } from './cells.ts';
import { right, type TextColumn } from './columns.ts';
import { boundedTime } from './percentile.ts';
import { count } from '../format.ts';

/** A tag of a mode; `isFirst`: the first of them. */
export interface TagLine {
  readonly mode: ModeResult;
  readonly tag: TagResult;
  readonly isFirst: boolean;
}

/** Every tag of every mode. */
export const tagsIn = ({ modes }: Result): readonly TagLine[] =>
  modes.flatMap((mode) => (mode.tags ?? []).map((tag, at) => ({ mode, tag, isFirst: at === 0 })));

/** The number of requests and steps with a tag, and how long they took. */
export const tagColumns: readonly TextColumn<TagLine>[] = [
  right('steps', ({ tag }) => count(tag.steps.length)),
  right('requests', ({ tag }) => count(tag.requests)),
  right('p50', ({ tag }) => timeOf(tag, 'p50'), 'service'),
  right('p99', ({ tag }) => timeOf(tag, 'p99'), 'service'),
  right('longest', ({ tag }) => largest(tag.serviceTimeUs), 'service'),
];

/** A percentile, as a bound if requests without an answer may all lie beyond it. */
const timeOf = ({ serviceTimeUs, requests }: TagResult, name: 'p50' | 'p99'): string =>
  boundedTime(serviceTimeUs, requests - serviceTimeUs.count, name);
