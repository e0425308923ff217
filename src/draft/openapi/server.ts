import { ContendError } from '../../core/errors.ts';
import { hostOf, isMetadata } from '../../core/reach.ts';
import { oneLine } from '../text.ts';
import { listOf, nodeOf, textOf, type OpenApi } from './document.ts';

/** The server that a document names. */
export interface Server {
  readonly target: string;
  readonly comment: string;
}

const local = 'http://localhost:8080';

/**
 * The first server of a document, its variables at their defaults. This machine if it names no host.
 *
 * @throws {ContendError} ERR_USAGE if no load is ever sent there
 */
export const serverOf = ({ root }: OpenApi): Server => {
  const [first, ...others] = listOf(root['servers']).map(nodeOf);
  const url = urlOf(first);
  const also = others.length === 0 ? '' : `; the document has ${others.length} more`;
  const isWhole = /^https?:\/\//i.test(url);
  const address = isWhole ? url : `${local}${url.startsWith('/') ? '' : '/'}${url}`;
  const read = URL.canParse(address) ? new URL(address) : undefined;
  if (read === undefined || /[^\x21-\x7e]|[{}]/.test(read.href) || read.hostname === '')
    return {
      target: `${local}${pathOf(url)}`,
      comment: `→ where it is tested; ${oneLine(url, 60)} is no address`,
    };
  const target = `${read.origin}${read.pathname}`.replace(/\/+$/, '');
  const host = hostOf(target) ?? '';
  if (isMetadata(host))
    throw new ContendError(
      'ERR_USAGE',
      `No load is ever sent to ${host}, the server of the document.`,
      'It hands out the credentials of a machine.',
    );
  return { target, comment: `${isWhole ? '→ where it is tested' : '→ the document names no host'}${also}` };
};

/** The address of a server, its variables at their defaults. */
export const urlOf = (server: unknown): string => {
  const node = nodeOf(server);
  const variables = nodeOf(node['variables']);
  return (textOf(node['url']) ?? '/').replace(/\{([^{}]{1,60})\}/g, (whole, name: string) => {
    const variable = Object.hasOwn(variables, name) ? nodeOf(variables[name]) : {};
    return textOf(variable['default']) ?? textOf(listOf(variable['enum'])[0]) ?? whole;
  });
};

/** The path of an address whose host is unknown. */
const pathOf = (url: string): string =>
  (/^https?:\/\/[^/]+((?:\/[\w.~-]{1,60}){1,10})\/?$/i.exec(url)?.[1] ?? '').replace(/^(?:\/\.{1,2})+(?=\/|$)/, '');
