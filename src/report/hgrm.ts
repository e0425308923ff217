import { createHash } from 'node:crypto';
import type { File } from '../core/file.ts';
import { percentileDistribution } from '../core/recording/histogram.ts';
import type { Result } from '../core/result/result.ts';

/** Every mode's response times, in ms, as `<mode>.hgrm`: the input of HdrHistogram's plotter. */
export const hgrm = ({ modes }: Result): readonly File[] =>
  modes.map(({ name, responseTimeUs }) => ({
    name: hgrmName(name),
    text: percentileDistribution(responseTimeUs.histogram, usPerMs),
  }));

const usPerMs = 1000;

/**
 * The name of a mode's file: the mode's name if every file system accepts it. Otherwise what is left of it and part of its hash,
 * so that no two modes share a file.
 */
export const hgrmName = (mode: string): string => {
  if (/^[a-z0-9][a-z0-9._-]{0,59}$/u.test(mode) && !reserved.test(mode)) return `${mode}.hgrm`;
  const left = mode.replaceAll(/[^A-Za-z0-9_-]+/gu, '-').replaceAll(/^-+|-+$/gu, '');
  const hash = createHash('sha256').update(mode).digest('hex').slice(0, 8);
  return `${[left.slice(0, 40), hash].filter((part) => part !== '').join('-')}.hgrm`;
};

/** Names that Windows takes for a device, with any extension. */
const reserved = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/u;
