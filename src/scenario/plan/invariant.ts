import {
  isSafe,
  requestsOf,
  type Invariant,
  type Observation,
  type RequestStep,
  type Step,
} from '../../core/plan/plan.ts';
import { invariantName } from '../../core/plan/plan.ts';
import type { InvariantOutput, ReadOutput } from '../schema/consistency.ts';
import type { RequestOutput } from '../schema/steps.ts';

/** The invariant of a scenario's `consistency:`. `undefined` if it has none. */
export const invariantIn = (
  sections: { readonly [invariantName]?: InvariantOutput | undefined } | undefined,
): InvariantOutput | undefined => sections?.[invariantName];

/**
 * An invariant of the plan, as a part of a mode.
 *
 * @param get makes the request of a single question
 * @param request makes those of several
 */
export const invariantOf = (
  said: InvariantOutput | undefined,
  get: (read: Pick<ReadOutput, 'get' | 'headers' | 'auth'>) => RequestStep,
  request: (step: RequestOutput) => RequestStep,
): { readonly invariant?: Invariant } => {
  if (said === undefined) return {};
  const { get: path, steps = [], that, every, headers, auth } = said;
  const asked =
    path === undefined
      ? steps.map(request)
      : [get({ get: path, ...(headers !== undefined && { headers }), ...(auth !== undefined && { auth }) })];
  const [first, ...others] = asked;
  const [expression, ...more] = that;
  if (first === undefined || expression === undefined)
    throw new Error('an invariant without complaints asks something');
  return {
    invariant: {
      requests: [first, ...others],
      that: [expression, ...more],
      ...(every === undefined ? {} : { everyUs: every }),
    },
  };
};

/** The steps that may change what an invariant is about: all except those that only read. */
export const changesOf = (said: InvariantOutput | undefined, steps: readonly Step[]): readonly Observation[] =>
  said === undefined
    ? []
    : requestsOf(steps)
        .filter(({ method }) => !isSafe(method))
        .map(({ name }) => ({
          model: invariantName,
          step: name,
          operation: 'change',
          // The name itself, escaped because it may contain a template.
          key: name.replaceAll('${', () => '$${'),
          spansSection: false,
        }));
