import { ContendError } from '../../core/errors.ts';
import { methodWords, type MethodWord } from '../draft.ts';
import { bodyOf, headerOf, type Exchange, type RecordedBody, type RecordedPart } from '../recorded/exchange.ts';
import { draftRecorded } from '../recorded/recorded.ts';
import { markVariable, shown } from '../recorded/variables.ts';
import { oneLine, wellFormed } from '../text.ts';
import { fromCmd, isForCmd } from './cmd.ts';
import { notesOf } from './curl-notes.ts';
import { dataFlags, isFileData, optionsOf, type CurlOptions } from './curl-options.ts';
import { ofOneOrigin } from './origin.ts';
import { commandsIn, ShellSyntaxError, type Command } from './shell.ts';
import type { Source } from './source.ts';

/** One or several curl commands, as one types them or as a browser copies them. */
export const curl: Source = ({ text, file }) => {
  const notes: string[] = [];
  const commands = parsed(text, file).flatMap(({ line, words, ...rest }) => {
    const at = words.findIndex((word) => /(?:^|[\\/])curl(?:\.exe)?$/i.test(word));
    if (at === -1) {
      notes.push(`line ${line}: ${programOf(words[0]!)}, which is no curl command`);
      return [];
    }
    return partsOf({ ...rest, line, words: words.slice(at + 1) });
  });
  if (commands.length === 0)
    throw refused(file, 'it has no curl command', 'such as curl http://localhost:8080/products/1');
  const exchanges = commands.flatMap((command) => exchangesOf(command, file, notes));
  const switches = new Set(commands.flatMap(({ words }) => [...optionsOf(words).switches]));
  const kept = ofOneOrigin(exchanges, notes);
  const several = kept.length === 1 ? 'a curl command' : `${kept.length} curl commands`;
  return draftRecorded({
    title: file === 'the command' ? several : `${several} in ${file}`,
    exchanges: kept,
    notes,
    isInsecure: switches.has('insecure'),
    isHttp2: switches.has('http2'),
  });
};

/** What a command that is none of curl's is told as: what else stands there may be a secret. */
const programOf = (word: string): string => {
  const variable = /^([A-Za-z_]\w{0,60})=/.exec(word)?.[1];
  if (variable !== undefined) return `the variable ${variable}`;
  return /^[\w./-]{1,30}$/.test(word) ? word : 'a line';
};

const refused = (file: string, what: string, hint: string): ContendError =>
  new ContendError('ERR_USAGE', `${file}: ${what}.`, hint);

const parsed = (text: string, file: string): readonly Command[] => {
  try {
    return commandsIn(isForCmd(text) ? fromCmd(text) : text);
  } catch (error) {
    if (!(error instanceof ShellSyntaxError)) throw error;
    throw refused(
      `${file}:${error.line}`,
      error.message,
      'In a shell, put the whole command into other quotes than it has inside.',
    );
  }
};

/** `--next` begins another request of the same command. */
const partsOf = ({ words, ...rest }: Command): readonly Command[] => {
  const at = words.findIndex((word) => word === '--next' || word === '-:');
  if (at === -1) return [{ ...rest, words }];
  return [{ ...rest, words: words.slice(0, at) }, ...partsOf({ ...rest, words: words.slice(at + 1) })];
};

const exchangesOf = ({ line, words, input }: Command, file: string, notes: string[]): readonly Exchange[] => {
  const options = optionsOf(words, input);
  const where = file === 'the command' ? `command of line ${line}` : `${oneLine(file, 60)}:${line}`;
  if (options.urls.length === 0)
    throw refused(
      `${file}:${line}`,
      'the curl command has no address',
      'such as curl http://localhost:8080/products/1',
    );
  notes.push(...notesOf(options, options.switches.has('get')).map((note) => `${where}: ${note}`));
  return options.urls.flatMap((address) => {
    const url = urlOf(address, options);
    if (url === undefined)
      throw refused(
        `${file}:${line}`,
        `${JSON.stringify(oneLine(shown(address), 80))} is no http address`,
        'such as http://localhost:8080/products/1',
      );
    const variable = originVariable(address);
    if (variable !== undefined)
      notes.push(`${where}: what ${variable} stands for, → write it into target in place of ${url.origin}`);
    const body = bodyIn(options);
    const method = methodOf(options, body !== undefined);
    if (method === undefined) {
      notes.push(`${where}: its method, which is not taken over`);
      return [];
    }
    const basic = credentialsOf(options, url);
    url.username = '';
    url.password = '';
    const isFollowed = options.switches.has('location') || options.switches.has('location-trusted');
    const most = Number(all(options, 'max-redirs').at(-1) ?? 10);
    const redirects = isFollowed ? (most >= 0 && most <= 20 ? Math.trunc(most) : 20) : 0;
    return [
      {
        where,
        method,
        url,
        headers: headersOf(options, body),
        redirects,
        ...(body === undefined ? {} : { body }),
        ...(basic === undefined ? {} : { basic }),
      },
    ];
  });
};

const all = ({ values }: CurlOptions, ...flags: readonly string[]): readonly string[] =>
  values.flatMap(([flag, value]) => (flags.includes(flag) ? [value] : []));

