import { BlockList, isIP, isIPv6 } from 'node:net';

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

/** Where clouds hand out the credentials of a machine; all of them are link-local except three. */
const metadata = new BlockList();
metadata.addSubnet('169.254.0.0', 16, 'ipv4');
metadata.addSubnet('fe80::', 10, 'ipv6');
metadata.addAddress('fd00:ec2::254', 'ipv6');
metadata.addAddress('100.100.100.200', 'ipv4');
metadata.addAddress('192.0.0.192', 'ipv4');
// The same addresses behind the prefix of NAT64.
metadata.addSubnet('64:ff9b::a9fe:0', 112, 'ipv6');
metadata.addAddress('64:ff9b::6464:64c8', 'ipv6');

const metadataNames = new Set(['metadata', 'metadata.google.internal', 'metadata.goog', 'instance-data']);

/** Whether a host is this machine by its own word: `localhost` and the addresses of the loopback interface. */
export const isLoopback = (host: string): boolean => host === 'localhost' || isIn(loopback, host);

/** Whether a host, or an address, is one that no load is ever sent to: link-local, or a cloud's metadata service. */
export const isMetadata = (host: string): boolean => metadataNames.has(host) || isIn(metadata, host);

/**
 * The host that a target, or the address of a Redis server, names: in lower case, IPv6 without brackets.
 *
 * @returns undefined for a unix socket, for what is built in, and for what is no address
 */
export const hostOf = (address: string): string | undefined => {
  if (!/^(https?|rediss?):\/\/(?!unix:\D)/i.test(address)) return undefined;
  // Under http, also 0x7f.1 and 2130706433 become the address that they stand for.
  const url = address.replace(/^rediss?:/i, 'http:');
  if (!URL.canParse(url)) return undefined;
  return new URL(url).hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
};

/** An address without its password. */
export const maskedUrl = (url: string): string => {
  const shown = new URL(url);
  if (shown.password !== '') shown.password = '***';
  return shown.href;
};

const isIn = (list: BlockList, host: string): boolean =>
  isIP(host) !== 0 && list.check(host, isIPv6(host) ? 'ipv6' : 'ipv4');
