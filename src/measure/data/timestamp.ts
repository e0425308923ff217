import type { MakeGenerator } from './contract.ts';

/** A moment between two, to the millisecond, in one of three notations. */
export const timestamp: MakeGenerator = (options) => {
  const { fromMs, toMs, as } = options as { readonly fromMs: number; readonly toMs: number; readonly as: string };
  const span = toMs - fromMs + 1;
  return (draw) => {
    // 32 bits alone would be too coarse: in 50 days they resolve a millisecond.
    const ms = fromMs + Math.floor((draw(0) + draw(1) / 2 ** 32) * span);
    if (as === 'milliseconds') return ms;
    return as === 'seconds' ? Math.floor(ms / 1000) : new Date(ms).toISOString();
  };
};
