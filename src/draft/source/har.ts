import { ContendError } from '../../core/errors.ts';
import { isRead, methodWords } from '../draft.ts';
import { withoutHops, withoutPolls } from '../recorded/hops.ts';
import { draftRecorded } from '../recorded/recorded.ts';
import { newNotes, type Notes } from '../notes.ts';
import { bodyOf, headerOf, type Exchange, type RecordedBody, type RecordedPart } from '../recorded/exchange.ts';
import { isSecret } from '../secrets.ts';
import { oneLine } from '../text.ts';
import { ofOneOrigin } from './origin.ts';
import { pageOrigins } from './page.ts';
import type { Source } from './source.ts';

type Map = { readonly [key: string]: unknown };
type Pair = readonly [name: string, value: string];

const mapOf = (value: unknown): Map => (typeof value === 'object' && value !== null ? (value as Map) : {});
const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

/** A recording of a browser or a proxy: HAR 1.1 and 1.2. */
export const har: Source = ({ text, file, origin }) => {
  const log = mapOf(mapOf(JSON.parse(text))['log']);
  const entries = listOf(log['entries']).map(mapOf);
  const notes = newNotes();
  const counts = new Map<string, number>();
  const leave = (why: string): [] => {
    counts.set(why, (counts.get(why) ?? 0) + 1);
    return [];
  };
  // Some programs record requests but not their answers.
  const isAnswered = entries.some(({ response }) => Number(mapOf(response)['status']) >= 100);
  const read = entries.flatMap((entry, at) => exchangeOf(entry, `entry ${at + 1}`, { leave, notes, isAnswered }));
  if (entries.length === 0)
    throw new ContendError(
      'ERR_USAGE',
      `${file}: no request was recorded.`,
      'Record one with the network panel of a browser open, and save all as HAR.',
    );
  if (!isAnswered && read.length > 0)
    notes.guessed('what is answered: none of the answers was recorded, so any status below 400 will do');
  const without =
    read.length > 0 ? undefined : `It has ${[...counts].map(([why, count]) => `${count} × ${why}`).join('; ')}.`;
  const own = ofOneOrigin(read, notes, {
    asked: origin,
    own: pageOrigins(entries, listOf(log['pages']).map(mapOf)),
    ...(without === undefined ? {} : { without }),
  });
  if (isSanitised(log, own))
    notes.guessed(
      'that nobody has to log in: Chrome takes cookies and Authorization headers out of a HAR, → export it with sensitive data, or write auth into the scenario',
    );
  const kept = withoutPolls(withoutHops(own, { leave, notes }), leave);
  for (const [why, count] of counts) notes.left(`${count === 1 ? 'a request' : `${count} requests`}: ${why}`);
  return draftRecorded({ title: `${file}, a recording`, exchanges: kept, notes });
};

/** Whether a browser that removes credentials by default has recorded writes without any. */
const isSanitised = (log: Map, exchanges: readonly Exchange[]): boolean =>
  mapOf(log['creator'])['name'] === 'WebInspector' &&
  exchanges.some(({ method }) => !isRead(method)) &&
  !exchanges.some(({ headers, answer, url }) =>
    [...headers, ...(answer?.headers ?? []), ...url.searchParams].some(([name, value]) => isSecret(name, value)),
  );

/** What is needed to read one entry. */
interface Reading {
  readonly leave: (why: string) => [];
  readonly notes: Notes;
  /** The recording has answers: an entry without one was never answered. */
  readonly isAnswered: boolean;
}

const asset = /\.(?:js|mjs|css|map|png|jpe?g|gif|svg|ico|webp|avif|woff2?|ttf|otf|eot|mp[34]|webm|wasm|webmanifest)$/i;
const assetType =
  /^(?:image|font|audio|video)\/|^(?:text|application)\/(?:css|javascript|x-javascript|ecmascript|wasm)/i;

const exchangeOf = (entry: Map, where: string, { leave, notes, isAnswered }: Reading): readonly Exchange[] => {
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
  if (isAnswered && !(status >= 100)) return leave('never answered: blocked, or interrupted');
  if (status === 101 || /^text\/event-stream/i.test(mediaType))
    return leave('a stream of events or a WebSocket, which never ends');
  url.hash = '';
  const [user, password] = [url.username, url.password];
  url.username = '';
  url.password = '';
  const data = mapOf(request['postData']);
  const body = bodyIn(data);
  const headers = pairsOf(request['headers']);
  if (body === undefined && isBodyMissing(request, headers, data))
    notes.left(`the body of ${where}, which was not recorded: → its step sends none, write it in`);
  const cut = body === undefined ? undefined : missingIn(body, headers);
  if (cut !== undefined) notes.left(`the end of the body of ${where}: ${cut}: → write it in`);
  return [
    {
      where,
      method,
      url,
      headers: withType(headers, body, textOf(data['mimeType'])),
      ...(body === undefined ? {} : { body }),
      ...(user === '' ? {} : { basic: { user, password } }),
      ...(isAnswered
        ? {
            answer: {
              status: Math.trunc(status),
              headers: withLocation(pairsOf(response['headers']), textOf(response['redirectURL'])),
              text: method === 'head' ? '' : contentOf(content),
              mediaType,
            },
          }
        : {}),
      redirects: 0,
    },
  ];
};

