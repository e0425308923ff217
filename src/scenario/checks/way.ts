import { parseAuthority } from '../../core/authority.ts';
import { at, atKey, type Complaint } from '../text/locate.ts';
import { entriesOf, find, textOf, type Branch, type Tree } from '../text/tree.ts';
import { quoted } from '../text/words.ts';

/** Checks how a mode, complete in itself, reaches its target. */
export const checkWay = (mode: Branch): Complaint[] => [
  ...checkHttp2(mode),
  ...checkKeepAlive(mode),
  ...checkProxy(find(mode, 'proxy'), textOf(find(mode, 'target')) ?? ''),
  ...checkConnectTo(find(mode, 'connectTo')),
];

/** HTTP/2 connections are meant to be shared. */
const checkKeepAlive = (mode: Branch): Complaint[] => {
  const keepAlive = find(mode, 'keepAlive');
  return asksForHttp2(find(mode, 'http2')) && keepAlive?.kind === 'leaf' && keepAlive.value === false
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
  const http2 = find(mode, 'http2');
  if (!asksForHttp2(http2)) return [];
  const transport = find(mode, 'transport');
  if ((textOf(transport) ?? entriesOf(transport)[0]?.[0]) === 'undici')
    return [at(transport!, 'undici only speaks HTTP/1.1', 'leave "transport" out, or say http2: false')];
  const target = textOf(find(mode, 'target')) ?? '';
  const auto = isMayFallBack(http2) ? http2 : find(http2, 'auto');
  if (auto?.kind !== 'leaf' || auto.value === false || !/^http:/i.test(target)) return [];
  return [
    at(
      auto,
      'over http:// nothing is negotiated, so contend cannot find out what the target speaks',
      'http2: true if you know that it speaks it, else http2: false',
    ),
  ];
};

const asksForHttp2 = (http2: Tree | undefined): http2 is Tree =>
  http2 !== undefined && (http2.kind !== 'leaf' || http2.value === true || isMayFallBack(http2));

const isMayFallBack = (http2: Tree | undefined): boolean => http2?.kind === 'leaf' && http2.value === 'auto';

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
