import { isRead } from '../draft.ts';
import type { Notes } from '../notes.ts';
import { headerOf, type Exchange } from './exchange.ts';

/** Reports what is not a step. */
interface Telling {
  readonly leave: (why: string) => [];
  readonly notes: Notes;
}

/** How many redirects a scenario follows. */
const mostHops = 20;

/**
 * Merges a redirect and the requests it led to into one request that follows it. If the chain leaves the origin, or was not
 * recorded to its end, its requests stay separate and are answered with a redirect: if followed, none of them would pass.
 */
export const withoutHops = (exchanges: readonly Exchange[], { leave, notes }: Telling): readonly Exchange[] => {
  const chains: Exchange[][] = [];
  for (const exchange of exchanges) {
    const chain = chains.at(-1);
    if (chain !== undefined && leadsTo(chain.at(-1)!, exchange)) chain.push(exchange);
    else chains.push([exchange]);
  }
  let done = 0;
  return chains.flatMap((chain) => {
    done += chain.length;
    const [first, last] = [chain[0]!, chain.at(-1)!];
    const away = redirectOf(last);
    if (away !== undefined && away.origin !== first.url.origin)
      notes.guessed(
        `${last.where} is sent on to ${away.origin}, which is not the target: → what is done there has to be given, or done before`,
      );
    if (chain.length === 1) return chain;
    if (away !== undefined || chain.length - 1 > mostHops) return chain;
    for (const hop of chain.slice(1)) {
      leave('part of a redirect, which the step before it follows');
      const ids = partsOf(hop.url).filter((part) => /\d/.test(part) && !partsOf(first.url).includes(part));
      if (exchanges.slice(done).some(({ url }) => partsOf(url).some((part) => ids.includes(part))))
        notes.guessed(
          'what a redirect leads to names what later requests ask for: → capture that from header.location, with redirects: 0',
        );
    }
    // What the answers on the way set, above all cookies, counts as part of the answer.
    const cookies = chain
      .slice(0, -1)
      .toReversed()
      .flatMap(({ answer }) => answer!.headers.filter(([name]) => /^set-cookie$/i.test(name)));
    const answer = { ...last.answer!, headers: [...last.answer!.headers, ...cookies] };
    return [{ ...first, answer, redirects: chain.length - 1 }];
  });
};

/** Where an answer redirects to. */
const redirectOf = ({ url, answer }: Exchange): URL | undefined => {
  if (answer === undefined || answer.status < 300 || answer.status >= 400) return undefined;
  const location = headerOf(answer.headers, 'location');
  if (location === undefined || !URL.canParse(location, url.href)) return undefined;
  const leads = new URL(location, url.href);
  leads.hash = '';
  return leads;
};

const leadsTo = (before: Exchange, exchange: Exchange): boolean =>
  redirectOf(before)?.href === exchange.url.href &&
  exchange.method === followedBy(before.method, before.answer!.status);

const partsOf = (url: URL): readonly string[] => [...url.pathname.split('/'), ...url.searchParams.values()];

const followedBy = (method: Exchange['method'], status: number): Exchange['method'] =>
  (status === 303 && method !== 'head') || (method === 'post' && status < 303) ? 'get' : method;

/** Drops a GET or HEAD that was sent before, with nothing written in between. */
export const withoutPolls = (exchanges: readonly Exchange[], leave: Telling['leave']): readonly Exchange[] => {
  const seen = new Set<string>();
  return exchanges.filter(({ method, url, headers, answer }) => {
    if (!isRead(method)) {
      seen.clear();
      return true;
    }
    // With other credentials or another status it is not a repeat: a login lies in between.
    const asked = JSON.stringify([method, url.href, headerOf(headers, 'authorization'), answer?.status]);
    if (seen.has(asked)) {
      leave(`a ${method.toUpperCase()} that was sent before, with nothing written since`);
      return false;
    }
    seen.add(asked);
    return true;
  });
};
