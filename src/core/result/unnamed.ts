import type { ModeResult } from './result.ts';

/**
 * Whether a run had one mode that goes by the name of a scenario without modes and without a lock: `lock-free`, which nobody wrote
 * and which tells nothing apart.
 */
export const isUnnamed = ([only, ...others]: readonly Pick<ModeResult, 'name' | 'lock'>[]): boolean =>
  others.length === 0 && only?.lock === 'none' && only.name === 'lock-free';
