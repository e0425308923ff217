import { z } from 'zod';
import { parseAuthority } from '../../core/authority.ts';
import { named } from '../text/words.ts';
import { branch, isMap, notation } from './notation.ts';

const proxyHint = 'such as http://proxy.example.com:3128, or none';

/**
 * The proxy for requests; `none`: no proxy, whatever the environment says. Never repeated in a message, because it may contain a
 * password.
 */
export const proxy = notation(
  (input, refuse) => {
    if (typeof input !== 'string' || input === '') return refuse('expected the address of a proxy', proxyHint);
    if (input === 'none') return input;
    const address = input.includes('://') ? input : `http://${input}`;
    if (/^socks/i.test(address)) return refuse('SOCKS proxies are not supported', `an HTTP proxy, ${proxyHint}`);
    if (!/^https?:\/\//i.test(address) || /[^\x21-\x7e]/.test(address) || !URL.canParse(address))
      return refuse('this is not the address of a proxy', proxyHint);
    const { protocol, username, password, host, pathname, search, hash } = new URL(address);
    if (pathname !== '/' || search !== '' || hash !== '')
      return refuse('the address of a proxy ends with its port', proxyHint);
    if (!isEncoded(username) || !isEncoded(password))
      return refuse('a "%" in the credentials of a proxy is written "%25"', proxyHint);
    const credentials = username === '' && password === '' ? '' : `${username}:${password}@`;
    return `${protocol}//${credentials}${host}`;
  },
  { type: 'string', minLength: 1 },
);

const isEncoded = (text: string): boolean => !/%(?![0-9A-Fa-f]{2})/.test(text);

const place = notation(
  (input, refuse) =>
    typeof input === 'string' && parseAuthority(input) !== undefined
      ? input
      : refuse(`expected a host and a port, got ${named(input)}`, 'such as 127.0.0.1:8443 or "[::1]:8443"'),
  { type: 'string', pattern: String.raw`^.+:\d+$` },
);

/** Host and port of an address → where its connections go. The keys are checked together with the rest of a mode. */
export const connectTo = z.record(z.string(), place);

/** How many HTTP/2 connections one machine opens. */
const mostConnections = 10_000;

/** More than any server allows on one connection: nginx and Node allow 100 or 128, Go 250. */
const mostStreams = 10_000;

const sharing = z
  .strictObject({
    streams: z
      .int()
      .min(1)
      .max(mostStreams)
      .describe('requests in flight on one connection; fewer if the target allows fewer')
      .prefault(100),
    connections: z
      .int()
      .min(1)
      .max(mostConnections)
      .describe('connections that users are spread over; another is opened if none has room')
      .prefault(1),
    auto: z.boolean().describe('HTTP/1.1 with a target that does not speak HTTP/2').prefault(false),
  })
  .transform(({ auto, ...most }) => ({ ...most, mayFallBack: auto }));

const words = notation(
  (input, refuse) => {
    if (input === true) return sharing.parse({});
    if (input === 'auto') return sharing.parse({ auto: true });
    return input === false
      ? input
      : refuse(`expected true, false or auto, got ${named(input)}`, 'or { streams: 100, connections: 1 }');
  },
  { enum: [true, false, 'auto'] },
);

/** Whether to use HTTP/2, and how its requests share connections. */
export const http2 = branch<typeof words | typeof sharing>([words, sharing], (input) =>
  isMap(input) ? sharing : words,
);