/** Browsers leave out bodies that are large, binary, or from a file. */
const isBodyMissing = (request: Map, headers: readonly Pair[], data: Map): boolean =>
  Number(request['bodySize']) > 0 ||
  Number(headerOf(headers, 'content-length')) > 0 ||
  /chunked/i.test(headerOf(headers, 'transfer-encoding') ?? '') ||
  /^multipart\//i.test(textOf(data['mimeType'])) ||
  textOf(data['text']) !== '' ||
  /discard|not included|omitted|too large/i.test(textOf(data['comment']));

/** How much of a truncated body was recorded. A form with files has their content elsewhere. */
const missingIn = (body: RecordedBody, headers: readonly Pair[]): string | undefined => {
  if (body.kind !== 'json' && body.kind !== 'text') return undefined;
  const [sent, recorded] = [Number(headerOf(headers, 'content-length')), Buffer.byteLength(body.text)];
  return sent > recorded && headerOf(headers, 'content-encoding') === undefined
    ? `${recorded} of ${sent} bytes were recorded`
    : undefined;
};

/** Some programs record a redirect's target outside the headers. */
const withLocation = (headers: readonly Pair[], location: string): readonly Pair[] =>
  location === '' || headerOf(headers, 'location') !== undefined ? headers : [...headers, ['location', location]];

/** Adds the data's declared type if no header gives it. */
const withType = (headers: readonly Pair[], body: RecordedBody | undefined, type: string): readonly Pair[] =>
  body?.kind === 'text' && type !== '' && headerOf(headers, 'content-type') === undefined
    ? [...headers, ['content-type', type]]
    : headers;

const pairsOf = (list: unknown): readonly Pair[] =>
  listOf(list).flatMap((item) => {
    const { name, value } = mapOf(item);
    return typeof name === 'string' && name !== '' ? [[name, textOf(value)] as const] : [];
  });

const contentOf = (content: Map): string =>
  content['encoding'] === 'base64'
    ? Buffer.from(textOf(content['text']), 'base64').toString('utf8')
    : textOf(content['text']);

/** The text of a body. Empty for bytes that are not text. */
const sentText = (data: Map): string => {
  const text = textOf(data['text']);
  if (data['encoding'] !== 'base64' && data['_encoding'] !== 'base64') return text;
  const decodedText = Buffer.from(text, 'base64').toString('utf8');
  return decodedText.includes('\ufffd') ? '' : decodedText;
};

const bodyIn = (data: Map): RecordedBody | undefined => {
  const [type, text, params] = [textOf(data['mimeType']), sentText(data), listOf(data['params'])];
  const file = textOf(data['_file']);
  if (file !== '') return { kind: 'file', file };
  if (/^multipart\/form-data/i.test(type)) {
    const parts = params.map(mapOf).map(({ name, value, fileName, contentType }) => ({
      name: textOf(name),
      ...(typeof fileName === 'string' ? { file: fileName } : { value: textOf(value) }),
      ...(typeof contentType === 'string' ? { type: contentType } : {}),
    }));
    const all = parts.length > 0 ? parts : partsIn(text, type);
    return all.length === 0 ? undefined : { kind: 'multipart', parts: all };
  }
  if (text !== '') return bodyOf(text, type);
  return params.length === 0
    ? undefined
    : { kind: 'form', fields: pairsOf(params).map(([name, value]) => [decoded(name), decoded(value)]) };
};

/** Browsers differ in whether they record the names and values of a form as sent. */
const decoded = (text: string): string => new URLSearchParams(`_=${text.replaceAll('&', '%26')}`).get('_') ?? text;

/** The parts of a form as it was sent, if the recording has not parsed it. */
const partsIn = (text: string, type: string): RecordedPart[] => {
  const boundary = /boundary="?([^";]+)/i.exec(type)?.[1];
  if (boundary === undefined) return [];
  return text.split(`--${boundary}`).flatMap((part) => {
    const [blank = ''] = /\r?\n\r?\n/.exec(part) ?? [];
    const at = blank === '' ? -1 : part.indexOf(blank);
    const head = part.slice(0, at);
    const name = /[;\s]name="([^"]*)"/i.exec(head)?.[1];
    if (at === -1 || name === undefined) return [];
    const file = /filename="([^"]*)"/i.exec(head)?.[1];
    const mediaType = /^content-type:\s*([^\r\n]+)/im.exec(head)?.[1];
    return [
      {
        name,
        ...(file === undefined ? { value: part.slice(at + blank.length).replace(/\r?\n$/, '') } : { file }),
        ...(mediaType === undefined ? {} : { type: mediaType.trim() }),
      },
    ];
  });
};
