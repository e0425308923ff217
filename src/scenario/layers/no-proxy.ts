import { BlockList, isIP, isIPv6 } from 'node:net';
import type { Authority } from '../../core/authority.ts';

/**
 * Whether `NO_PROXY` names a place. It lists `*`, a host with everything below it, `.host` with only what is below it, an address,
 * or a block of addresses (`10.0.0.0/8`), each with or without a port, separated by commas or spaces.
 */
export const isExempt = ({ host, port }: Authority, list: string): boolean =>
  list
    .toLowerCase()
    .split(/[\s,]+/)
    .some((entry) => entry === '*' || (entry !== '' && matches(host, port, entry)));

const matches = (host: string, port: number, entry: string): boolean => {
  const [, bracketed, bare, digits] = /^(?:\[(.+)\]|([^:]+))(?::(\d+))?$/.exec(entry) ?? [undefined, undefined, entry];
  if (digits !== undefined && Number(digits) !== port) return false;
  const name = (bracketed ?? bare ?? '').replace(/\.$/, '');
  if (name.includes('/')) return isInBlock(host, name);
  if (isIP(name) !== 0) return isIP(host) !== 0 && isInBlock(host, `${name}/${isIPv6(name) ? 128 : 32}`);
  const below = name.replace(/^\*(?=\.)/, '');
  return below.startsWith('.') ? host.endsWith(below) : host === below || host.endsWith(`.${below}`);
};

const isInBlock = (host: string, block: string): boolean => {
  const [address = '', bits = ''] = block.split('/');
  const [kind, most] = isIPv6(address) ? (['ipv6', 128] as const) : (['ipv4', 32] as const);
  if (isIP(host) === 0 || isIP(address) === 0 || !/^\d{1,3}$/.test(bits) || Number(bits) > most) return false;
  const list = new BlockList();
  list.addSubnet(address, Number(bits), kind);
  return list.check(host, isIPv6(host) ? 'ipv6' : 'ipv4');
};
