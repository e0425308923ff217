import { percentiles, samplesToShow, type PercentileName } from '../../core/metric.ts';
import type { ModeResult, Result } from '../../core/result.ts';
import { count, many } from '../format.ts';
import { hanging, type Line } from './line.ts';
import { nameOf } from './modes.ts';
import { isBound, isShown } from './percentile.ts';

/** What a reader must know to read the numbers rightly. */
export const notes = (result: Result, width: number): Line[] => {
  const { modes } = result;
  const texts = [
    ...(modes.some(({ lock }) => lock !== 'none')
      ? ['A lock in the client proves nothing about writers that do not take it.']
      : []),
    ...wantOfSamples(modes),
    ...(anyBound(modes)
      ? ['> x: failed or dropped iterations fill the tail, so the percentile lies above every time that was measured.']
      : []),
    ...(modes.some(({ differentWorkload }) => differentWorkload)
      ? ['* a different workload: this mode has a load or data of its own, so its ratio compares more than the lock.']
      : []),
    ...modes.flatMap((mode) => [...unjudged(mode, width), ...clamps(mode, width)]),
  ];
  return texts.flatMap((text) => hanging([], text, Math.min(width, 100), 'quiet'));
};

const names = Object.keys(percentiles) as PercentileName[];

const wantOfSamples = (modes: readonly ModeResult[]): string[] => {
  const missing = names.filter((name) => modes.some((mode) => !isShown(mode, name)));
  const needs = missing.map((name, at) => {
    const label = `p${percentiles[name]}`;
    return at === 0
      ? `${label} needs ${many(samplesToShow(name), 'iteration')}`
      : `${label} ${count(samplesToShow(name))}`;
  });
  return needs.length === 0 ? [] : [`${needs.join(', ')}.`];
};

const anyBound = (modes: readonly ModeResult[]): boolean =>
  modes.some((mode) => names.some((name) => isBound(mode, name)));

const unjudged = (mode: ModeResult, width: number): string[] => {
  switch (mode.consistency?.verdict) {
    case 'not-exercised':
      return [`${nameOf(mode.name, width)}: no change was acknowledged, so none could be lost.`];
    case 'unknown':
      return [`${nameOf(mode.name, width)}: a value could not be read, so more updates may be lost than were found.`];
    default:
      return [];
  }
};

const clamps = (mode: ModeResult, width: number): string[] => {
  const all = [
    mode.responseTimeUs,
    mode.queueWaitUs,
    mode.sendLagUs,
    mode.serviceTimeUs,
    mode.connectUs,
    mode.lockWaitUs,
    mode.lockHoldUs,
  ];
  const clamped = all.reduce((total, times) => total + times.clamped, 0);
  const counted = `${many(clamped, 'time')} lay outside 0 … 1 h and count as the nearer of the two.`;
  return clamped === 0 ? [] : [`${nameOf(mode.name, width)}: ${counted}`];
};
