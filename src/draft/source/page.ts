type Map = { readonly [key: string]: unknown };

const mapOf = (value: unknown): Map => (typeof value === 'object' && value !== null ? (value as Map) : {});
const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

/**
 * The origins of the recorded page, the likeliest first: where its first document finally came from, then the page's title, then
 * where its requests say they come from.
 *
 * @returns none for a recording without a page, such as a proxy's of an app
 */
export const pageOrigins = (all: readonly Map[], pages: readonly Map[]): readonly string[] => {
  // Extensions, blank pages and data URLs have documents too.
  const entries = all.filter((one) => originIn(one) !== undefined);
  const first = entries.find((one) => isDocument(lastOf(one, entries)));
  // A page that only redirects, such as one without www, is not the recorded one. One that requests come back to is.
  const page = first === undefined ? undefined : wayOf(first, entries).find((one) => hasAnswers(one, entries));
  const titles = pages.map(({ title }) => originOf(textOf(title)));
  const senders = entries.map(({ request }) => senderOf(mapOf(request)));
  return [originIn(page), ...titles, ...mostFirst(senders)].filter((one) => one !== undefined);
};

const originOf = (address: string): string | undefined =>
  /^https?:\/\//i.test(address) && URL.canParse(address) ? new URL(address).origin : undefined;

const originIn = (entry: Map | undefined): string | undefined => originOf(textOf(mapOf(entry?.['request'])['url']));

const headerIn = (request: Map, name: string): string => {
  const list = Array.isArray(request['headers']) ? request['headers'] : [];
  return textOf(list.map(mapOf).find((one) => textOf(one['name']).toLowerCase() === name)?.['value']);
};

const isRedirect = (response: Map): boolean => Number(response['status']) >= 300 && Number(response['status']) < 400;

/** A page, not a frame. */
const isDocument = (entry: Map): boolean => {
  const [request, response] = [mapOf(entry['request']), mapOf(entry['response'])];
  const wanted = headerIn(request, 'sec-fetch-dest');
  if (wanted !== '') return wanted === 'document';
  const kind = textOf(entry['_resourceType']);
  if (kind !== '' && kind !== 'document') return false;
  return (
    /^(?:text\/html|application\/xhtml)/i.test(textOf(mapOf(response['content'])['mimeType'])) && !isRedirect(response)
  );
};

/** A request and the requests it was redirected to, in order. */
const wayOf = (first: Map, entries: readonly Map[]): readonly Map[] => {
  const way = [first];
  while (way.length < 20) {
    const next = nextOf(way.at(-1)!, entries);
    if (next === undefined || way.includes(next)) break;
    way.push(next);
  }
  return way;
};

const lastOf = (first: Map, entries: readonly Map[]): Map => wayOf(first, entries).at(-1)!;

const nextOf = (entry: Map, entries: readonly Map[]): Map | undefined => {
  const [request, response] = [mapOf(entry['request']), mapOf(entry['response'])];
  if (!isRedirect(response)) return undefined;
  const from = textOf(request['url']);
  const location = textOf(response['redirectURL']) || headerIn(response, 'location');
  if (location === '' || !URL.canParse(location, from)) return undefined;
  const to = new URL(location, from).href;
  return entries.find((one) => textOf(mapOf(one['request'])['url']) === to);
};

/** Whether any answer from its origin is more than a redirect. */
const hasAnswers = (document: Map, entries: readonly Map[]): boolean =>
  entries.some(
    (one) =>
      originIn(one) === originIn(document) &&
      Number(mapOf(one['response'])['status']) >= 200 &&
      !isRedirect(mapOf(one['response'])),
  );

const senderOf = (request: Map): string | undefined =>
  originOf(headerIn(request, 'origin')) ?? originOf(headerIn(request, 'referer'));

const mostFirst = (origins: readonly (string | undefined)[]): readonly string[] => {
  const counts = new Map<string, number>();
  for (const one of origins) if (one !== undefined) counts.set(one, (counts.get(one) ?? 0) + 1);
  return [...counts].sort(([, a], [, b]) => b - a).map(([origin]) => origin);
};
