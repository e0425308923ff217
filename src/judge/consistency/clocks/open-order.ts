import type { Promises } from '../../../core/history/promises.ts';
import type { ClockExposure } from '../../../core/result/finding.ts';
import type { ModelName } from '../model-names.ts';

/** Models that compare sums, or count what was done twice: when it was done does not matter. */
const ofSums: { readonly [model in ModelName]?: true } = {
  'counter': true,
  'rmw-counter': true,
  'stock': true,
  'transfer': true,
  'once': true,
};

/** Whether a model depends on which operation came before which. */
export const needsOrder = (model: ModelName, { perNs, isOrdered }: Promises): boolean => {
  if (model === 'at-most') return perNs !== undefined;
  return model === 'issue' ? isOrdered === true : ofSums[model] !== true;
};

/** Beyond this share, the order that is left says nothing. */
const mostOnlyByError = 0.5;

/** Why the clocks of several machines leave too much open for a model that needs order; `undefined` if they do not. */
export const openOrder = (
  model: ModelName,
  promises: Promises,
  clocks: ClockExposure | undefined,
): string | undefined => {
  if (clocks === undefined || !needsOrder(model, promises)) return undefined;
  const { errorNs, pairs, onlyByError } = clocks;
  if (errorNs === null) return 'a clock was set meanwhile: operations of several machines cannot be put in order';
  if (onlyByError <= mostOnlyByError * pairs) return undefined;
  const percent = Math.floor((100 * onlyByError) / pairs);
  return `the clocks of the machines are wrong by ${clockErrorText(errorNs)} at most, and by that alone ${percent} % of the pairs of operations may have been under way at once: their order says nothing`;
};

/** `0.15 ms` */
export const clockErrorText = (ns: number): string => `${Number((ns / 1e6).toPrecision(2))} ms`;
