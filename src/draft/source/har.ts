import { ContendError } from '../../core/errors.ts';
import { isRead, methodWords } from '../draft.ts';
import { draftRecorded } from '../recorded/recorded.ts';
import { bodyOf, headerOf, type Exchange, type RecordedBody } from '../recorded/exchange.ts';
import { oneLine } from '../text.ts';
import { ofOneOrigin } from './origin.ts';
import type { Source } from './source.ts';

type Map = { readonly [key: string]: unknown };
type Pair = readonly [name: string, value: string];

const mapOf = (value: unknown): Map => (typeof value === 'object' && value !== null ? (value as Map) : {});
const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

/** What a browser, or a proxy, has recorded: HAR 1.1 and 1.2. */
export const har: Source = ({ text, file }) => {
  const entries = listOf(mapOf(mapOf(JSON.parse(text))['log'])['entries']);
  const notes: string[] = [];
  const counts = new Map<string, number>();
  const leave = (why: string): [] => {
    counts.set(why, (counts.get(why) ?? 0) + 1);
    return [];
  };
  const read = entries.flatMap((entry, at) => exchangeOf(mapOf(entry), `entry ${at + 1}`, leave));
  if (entries.length === 0)
    throw new ContendError(
      'ERR_USAGE',
      `${file}: no request was recorded.`,
      'Record one with the network panel of a browser open, and save all as HAR.',
    );
  const own = ofOneOrigin(read, notes);
  const kept = withoutPolls(withoutHops(own, leave), leave);
  notes.unshift(...[...counts].map(([why, count]) => `${count === 1 ? 'a request' : `${count} requests`}: ${why}`));
  return draftRecorded({ title: `${file}, a recording`, exchanges: kept, notes });
};

const asset = /\.(?:js|mjs|css|map|png|jpe?g|gif|svg|ico|webp|avif|woff2?|ttf|otf|eot|mp[34]|webm|wasm|webmanifest)$/i;
const assetType =
  /^(?:image|font|audio|video)\/|^(?:text|application)\/(?:css|javascript|x-javascript|ecmascript|wasm)/i;

const exchangeOf = (entry: Map, where: string, leave: (why: string) => []): readonly Exchange[] => {
  const [request, response] = [mapOf(entry['request']), mapOf(entry['response'])];
  const address = textOf(request['url']);
  if (!/^https?:\/\//i.test(address) || !URL.canParse(address))
    return leave('no http address (data:, blob:, WebSocket …)');
  const url = new URL(address);
  const content = mapOf(response['content']);
  const mediaType = textOf(content['mimeType']);
  const method = methodWords.find((word) => word === textOf(request['method']).toLowerCase());
  if (method === undefined)
    return leave(`${oneLine(textOf(request['method']), 20) || 'no method'}, which is not taken over`);
  if (method === 'options') return leave('an OPTIONS, which a browser sends by itself before it asks another origin');
  if (method === 'get' && (asset.test(url.pathname) || assetType.test(mediaType))) return leave('static files');
  const status = Number(response['status']);
  if (!(status >= 100)) return leave('never answered: blocked, or interrupted');
  if (status === 101 || /^text\/event-stream/i.test(mediaType))
    return leave('a stream of events or a WebSocket, which never ends');
  url.hash = '';
  const [user, password] = [url.username, url.password];
  url.username = '';
  url.password = '';
  const body = bodyIn(mapOf(request['postData']));
  return [
    {
      where,
      method,
      url,
      headers: pairsOf(request['headers']),
      ...(body === undefined ? {} : { body }),
      ...(user === '' ? {} : { basic: { user, password } }),
      answer: {
        status: Math.trunc(status),
        headers: pairsOf(response['headers']),
        text: method === 'head' ? '' : contentOf(content),
        mediaType,
      },
      redirects: 0,
    },
  ];
};

const pairsOf = (list: unknown): readonly Pair[] =>
  listOf(list).flatMap((item) => {
    const { name, value } = mapOf(item);
    return typeof name === 'string' && name !== '' ? [[name, textOf(value)] as const] : [];
  });

const contentOf = (content: Map): string =>
  content['encoding'] === 'base64'
    ? Buffer.from(textOf(content['text']), 'base64').toString('utf8')
    : textOf(content['text']);

const bodyIn = (data: Map): RecordedBody | undefined => {
  const [type, text, params] = [textOf(data['mimeType']), textOf(data['text']), listOf(data['params'])];
  if (/^multipart\/form-data/i.test(type)) {
    const parts = params.map(mapOf).map(({ name, value, fileName }) => ({
      name: textOf(name),
      ...(typeof fileName === 'string' ? { file: fileName } : { value: textOf(value) }),
    }));
    return { kind: 'multipart', parts: parts.length > 0 ? parts : partsIn(text, type) };
  }
  if (text !== '') return bodyOf(text, type);
  return params.length === 0
    ? undefined
    : { kind: 'form', fields: pairsOf(params).map(([name, value]) => [decoded(name), decoded(value)]) };
};

/** Browsers differ in whether the names and values of a form are written as they were sent. */
const decoded = (text: string): string => new URLSearchParams(`_=${text.replaceAll('&', '%26')}`).get('_') ?? text;

/** The parts of a form as it was sent, where nobody has taken it apart. */
const partsIn = (
  text: string,
  type: string,
): { readonly name: string; readonly value?: string; readonly file?: string }[] => {
  const boundary = /boundary="?([^";]+)/i.exec(type)?.[1];
  if (boundary === undefined) return [];
  return text.split(`--${boundary}`).flatMap((part) => {
    const at = part.indexOf('\r\n\r\n');
    const head = part.slice(0, at);
    const name = /[;\s]name="([^"]*)"/i.exec(head)?.[1];
    if (at === -1 || name === undefined) return [];
    const file = /filename="([^"]*)"/i.exec(head)?.[1];
    return [{ name, ...(file === undefined ? { value: part.slice(at + 4).replace(/\r\n$/, '') } : { file }) }];
  });
};

