import type { RequestStep, Step } from '../../core/plan/plan.ts';

/** Where a step stands: what surrounds it, and how much of that depends on answers. */
export interface Place {
  readonly step: RequestStep;
  readonly way: string;
  readonly isConditional: boolean;
  /** A conflict repeats it. */
  readonly isRetried: boolean;
}

type Around = Omit<Place, 'step'>;

/** The requests among some steps, by name, each with where it stands. */
export const placesOf = (steps: readonly Step[]): ReadonlyMap<string, Place> => {
  const top = { way: '', isConditional: false, isRetried: false };
  return new Map(placed(steps, top).map((place) => [place.step.name, place]));
};

const placed = (steps: readonly Step[], around: Around): readonly Place[] =>
  steps.flatMap((step): readonly Place[] => {
    const within = (inner: readonly Step[], way: string, more: Partial<Around> = {}): readonly Place[] =>
      placed(inner, { ...around, ...more, way: `${around.way}/${way}` });
    switch (step.kind) {
      case 'request':
        return [
          { ...around, step, way: `${around.way} ${step.copies ?? 1}`, isRetried: around.isRetried || !!step.retry },
        ];
      case 'think':
        return [];
      case 'critical':
        return placed(step.steps, { ...around, isRetried: around.isRetried || step.conflict !== undefined });
      case 'group':
        return placed(step.steps, around);
      case 'repeat':
        return within(step.steps, `${step.times} times`, typeof step.times === 'string' ? { isConditional: true } : {});
      case 'if':
        return [
          ...within(step.yes, `if ${step.test}`, { isConditional: true }),
          ...within(step.no, `if not ${step.test}`, { isConditional: true }),
        ];
      default:
        return step.branches.flatMap((branch, at) =>
          within(branch.steps, `${at} of ${step.branches.map(({ weight }) => weight).join(':')}`),
        );
    }
  });
