import { parseJson } from '../../core/exact/parse.ts';
import { writeJson } from '../../core/exact/write.ts';
import { ContendError } from '../../core/errors.ts';
import type { Json } from '../../core/json.ts';
import type { Setting } from '../../scenario/layers/settings.ts';

/** What `run <url>` and `sweep <url>` take in addition to the address. */
export interface UrlFlags {
  /** `-m` */
  readonly method?: string;
  /** `-b`: JSON or any text. */
  readonly body?: string;
  /** Whether a rate is asked for, by a flag or the environment. */
  readonly isOpen?: boolean;
  /** Whether the default duration is ten seconds; otherwise the caller determines it. */
  readonly isTimed?: boolean;
  /** The content of the file of `-b @file`, instead of `body`. */
  readonly bytes?: Uint8Array | undefined;
  /** Whether `-H` gives a content type, which then determines the type of the body. */
  readonly hasType?: boolean;
  /** `--modes`, which are locks here. */
  readonly modes?: string;
}

/** A scenario made for an address. */
export interface UrlScenario {
  readonly text: string;
  /** Its name in problems and reports: the address without a password. */
  readonly file: string;
  readonly settings: readonly Setting[];
}

const methods = ['get', 'post', 'put', 'patch', 'delete', 'head', 'options'];

/** Whether the argument is an address rather than a file. */
export const isUrl = (named: string): boolean => /^https?:\/\//iu.test(named);

/** The address of a unix socket has the request's path after a second colon: http://unix:/run/app.sock:/products. */
const partsOf = (address: string): Pick<URL, 'origin' | 'host' | 'pathname' | 'search' | 'username' | 'password'> => {
  const [, socket, path = '/'] = /^(https?:\/\/unix:[^:]+)(?::(\/.*))?$/iu.exec(address) ?? [];
  if (socket === undefined) return new URL(address);
  const { pathname, search } = new URL(path, 'http://localhost');
  return { origin: socket, host: 'unix', pathname, search, username: '', password: '' };
};

/**
 * A scenario of one step without a lock, ten users for ten seconds, as other tools do with an address. `--modes mutex,none` runs
 * it under these locks.
 *
 * A user who gives address, method and body on one line means them, so the scenario may write.
 *
 * @throws {ContendError} ERR_USAGE
 */
export const urlScenario = (address: string, flags: UrlFlags): UrlScenario => {
  if (!URL.canParse(address))
    throw new ContendError(
      'ERR_USAGE',
      `${withoutPassword(address)} is not a valid URL.`,
      'Write http://localhost:3000/products.',
    );
  const { origin, host, pathname, search, username, password } = partsOf(address);
  const word = (flags.method ?? (flags.body === undefined ? 'get' : 'post')).toLowerCase();
  if (!methods.includes(word)) {
    const known = methods.map((method) => method.toUpperCase()).join(', ');
    throw new ContendError(
      'ERR_USAGE',
      `-m ${JSON.stringify(flags.method)} is not a method.`,
      `It is one of ${known}.`,
    );
  }
  if ((word === 'get' || word === 'head') && flags.body !== undefined) {
    const said = `a ${word.toUpperCase()} sends no body.`;
    throw new ContendError('ERR_USAGE', said, 'Leave -b out, or say -m POST, PUT or PATCH.');
  }
  const { step, type } = flags.body === undefined ? noBody : bodyOf(flags.body, flags);
  const shown = `${word === 'get' ? '' : `${word.toUpperCase()} `}${host}${pathname}`;
  const scenario = {
    name: shown.slice(0, 200),
    target: origin,
    destructive: true,
    // An open load has the same default of users as in a scenario: the arrivals due in a second.
    load: {
      ...(flags.isOpen === true ? {} : { users: 10 }),
      ...(flags.isTimed === false ? {} : { duration: '10s' }),
    },
    // For the whole scenario, not its step, so that -H wins over it.
    headers: {
      ...(username === '' && password === '' ? {} : { authorization: basic(username, password) }),
      ...(type === undefined ? {} : { 'content-type': type }),
    },
    steps: [{ [word]: plainText(`${pathname}${search}`), ...step }],
  };
  const modes = flags.modes?.split(',').map((name) => name.trim()) ?? [];
  return {
    text: writeJson(scenario, 2),
    file: `${origin}${pathname}`,
    settings: modes.map((lock) => ({ path: ['modes', lock], value: lock, from: '--modes' })),
  };
};

const withoutPassword = (address: string): string => address.replace(/\/\/[^/@]*@/u, '//***@');

const basic = (user: string, password: string): string => {
  const bytes = new TextEncoder().encode(`${decodeURIComponent(user)}:${decodeURIComponent(password)}`);
  return `Basic ${btoa(String.fromCharCode(...bytes))}`;
};

/** The step's field for its body, and a content type if the body does not imply one. */
interface SentBody {
  readonly step: { readonly [key: string]: Json };
  readonly type?: string;
}

const noBody: SentBody = { step: {} };

/** JSON as JSON; any other text and any file as they are, with the type that `-H` gives or that they look like. */
const bodyOf = (body: string, { bytes, hasType = false }: UrlFlags): SentBody => {
  if (bytes !== undefined) {
    const text = textIn(bytes);
    const type =
      text === undefined ? binary : isForm(text) ? form : jsonIn(text) === undefined ? plain : 'application/json';
    return { step: { body: { file: 'body', type } }, type };
  }
  const json = jsonIn(body);
  if (json !== undefined) return { step: { json: plainJson(json) } };
  if (/^\s*[[{]/u.test(body) && !hasType)
    // The body is not repeated, because it may contain a secret.
    throw new ContendError(
      'ERR_USAGE',
      '-b begins like JSON but is not valid JSON.',
      `Write -b '{"quantity": 1}', in single quotes; -H 'content-type: text/plain' sends it as it is.`,
    );
  const step = { text: plainText(body) };
  return isForm(body) ? { step, type: form } : { step };
};

const form = 'application/x-www-form-urlencoded';
const plain = 'text/plain; charset=utf-8';
const binary = 'application/octet-stream';

/** `a=1&b=2`, as curl's `-d` sends it. */
const isForm = (text: string): boolean => /^[\w.~%+[\]-]+=[^\s=&]*(?:&[\w.~%+[\]-]+=[^\s=&]*)*\n?$/u.test(text);

const textIn = (bytes: Uint8Array): string | undefined => {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
};

const jsonIn = (text: string): Json | undefined => {
  try {
    return parseJson(text) as Json;
  } catch {
    return undefined;
  }
};

/** Escapes a text so that a template yields it unchanged. */
const plainText = (text: string): string => text.replaceAll('${', () => '$${');

const plainJson = (json: Json): Json => {
  if (typeof json === 'string') return plainText(json);
  if (typeof json !== 'object' || json === null) return json;
  if (Array.isArray(json)) return json.map((item) => plainJson(item as Json));
  return Object.fromEntries(Object.entries(json).map(([key, value]) => [key, plainJson(value)]));
};
