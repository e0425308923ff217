import type { ScalingResult } from '../../core/result/sweep.ts';

/** The throughput per second that the law gives for a value of the axis; `undefined` if the law does not fit. */
export const curveOf = ({
  verdict,
  gamma,
  sigma,
  kappa,
}: ScalingResult['law']): ((at: number) => number) | undefined => {
  const [g, s, k] = [gamma?.estimate, sigma?.estimate, kappa?.estimate];
  if ((verdict !== 'fits' && verdict !== 'rough') || g === undefined || s === undefined || k === undefined)
    return undefined;
  return (at) => (g * at) / (1 + s * (at - 1) + k * at * (at - 1));
};
