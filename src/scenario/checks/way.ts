import { parseAuthority } from '../../core/authority.ts';
import { at, atKey, type Complaint } from '../text/locate.ts';
import { entriesOf, find, textOf, type Branch, type Tree } from '../text/tree.ts';
import { quoted } from '../text/words.ts';

/** What is wrong with how a mode, complete in itself, reaches its target. */
export const checkWay = (mode: Branch): Complaint[] => [
  ...checkHttp2(mode),
  ...checkKeepAlive(mode),
  ...checkProxy(find(mode, 'proxy'), textOf(find(mode, 'target')) ?? ''),
  ...checkConnectTo(find(mode, 'connectTo')),
];

/** A connection of HTTP/2 is made to be shared. */
const checkKeepAlive = (mode: Branch): Complaint[] => {
  const keepAlive = find(mode, 'keepAlive');
  const isHttp2 = isYes(find(mode, 'http2')) || isYes(find(mode, 'transport', 'undici', 'http2'));
  return isHttp2 && keepAlive?.kind === 'leaf' && keepAlive.value === false
    ? [
        at(
          keepAlive,
          'HTTP/2 shares its connections: a new one for each request is HTTP/1.1',
          'leave it out, or http2: false',
        ),
      ]
    : [];
};

const checkHttp2 = (mode: Branch): Complaint[] => {
  const target = textOf(find(mode, 'target')) ?? '';
  const transport = find(mode, 'transport');
  const isWire = (textOf(transport) ?? entriesOf(transport)[0]?.[0]) === 'wire';
  const short = find(mode, 'http2');
  const long = find(transport, 'undici', 'http2');
  const streams = find(transport, 'undici', 'streams');
  const wanted = [short, long].find(isYes);
  if (wanted === undefined) {
    return streams === undefined
      ? []
      : [at(streams, '"streams" are those of an HTTP/2 connection', 'add http2: true, or leave it out')];
  }
  if (wanted === short && isWire)
    return [at(transport!, 'wire speaks HTTP/1.1 alone', 'leave "transport" out, or say http2: false')];
  if (target === '' || /^https:/i.test(target)) return [];
  const hint = 'a target of https://, whose server is asked for it; or http2: false';
  return [at(wanted, 'HTTP/2 is spoken over TLS alone', hint)];
};

const isYes = (tree: Tree | undefined): boolean => tree?.kind === 'leaf' && tree.value === true;

const checkProxy = (proxy: Tree | undefined, target: string): Complaint[] =>
  proxy === undefined || textOf(proxy) === 'none' || !/^https?:\/\/unix:\D/i.test(target)
    ? []
    : [at(proxy, 'there is no way to a unix socket through a proxy', 'leave it out, or proxy: none')];

const checkConnectTo = (connectTo: Tree | undefined): Complaint[] =>
  entriesOf(connectTo).flatMap(([from, entry]) =>
    parseAuthority(from) === undefined
      ? [
          atKey(
            entry,
            `expected the host and the port of an address, got ${quoted(from)}`,
            'such as "api.example.com:443": 127.0.0.1:8443',
          ),
        ]
      : [],
  );
