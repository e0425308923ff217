import { fieldOf, type Field } from './field.ts';

/** RFC 7541, appendix A: with a value if the entry has one. */
const entries: readonly (readonly [name: string, value?: string])[] = [
  [':authority'],
  [':method', 'GET'],
  [':method', 'POST'],
  [':path', '/'],
  [':path', '/index.html'],
  [':scheme', 'http'],
  [':scheme', 'https'],
  [':status', '200'],
  [':status', '204'],
  [':status', '206'],
  [':status', '304'],
  [':status', '400'],
  [':status', '404'],
  [':status', '500'],
  ['accept-charset'],
  ['accept-encoding', 'gzip, deflate'],
  ['accept-language'],
  ['accept-ranges'],
  ['accept'],
  ['access-control-allow-origin'],
  ['age'],
  ['allow'],
  ['authorization'],
  ['cache-control'],
  ['content-disposition'],
  ['content-encoding'],
  ['content-language'],
  ['content-length'],
  ['content-location'],
  ['content-range'],
  ['content-type'],
  ['cookie'],
  ['date'],
  ['etag'],
  ['expect'],
  ['expires'],
  ['from'],
  ['host'],
  ['if-match'],
  ['if-modified-since'],
  ['if-none-match'],
  ['if-range'],
  ['if-unmodified-since'],
  ['last-modified'],
  ['link'],
  ['location'],
  ['max-forwards'],
  ['proxy-authenticate'],
  ['proxy-authorization'],
  ['range'],
  ['referer'],
  ['refresh'],
  ['retry-after'],
  ['server'],
  ['set-cookie'],
  ['strict-transport-security'],
  ['transfer-encoding'],
  ['user-agent'],
  ['vary'],
  ['via'],
  ['www-authenticate'],
];

/** The table that both sides have from the start; index 1 of HPACK is the first. */
export const staticTable: readonly Field[] = entries.map(([name, value = '']) => fieldOf(name, value));

/** The index of each whole field, by name and value with a NUL between. */
const wholeIndex: ReadonlyMap<string, number> = new Map(
  entries.map(([name, value = ''], at) => [`${name}\0${value}`, at + 1]),
);

/** The first index of each name. */
const nameIndex: ReadonlyMap<string, number> = new Map(
  entries.map(([name], at) => [name, at + 1] as const).toReversed(),
);

/** The index of a whole field in it; 0 if it is not there. */
export const staticIndex = (name: string, value: string): number => wholeIndex.get(`${name}\0${value}`) ?? 0;

/** The index of a name in it; 0 if it is not there. */
export const staticNameIndex = (name: string): number => nameIndex.get(name) ?? 0;
