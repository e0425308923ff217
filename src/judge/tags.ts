import { mergeTimes } from '../core/recording/merge.ts';
import { requestsOf, type Mode } from '../core/plan/plan.ts';
import type { Recording, StepRecording } from '../core/recording/recording.ts';
import type { ModeResult, SlotResult } from '../core/result/result.ts';
import { requestsIn, slotTimes, sum, timesResult, unanswered } from './times.ts';

/** By tag: the names of the steps that have it. Both in the order in which they are written. */
export type StepsByTag = ReadonlyMap<string, readonly string[]>;

/** The tags of a mode's steps. */
export const stepsByTag = ({ steps }: Mode): StepsByTag => {
  const tagged = new Map<string, string[]>();
  for (const { name, tags = [] } of requestsOf(steps))
    for (const tag of tags) tagged.set(tag, [...(tagged.get(tag) ?? []), name]);
  return tagged;
};

/** The requests of each tag together: their histograms merged, never their percentiles. */
export const tagResults = (tagged: StepsByTag, recording: Recording): Pick<ModeResult, 'tags'> =>
  tagged.size === 0
    ? {}
    : {
        tags: [...tagged].map(([name, steps]) => {
          const parts = partsOf(steps, recording);
          return { name, steps, serviceTimeUs: timesOf(parts), requests: sum(parts.map(requestsIn)) };
        }),
      };

/** The same of one slot. */
export const tagTimes = (tagged: StepsByTag, recording: Recording): Pick<SlotResult, 'tags'> =>
  tagged.size === 0
    ? {}
    : {
        tags: Object.fromEntries(
          [...tagged].map(([name, steps]) => {
            const parts = partsOf(steps, recording);
            return [name, slotTimes(timesOf(parts), sum(parts.map(unanswered)))];
          }),
        ),
      };

/** Every step of the mode has its recording, even without a request. */
const partsOf = (steps: readonly string[], { steps: recorded }: Recording): readonly StepRecording[] =>
  steps.flatMap((step) => recorded[step] ?? []);

const timesOf = (parts: readonly StepRecording[]) => timesResult(mergeTimes(parts.map(({ service }) => service)));