/** Where an address goes that begins with a variable, until somebody writes it into the target. */
const anyTarget = 'localhost:8080';
const unknownOrigin =
  /^(https?:\/\/)?(?:\ue000(\w+)\ue001|\{\{\s*([\w-]{1,40})\s*\}\})(?::(?:\d+|\ue000\w+\ue001))?(?=[/?#]|$)/i;
const unknownPort = /^((?:https?:\/\/)?[\w.-]+):\ue000(\w+)\ue001(?=[/?#]|$)/i;

/** The variable that says where an address goes. */
const originVariable = (address: string): string | undefined => {
  const [, , marked, braced] = unknownOrigin.exec(address) ?? [];
  return marked ?? braced ?? unknownPort.exec(address)?.[2];
};

const urlOf = (address: string, options: CurlOptions): URL | undefined => {
  const known = address
    .replace(unknownOrigin, (_, scheme: string | undefined) => `${scheme ?? 'http://'}${anyTarget}`)
    .replace(unknownPort, (_, host: string) => `${host}:8080`);
  const whole = /^[a-z][a-z\d+.-]*:\/\//i.test(known) ? known : `http://${known}`;
  if (!URL.canParse(whole)) return undefined;
  const url = new URL(whole);
  if (!/^https?:$/.test(url.protocol) || url.hostname === '') return undefined;
  const queries = [
    ...all(options, 'url-query').map(encodedPair),
    ...(options.switches.has('get') ? dataOf(options) : []),
  ];
  if (queries.length > 0) url.search = [url.search.slice(1), ...queries].filter((part) => part !== '').join('&');
  url.hash = '';
  return url;
};

/** What of `--data-urlencode` is encoded: `name=content`, `=content`, `content`. */
const encodedPair = (text: string): string => {
  const at = text.indexOf('=');
  return at === -1
    ? encodeURIComponent(wellFormed(text))
    : `${text.slice(0, at)}${at > 0 ? '=' : ''}${encodeURIComponent(wellFormed(text.slice(at + 1)))}`;
};

const dataOf = ({ values }: CurlOptions): readonly string[] =>
  values.flatMap(([flag, value]) => {
    if (!dataFlags.includes(flag) || isFileData([flag, value])) return [];
    return [flag === 'data-urlencode' ? encodedPair(value) : value];
  });

const bodyIn = (options: CurlOptions): RecordedBody | undefined => {
  const forms = options.values.filter(([flag]) => flag === 'form' || flag === 'form-string');
  if (forms.length > 0)
    return { kind: 'multipart', parts: forms.map(([flag, value]) => partOf(value, flag === 'form-string')) };
  const [upload] = all(options, 'upload-file');
  if (upload !== undefined) return { kind: 'file', file: upload };
  if (options.switches.has('get')) return undefined;
  const file = options.values.find((one) => isFileData(one) && one[0] !== 'data-urlencode');
  if (file !== undefined) return { kind: 'file', file: file[1].slice(1) };
  const data = dataOf(options);
  if (data.length === 0) return undefined;
  const text = data.join(all(options, 'json').length > 0 ? '' : '&');
  return bodyOf(text, typeOf(options, text));
};

/** What the command says, or else what the text looks like: curl takes it for a form, which JSON is not. */
const typeOf = (options: CurlOptions, text: string): string => {
  const said = headerOf(headersIn(options), 'content-type');
  if (said !== undefined) return said;
  const isJson = all(options, 'json').length > 0 || /^\s*[[{]/.test(text);
  return isJson ? 'application/json' : 'application/x-www-form-urlencoded';
};

const partOf = (text: string, isPlain: boolean): RecordedPart => {
  const at = text.indexOf('=');
  const [name, value] = at === -1 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
  if (isPlain || !/^[@<]/.test(value)) return { name, value: isPlain ? value : value.replace(/;type=[^;]*$/, '') };
  return { name, file: value.slice(1).split(';')[0]! };
};

const methodOf = (options: CurlOptions, hasBody: boolean): MethodWord | undefined => {
  const usual = options.switches.has('head')
    ? 'head'
    : hasBody
      ? all(options, 'upload-file').length > 0
        ? 'put'
        : 'post'
      : 'get';
  const said = (all(options, 'request').at(-1) ?? usual).toLowerCase();
  return methodWords.find((word) => word === said);
};

const headersIn = (options: CurlOptions): Exchange['headers'] =>
  all(options, 'header').flatMap((line) => {
    const at = line.indexOf(':');
    const value = line.slice(at + 1).trim();
    return at <= 0 || value === '' ? [] : [[line.slice(0, at).trim(), value] as const];
  });

const headersOf = (options: CurlOptions, body: RecordedBody | undefined): Exchange['headers'] => {
  const headers = headersIn(options);
  const cookies = all(options, 'cookie').filter((value) => value.includes('='));
  const bearer = all(options, 'oauth2-bearer').at(-1);
  const isText = body?.kind === 'text' && headerOf(headers, 'content-type') === undefined;
  return [
    ...headers,
    ...(isText ? [['content-type', 'application/x-www-form-urlencoded'] as const] : []),
    ...(cookies.length === 0 ? [] : [['cookie', cookies.join('; ')] as const]),
    ...(bearer === undefined ? [] : [['authorization', `Bearer ${bearer}`] as const]),
    ...(all(options, 'json').length > 0 && headerOf(headers, 'accept') === undefined
      ? [['accept', 'application/json'] as const]
      : []),
  ];
};

const credentialsOf = (options: CurlOptions, url: URL): Exchange['basic'] => {
  const said = all(options, 'user').at(-1);
  const [user = '', ...password] = said === undefined ? [] : said.split(':');
  // Without a colon curl asks for the password.
  if (said !== undefined && password.length === 0) return { user, password: markVariable('PASSWORD') };
  if (said !== undefined) return { user, password: password.join(':') };
  return url.username === '' ? undefined : { user: decodeSafely(url.username), password: decodeSafely(url.password) };
};

const decodeSafely = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};
