import { askedRate, isOpen, keptUp } from '../../core/result/open-load.ts';
import type { ModeResult, Result } from '../../core/result/result.ts';
import { bytes, count, perSecond, share } from '../format.ts';

/** The one mode of a run that was asked for by an address alone, and takes no lock; undefined for any other run. */
export const addressOf = ({ scenario, modes: [only, ...others] }: Result): ModeResult | undefined =>
  /^https?:/iu.test(scenario.file) && others.length === 0 && only?.lock === 'none' ? only : undefined;

/** `8,204 requests/s, 82,051 in all, 9.8 MB/s`; under an open load whether that is what was asked for. */
export const paceOf = (mode: ModeResult): string => {
  const { throughputPerSecond, requests } = mode;
  // As many bytes a second as go with the requests of a second.
  const bytesPerSecond =
    requests.bytes === undefined || requests.total === 0
      ? undefined
      : (requests.bytes / requests.total) * throughputPerSecond;
  return [
    `${perSecond(throughputPerSecond)} requests/s${offeredBy(mode)}`,
    `${count(requests.total)} in all`,
    ...(bytesPerSecond === undefined ? [] : [`${bytes(bytesPerSecond)}/s`]),
  ].join(', ');
};

const offeredBy = (mode: ModeResult): string => {
  if (!isOpen(mode)) return '';
  const { dropped, scheduled } = mode.iterations;
  const lost = dropped === 0 ? '' : `, ${share(dropped, scheduled)} dropped`;
  return keptUp(mode)
    ? ` of ${perSecond(askedRate(mode))}/s offered`
    : `, not the ${perSecond(askedRate(mode))}/s offered${lost}`;
};

/** A sentence about a mode, of somebody who asked for an address and knows of no modes: `no request completed: …`. */
export const withoutMode = (text: string, { name }: ModeResult): string =>
  text
    .replace(`iterations of ${name}`, 'requests')
    .replace(`iteration of ${name}`, 'request')
    .replace(`more iterations failed than completed in ${name}`, 'more requests failed than succeeded')
    .replaceAll('iterations', 'requests')
    .replaceAll(` in ${name}`, '')
    .replaceAll(` of ${name}`, '')
    .replaceAll(`(${name})`, '');