/** A redirect and what it led to as one request that follows it. */
const withoutHops = (exchanges: readonly Exchange[], leave: (why: string) => []): readonly Exchange[] => {
  const kept: Exchange[] = [];
  for (const [at, exchange] of exchanges.entries()) {
    const before = kept.at(-1);
    const status = before?.answer?.status ?? 0;
    const location = before?.answer === undefined ? undefined : headerOf(before.answer.headers, 'location');
    const leads =
      status >= 300 && status < 400 && location !== undefined && URL.canParse(location, before!.url.href)
        ? new URL(location, before!.url.href)
        : undefined;
    if (leads !== undefined) leads.hash = '';
    if (leads?.href !== exchange.url.href || exchange.method !== followedBy(before!.method, status)) {
      kept.push(exchange);
      continue;
    }
    leave('part of a redirect, which the step before it follows');
    const ids = partsOf(exchange.url).filter((part) => /\d/.test(part) && !partsOf(before!.url).includes(part));
    if (exchanges.slice(at + 1).some(({ url }) => partsOf(url).some((part) => ids.includes(part))))
      leave('what it led to names what later ones ask for: → capture that from header.location, with redirects: 0');
    // What the first answer set, a cookie above all, is part of what came back.
    const headers = [
      ...exchange.answer!.headers,
      ...before!.answer!.headers.filter(([name]) => /^set-cookie$/i.test(name)),
    ];
    kept[kept.length - 1] = { ...before!, answer: { ...exchange.answer!, headers }, redirects: before!.redirects + 1 };
  }
  return kept;
};

const partsOf = (url: URL): readonly string[] => url.pathname.split('/');

const followedBy = (method: Exchange['method'], status: number): Exchange['method'] =>
  (status === 303 && method !== 'head') || (method === 'post' && status < 303) ? 'get' : method;

/** A GET or HEAD that is sent again with nothing written in between says the same again. */
const withoutPolls = (exchanges: readonly Exchange[], leave: (why: string) => []): readonly Exchange[] => {
  const seen = new Set<string>();
  return exchanges.filter(({ method, url, headers, answer }) => {
    if (!isRead(method)) {
      seen.clear();
      return true;
    }
    // Somebody else asks, or is told something else: a login lies in between.
    const asked = JSON.stringify([method, url.href, headerOf(headers, 'authorization'), answer?.status]);
    if (seen.has(asked)) {
      leave(`a ${method.toUpperCase()} that was sent before, with nothing written since`);
      return false;
    }
    seen.add(asked);
    return true;
  });
};
