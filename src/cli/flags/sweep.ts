import { ContendError } from '../../core/errors.ts';
import type { Find } from '../../core/sweep/plan.ts';
import type { RunFlags } from './run.ts';

/** The flags of `sweep`, as commander gives them. */
export interface SweepFlags extends RunFlags {
  readonly over?: string;
  readonly find?: Find;
  readonly width?: string;
}

/** Flags of `run` that a sweep has no use for, by the name that commander gives them, and why. */
const refused: { readonly [flag: string]: readonly [flag: string, why: string] } = {
  extend: ['--extend', 'a sweep measures again by itself where that narrows a crossing'],
  baseline: ['--baseline', 'what is compared with another day is a run'],
  history: ['--history', 'a history is kept of a run'],
  samples: ['--samples', 'iterations are drawn from a run'],
  live: ['--live', 'the live view shows a run'],
  agents: ['--agents', 'agents measure a run'],
  redis: ['--redis', 'agents measure a run'],
  waitAgents: ['--wait-agents', 'agents measure a run'],
  otlp: ['--otlp', 'metrics are pushed of a run'],
  otlpHeader: ['--otlp-header', 'metrics are pushed of a run'],
  prometheus: ['--prometheus', 'metrics are written of a run'],
};

/** Those flags, so that each can be refused by its name. */
export const refusedFlags: readonly string[] = Object.values(refused).map(([flag]) => flag);

/** The most that a capacity may be left open by. */
const widest = 1;
const usualWidth = 0.05;

/**
 * What the flags ask of a sweep beside its scenario.
 *
 * @throws {ContendError} ERR_USAGE for a flag that a sweep does not take, and a width that is none
 */
export const sweepAskedOf = (flags: SweepFlags): { readonly find: Find | undefined; readonly width: number } => {
  const given: { readonly [flag: string]: unknown } = { ...flags };
  for (const [name, [flag, why]] of Object.entries(refused)) {
    if (given[name] !== undefined)
      throw new ContendError('ERR_USAGE', `contend sweep takes no ${flag}: ${why}.`, `Leave it out, or: contend run.`);
  }
  const { find, width } = flags;
  if (width === undefined) return { find, width: usualWidth };
  if (find !== 'capacity')
    throw new ContendError('ERR_USAGE', '--width is how closely a capacity is found.', 'It goes with --find capacity.');
  const [, digits = ''] = /^(\d{1,3}(?:\.\d{1,3})?)\s*%$/u.exec(width.trim()) ?? [];
  const share = Number(digits) / 100;
  if (digits === '' || share < 0.005 || share > widest)
    throw new ContendError('ERR_USAGE', `--width ${width} is none: 0.5 % to 100 % are.`, 'Such as --width 5%.');
  return { find, width: share };
};
