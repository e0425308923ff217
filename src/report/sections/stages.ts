import type { ModeResult, Result, StageResult } from '../../core/result/result.ts';
import { right, type TextColumn } from './columns.ts';
import { boundedTime } from './percentile.ts';
import { count, perSecond } from '../format.ts';

/** A stage of a mode's load; `isFirst`: the first of them. */
export interface StageLine {
  readonly mode: ModeResult;
  readonly stage: StageResult;
  readonly isFirst: boolean;
}

/** Every stage of every mode. */
export const stagesIn = ({ modes }: Result): readonly StageLine[] =>
  modes.flatMap((mode) => (mode.stages ?? []).map((stage, at) => ({ mode, stage, isFirst: at === 0 })));

/** What a stage asked for: `10 s at 500/s`, `10 s, 0/s to 400/s`, `5 s, 10 to 50 users`. */
export const stageName = ({ durationUs, of, from, to }: StageResult): string => {
  const [one, other] = [from, to].map((value) => (of === 'rate' ? `${perSecond(value)}/s` : count(value)));
  const what = from === to ? `at ${other!}` : `${one!} to ${other!}`;
  return `${Number((durationUs / 1e6).toFixed(3))} s${from === to ? ' ' : ', '}${what}${of === 'users' ? ' users' : ''}`;
};

/** What happened to the iterations due in a stage, all rounds together. */
export const stageColumns: readonly TextColumn<StageLine>[] = [
  right('completed', ({ stage }) => count(stage.completed)),
  right('p50', ({ stage }) => timeOf(stage, 'p50'), 'response time'),
  right('p99', ({ stage }) => timeOf(stage, 'p99'), 'response time'),
  right('dropped', ({ stage }) => count(stage.dropped)),
  right('failed', ({ stage }) => count(stage.failed)),
];

const timeOf = ({ responseTimeUs, completed, failed, dropped }: StageResult, name: 'p50' | 'p99'): string =>
  boundedTime(responseTimeUs, completed + failed + dropped - responseTimeUs.count, name);
