import { askedRate, isOpen, keptUp } from '../../core/result/open-load.ts';
import type { ModeResult, Result } from '../../core/result/result.ts';
import { bytes, count, many, perSecond, share } from '../format.ts';

/** The only mode of a run that was started with just an address and takes no lock; `undefined` for any other run. */
export const addressOf = ({ scenario, modes: [only, ...others] }: Result): ModeResult | undefined =>
  /^https?:/iu.test(scenario.file) && others.length === 0 && only?.lock === 'none' ? only : undefined;

/**
 * `8,204 requests/s, 82,051 in all, 9.8 MB/s`; under an open load also whether that is the rate asked for. If some requests
 * failed, the rate counts only the others.
 */
export const paceOf = (mode: ModeResult): string => {
  const { throughputPerSecond, requests, iterations } = mode;
  const received = requests.bytes;
  if (iterations.completed === 0)
    return [`${many(requests.total, 'request')} in all`, ...(received === undefined ? [] : [bytes(received)])].join(
      ', ',
    );
  // The bytes received in the time in which a second's worth of iterations completes.
  const bytesPerSecond = received === undefined ? undefined : (received / iterations.completed) * throughputPerSecond;
  return [
    `${perSecond(throughputPerSecond)} ${iterations.failed > 0 ? 'successful ' : ''}requests/s${offeredBy(mode)}`,
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

/** A sentence about a mode without its name, for a user who gave an address and knows of no modes: `no request completed: …`. */
export const withoutMode = (text: string, { name }: ModeResult): string =>
  text
    .replace(`iterations of ${name}`, 'requests')
    .replace(`iteration of ${name}`, 'request')
    .replace(`more iterations failed than completed in ${name}`, 'more requests failed than succeeded')
    .replaceAll('iterations', 'requests')
    .replaceAll(` in ${name}`, '')
    .replaceAll(` of ${name}`, '')
    .replaceAll(`(${name})`, '');
