import { ContendError } from '../../core/errors.ts';
import type { Json } from '../../core/json.ts';
import { originVariable, urlOf } from '../curl/address.ts';
import { bodyIn } from '../curl/body.ts';
import { fromCmd, isForCmd } from '../curl/cmd.ts';
import { curlAt, type Command } from '../curl/command.ts';
import { tellNotes } from '../curl/notes.ts';
import { all, headersIn, optionsOf, type CurlOptions } from '../curl/options.ts';
import { ShellSyntaxError } from '../curl/quotes.ts';
import { settingsOf } from '../curl/settings.ts';
import { commandsIn } from '../curl/shell.ts';
import { methodWords, type MethodWord } from '../draft.ts';
import { newNotes, type Notes } from '../notes.ts';
import { headerOf, type Exchange, type RecordedBody } from '../recorded/exchange.ts';
import { draftRecorded } from '../recorded/recorded.ts';
import { markVariable, shown } from '../recorded/variables.ts';
import { oneLine } from '../text.ts';
import { ofOneOrigin } from './origin.ts';
import type { Source } from './source.ts';

/** One or more curl commands, typed or copied from a browser. */
export const curl: Source = ({ text, file, origin }) => {
  const notes = newNotes();
  const commands = parsed(text, file).flatMap(({ line, words, ...rest }) => {
    const at = curlAt(words);
    if (at === -1) {
      if (!sendsNothing.test(words[0]!) && !words.includes('curl'))
        notes.left(`line ${line}: ${programOf(words[0]!)}, which is no curl command`);
      return [];
    }
    return partsOf({ ...rest, line, words: words.slice(at + 1) });
  });
  if (commands.length === 0)
    throw refused(file, 'it has no curl command', 'such as curl http://localhost:8080/products/1');
  const exchanges = commands.flatMap((command) => exchangesOf(command, file, notes, commands.length > 1));
  const options = commands.map(({ words }) => optionsOf(words));
  const switches = new Set(options.flatMap((one) => [...one.switches]));
  const kept = ofOneOrigin(exchanges, notes, { asked: origin });
  const several = kept.length === 1 ? 'a curl command' : `${kept.length} curl commands`;
  return draftRecorded({
    title: file === 'the command' ? several : `${several} in ${file}`,
    exchanges: kept,
    notes,
    settings: settingsOf(options, notes),
    isInsecure: switches.has('insecure'),
    isHttp2: switches.has('http2'),
  });
};

/** Programs of a script that send nothing. */
const sendsNothing =
  /^(?:set|echo|printf|sleep|exit|return|break|continue|true|false|:|\[\[?|test|if|fi|then|else|elif|for|in|while|until|case|esac|do|done|function|[\w-]+\(\)|cd|pushd|popd|shift|trap|unset|read|source|\.|wait|kill|clear|tput|mkdir|rm|which|type|hash|command|\{|\}|\(|\)|jq|yq|e?grep|sed|awk|cut|tr|head|tail|tee|cat|wc|sort|uniq|diff|date|basename|dirname|seq|xargs)$/;

/** How a note names a command that is not curl: its other words may be secret. */
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

/** `--next` starts another request in the same command. */
const partsOf = ({ words, ...rest }: Command): readonly Command[] => {
  const at = words.findIndex((word) => word === '--next' || word === '-:');
  if (at === -1) return [{ ...rest, words }];
  return [{ ...rest, words: words.slice(0, at) }, ...partsOf({ ...rest, words: words.slice(at + 1) })];
};

const exchangesOf = (command: Command, file: string, notes: Notes, hasOthers: boolean): readonly Exchange[] => {
  const { line, words, input, into, substitutes } = command;
  const options = optionsOf(words, input);
  const where = file === 'the command' ? `command of line ${line}` : `${oneLine(file, 60)}:${line}`;
  if (options.urls.length === 0 && hasOthers) {
    notes.left(`${where}: a curl command without an address`);
    return [];
  }
  if (options.urls.length === 0)
    throw refused(
      `${file}:${line}`,
      'the curl command has no address',
      'such as curl http://localhost:8080/products/1',
    );
  tellNotes(options, { where, notes, ...(substitutes === undefined ? {} : { substitutes }) });
  return options.urls.flatMap((address) => {
    const url = urlOf(address, options);
    if (url === undefined && hasOthers) {
      notes.left(`${where}: its address, which is no http address`);
      return [];
    }
    if (url === undefined)
      throw refused(
        `${file}:${line}`,
        `${JSON.stringify(oneLine(shown(address), 80))} is no http address`,
        'such as http://localhost:8080/products/1',
      );
    const variable = originVariable(address);
    if (variable !== undefined)
      notes.guessed(`${where}: what ${variable} stands for, → write it into target in place of ${url.origin}`);
    const body = bodyIn(options);
    if (
      body?.kind === 'json' &&
      all(options, 'json').length === 0 &&
      headerOf(headersIn(options), 'content-type') === undefined
    )
      notes.guessed(`${where}: its content type, application/json: curl would say application/x-www-form-urlencoded`);
    const method = methodOf(options, body !== undefined);
    if (method === undefined) {
      notes.left(`${where}: its method, which is not taken over`);
      return [];
    }
    const hasOtherScheme =
      otherSchemes.some((scheme) => options.switches.has(scheme)) || all(options, 'aws-sigv4').length > 0;
    const basic = hasOtherScheme ? undefined : credentialsOf(options, url);
    const captures = into === undefined ? undefined : captureOf(into, where, notes);
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
        ...(captures === undefined ? {} : { captures }),
      },
    ];
  });
};

/** Authentication schemes that need new credentials for every request. */
const otherSchemes = ['digest', 'ntlm', 'negotiate', 'anyauth'];

/** What a script captures from an answer, `ID=$(curl … | jq -r .id)`: the whole answer, or one value by jq. */
const captureOf = (
  { name, filter }: NonNullable<Command['into']>,
  where: string,
  notes: Notes,
): { readonly [name: string]: Json } | undefined => {
  if (filter.length === 0) return { [name]: { text: String.raw`(?s)^\s*(.*?)\s*$` } };
  const asked = filter.slice(1).find((word) => word.startsWith('.'));
  const expression =
    filter[0] === 'jq' && asked !== undefined && /^(?:\.[A-Za-z_]\w*|\.?\[\d{1,6}\]|\.?\["[\w .-]+"\])+$/.test(asked)
      ? `body${asked.replaceAll('.[', '[')}`
      : undefined;
  if (expression !== undefined) return { [name]: expression };
  notes.guessed(`${where}: what ${name} gets of its answer: → capture it in this step, in place of env.${name}`);
  return undefined;
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

const headersOf = (options: CurlOptions, body: RecordedBody | undefined): Exchange['headers'] => {
  const headers = headersIn(options);
  const cookies = all(options, 'cookie').filter((value) => value.includes('='));
  const bearer = all(options, 'oauth2-bearer').at(-1);
  const [agent, referer] = [all(options, 'user-agent').at(-1), all(options, 'referer').at(-1)];
  const isText = body?.kind === 'text' && headerOf(headers, 'content-type') === undefined;
  return [
    ...headers,
    ...(agent === undefined ? [] : [['user-agent', agent] as const]),
    ...(referer === undefined ? [] : [['referer', referer] as const]),
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
  // Without a colon, curl asks for the password.
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
