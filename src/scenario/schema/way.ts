import { z } from 'zod';
import { parseAuthority } from '../../core/authority.ts';
import { named } from '../text/words.ts';
import { notation } from './notation.ts';

const proxyHint = 'such as http://proxy.example.com:3128, or none';

/** What requests go through; `none`: nothing, whatever the environment says. Never repeated in a message: it may hold a password. */
export const proxy = notation(
  (input, refuse) => {
    if (typeof input !== 'string' || input === '') return refuse('expected the address of a proxy', proxyHint);
    if (input === 'none') return input;
    const address = input.includes('://') ? input : `http://${input}`;
    if (/^socks/i.test(address)) return refuse('a proxy of SOCKS is not spoken with', `an HTTP proxy, ${proxyHint}`);
    if (!/^https?:\/\//i.test(address) || /[^\x21-\x7e]/.test(address) || !URL.canParse(address))
      return refuse('this is no address of a proxy', proxyHint);
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

/** By host and port of an address: where connections for it go. The keys are looked at beside the rest of a mode. */
export const connectTo = z.record(z.string(), place);
