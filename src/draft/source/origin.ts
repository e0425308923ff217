import { isRead } from '../draft.ts';
import { ContendError } from '../../core/errors.ts';
import { isMetadata } from '../../core/reach.ts';
import type { Notes } from '../notes.ts';
import type { Exchange } from '../recorded/exchange.ts';

/** Which of several origins is the target. */
export interface OriginChoice {
  /** The one that was asked for, as it was written: an origin, an address, or a host. */
  readonly asked?: string | undefined;
  /** Those that the source is about, the first that any request goes to counts. */
  readonly own?: readonly string[];
  /** What was left out before, should nothing be left. */
  readonly without?: string;
}

/**
 * The requests to one origin, since a scenario has one target: the one that was asked for, else the source's own, else the one
 * that most of them, and of the writing ones, go to.
 *
 * @param notes is told how many others there were
 * @throws {ContendError} ERR_USAGE where none is left, or none goes to the one that was asked for, or where no load is ever sent
 */
export const ofOneOrigin = (
  exchanges: readonly Exchange[],
  notes: Notes,
  { asked, own = [], without }: OriginChoice = {},
): readonly Exchange[] => {
  const weights = new Map<string, number>();
  for (const { url, method } of exchanges)
    weights.set(url.origin, (weights.get(url.origin) ?? 0) + (isRead(method) ? 1 : 10));
  const heaviest = [...weights].sort(([, a], [, b]) => b - a).map(([origin]) => origin);
  if (heaviest.length === 0)
    throw new ContendError(
      'ERR_USAGE',
      'Nothing is left that contend could send.',
      without ?? 'It takes requests over http or https, with GET, HEAD, OPTIONS, POST, PUT, PATCH or DELETE.',
    );
  const origin =
    asked === undefined ? (own.find((one) => weights.has(one)) ?? heaviest[0]!) : askedFor(asked, heaviest);
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
      notes.left(
        `${count === 1 ? 'a request' : `${count} requests`} to ${other}: a scenario has one target, --origin chooses`,
      );
  }
  return exchanges.filter(({ url }) => url.origin === origin);
};

const askedFor = (asked: string, origins: readonly string[]): string => {
  const wanted = URL.canParse(asked) && /^https?:/i.test(asked) ? new URL(asked).origin : undefined;
  const found = origins.find((one) =>
    wanted === undefined ? new URL(one).host === asked.toLowerCase() : one === wanted,
  );
  if (found !== undefined) return found;
  throw new ContendError(
    'ERR_USAGE',
    `No request goes to ${JSON.stringify(asked)}.`,
    `--origin takes one of ${origins.slice(0, 12).join(', ')}${origins.length > 12 ? ' …' : ''}`,
  );
};
