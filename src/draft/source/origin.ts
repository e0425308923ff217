import { isRead } from '../draft.ts';
import { ContendError } from '../../core/errors.ts';
import { isMetadata } from '../../core/reach.ts';
import type { Notes } from '../notes.ts';
import type { Exchange } from '../recorded/exchange.ts';

/** How to choose the target among several origins. */
export interface OriginChoice {
  /** The one that was asked for, as written: an origin, an address, or a host. */
  readonly asked?: string | undefined;
  /** The origins that the source is about. The first that any request goes to counts. */
  readonly own?: readonly string[];
  /** What was left out before, in case nothing remains. */
  readonly without?: string;
}

/**
 * The requests to one origin, since a scenario has one target. It is the one that was asked for, otherwise the source's own or one
 * of the same site, otherwise the one that gets most requests and writes, unless it only tracks users.
 *
 * @param notes gets a note on how many others there were
 * @throws {ContendError} ERR_USAGE if none remains, if none goes to the one that was asked for, or if no load is ever sent there
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
  const origin = asked === undefined ? chosenOf(heaviest, own) : askedFor(asked, heaviest);
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

/** @param origins sorted by weight, the largest first */
const chosenOf = (origins: readonly string[], own: readonly string[]): string => {
  const useful = origins.filter((one) => !isTelemetry(new URL(one).hostname));
  for (const page of own) {
    const found = origins.find((one) => one === page) ?? useful.find((one) => siteOf(one) === siteOf(page));
    if (found !== undefined) return found;
  }
  return useful[0] ?? origins[0]!;
};

/** The registered domain: `shop.test` of `https://api.shop.test`, `shop.co.uk` of `www.shop.co.uk`. */
const siteOf = (origin: string): string => {
  const { hostname } = new URL(origin);
  if (/^[\d.]+$|^\[/.test(hostname)) return hostname;
  return /[^.]+(?:\.(?:com?|org|net|gov|edu|ac))?\.[^.]+$/.exec(hostname)?.[0] ?? hostname;
};

/** Hosts to which a page, or an app, reports what its users do, and those that check certificates. */
const isTelemetry = (host: string): boolean =>
  /^(?:(?:web-?|app-?|browser-)?(?:analytics?|telemetry|metrics|stats|events?|collect(?:or)?|beacons?|pixels?|track(?:ing|er)?|rum|ads?|adservice|logs?|logx|logging|ocsp\w*|crl\d?|intake\w*))\./i.test(
    host,
  ) ||
  /(?:^|\.)(?:google-analytics|googletagmanager|googlesyndication|googleadservices|doubleclick|app-measurement|firebaselogging[\w-]*|crashlytics|sentry|segment|mixpanel|amplitude|heapanalytics|hotjar|fullstory|mouseflow|clarity|optimizely|newrelic|nr-data|datadoghq|browser-intake[\w-]*|bugsnag|rollbar|logrocket|lr-ingest|pendo|branch|appsflyer|adjust|chartbeat|scorecardresearch|quantserve|quantcount|criteo|taboola|outbrain|adnxs|rubiconproject|pubmatic|omtrdc|demdex|2o7|onetrust|cookielaw|launchdarkly|statsig|posthog|matomo|piwik|plausible|cloudflareinsights|symcd|symcb|digicert|globalsign|lencr)\.[a-z]{2,4}(?:\.[a-z]{2})?$|(?:^|\.)(?:google-analytics|analytics\.google|sentry|ingest\.\w+\.sentry)\.\w+$/i.test(
    host,
  );

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
