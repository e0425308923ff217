import { isRead } from '../draft.ts';
import { ContendError } from '../../core/errors.ts';
import { isMetadata } from '../../core/reach.ts';
import type { Exchange } from '../recorded/exchange.ts';

/**
 * The requests to the origin that most of them, and of the writing ones, go to; a scenario has one target.
 *
 * @param notes is told how many others there were
 * @throws {ContendError} ERR_USAGE where none is left, or where no load is ever sent there
 */
export const ofOneOrigin = (exchanges: readonly Exchange[], notes: string[]): readonly Exchange[] => {
  const weights = new Map<string, number>();
  for (const { url, method } of exchanges)
    weights.set(url.origin, (weights.get(url.origin) ?? 0) + (isRead(method) ? 1 : 10));
  const [first] = [...weights].sort(([, a], [, b]) => b - a);
  if (first === undefined)
    throw new ContendError(
      'ERR_USAGE',
      'Nothing is left that contend could send.',
      'It takes requests with GET, POST, PUT, PATCH or DELETE over http or https.',
    );
  const [origin] = first;
  const host = new URL(origin).hostname.replace(/^\[|\]$/g, '');
  if (isMetadata(host))
    throw new ContendError(
      'ERR_USAGE',
      `No load is ever sent to ${host}.`,
      'It hands out the credentials of a machine.',
    );
  for (const [other] of weights) {
    const count = exchanges.filter(({ url }) => url.origin === other).length;
    if (other !== origin)
      notes.push(`${count === 1 ? 'a request' : `${count} requests`} to ${other}: a scenario has one target`);
  }
  return exchanges.filter(({ url }) => url.origin === origin);
};
