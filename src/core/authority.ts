/** A host with a port: without the brackets of an IPv6 address. */
export interface Authority {
  readonly host: string;
  readonly port: number;
}

/** The pieces of `host:port`, `[::1]:443`; undefined for anything else. */
export const parseAuthority = (text: string): Authority | undefined => {
  const [, address, name, digits] = /^(?:\[([0-9A-Fa-f:.]+)\]|([^\s:/@[\]]+)):(\d{1,5})$/u.exec(text) ?? [];
  const port = Number(digits);
  const host = (address ?? name ?? '').toLowerCase();
  return host === '' || port < 1 || port > 65_535 ? undefined : { host, port };
};

/** `host:port` of an address of http or https; undefined for what has none, as a unix socket or what is built in. */
export const authorityOf = (address: string): Authority | undefined => {
  if (!/^https?:\/\/(?!unix:\D)/i.test(address) || !URL.canParse(address)) return undefined;
  const { protocol, hostname, port } = new URL(address);
  const usual = protocol === 'https:' ? 443 : 80;
  return { host: hostname.replace(/^\[|\]$/g, ''), port: port === '' ? usual : Number(port) };
};

/** Where connections for an address go, as `connectTo` says; undefined where it says nothing of it. */
export const placeFor = (
  address: string,
  connectTo: { readonly [authority: string]: string },
): Authority | undefined => {
  const asked = authorityOf(address);
  if (asked === undefined) return undefined;
  const [, place] =
    Object.entries(connectTo).find(([from]) => {
      const one = parseAuthority(from);
      return one?.host === asked.host && one.port === asked.port;
    }) ?? [];
  return place === undefined ? undefined : parseAuthority(place);
};
