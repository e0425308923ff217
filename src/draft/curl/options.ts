/** The options of a curl command. A flag that is in no list takes no value. */
export interface CurlOptions {
  readonly urls: readonly string[];
  /** In the order given: the flag by its long name, and its value. */
  readonly values: readonly (readonly [flag: string, value: string])[];
  readonly switches: ReadonlySet<string>;
  /** Flags that are not known here. */
  readonly unknown: readonly string[];
}

/** Short flag → long flag. */
const short: { readonly [flag: string]: string } = {
  'X': 'request',
  'H': 'header',
  'd': 'data',
  'F': 'form',
  'u': 'user',
  'b': 'cookie',
  'A': 'user-agent',
  'e': 'referer',
  'G': 'get',
  'I': 'head',
  'L': 'location',
  'k': 'insecure',
  'o': 'output',
  'T': 'upload-file',
  'm': 'max-time',
  'x': 'proxy',
  'c': 'cookie-jar',
  'D': 'dump-header',
  'w': 'write-out',
  'K': 'config',
  'E': 'cert',
  'r': 'range',
  'C': 'continue-at',
  'U': 'proxy-user',
  'z': 'time-cond',
  'Y': 'speed-limit',
  'y': 'speed-time',
  'Q': 'quote',
  'P': 'ftp-port',
  't': 'telnet-option',
  's': 'silent',
  'S': 'show-error',
  'v': 'verbose',
  'i': 'include',
  'f': 'fail',
  'g': 'globoff',
  'N': 'no-buffer',
  'O': 'remote-name',
  'J': 'remote-header-name',
  'R': 'remote-time',
  'q': 'disable',
  '#': 'progress-bar',
  4: 'ipv4',
  6: 'ipv6',
  0: 'http1.0',
  1: 'tlsv1',
  'Z': 'parallel',
  'j': 'junk-session-cookies',
  'n': 'netrc',
};

/** Flags whose values become the body, or the query of `-G`. */
export const dataFlags: readonly string[] = ['data', 'data-raw', 'data-binary', 'data-ascii', 'data-urlencode', 'json'];

/** Whether data is read from a file: `@file`, and `name@file` if it is encoded. */
export const isFileData = ([flag, value]: CurlOptions['values'][number]): boolean =>
  dataFlags.includes(flag) &&
  flag !== 'data-raw' &&
  (value.startsWith('@') || (flag === 'data-urlencode' && /^[^=]*@/.test(value)));

/** Flags that read from standard input, and the flag with that text as its value. */
const fromInput: { readonly [flag: string]: string } = {
  'data': 'data-raw',
  'data-ascii': 'data-raw',
  'data-binary': 'data-raw',
  'json': 'json',
};

/** Flags with a value: first those that are carried over, then those that do not affect the request. */
const withValue = new Set(
  `
  request header data data-raw data-binary data-ascii data-urlencode json form form-string user cookie
  user-agent referer url url-query oauth2-bearer upload-file max-time max-redirs range output output-dir
  write-out cookie-jar dump-header connect-timeout retry retry-delay retry-max-time proxy proxy-user
  noproxy preproxy socks5 socks5-hostname resolve connect-to interface dns-servers cacert capath cert key
  cert-type key-type pass ciphers tls-max config limit-rate rate keepalive-time speed-limit speed-time
  stderr trace trace-ascii unix-socket continue-at quote aws-sigv4 proto proto-default proto-redir
  time-cond max-filesize variable ftp-port telnet-option proxy-header netrc-file expect100-timeout
  parallel-max happy-eyeballs-timeout-ms pinnedpubkey local-port
  abstract-unix-socket alt-svc create-file-mode crlfile curves delegation dns-ipv4-addr dns-ipv6-addr
  doh-url ech egd-file engine etag-compare etag-save ftp-account ftp-alternative-to-user ftp-method
  ftp-ssl-ccc-mode haproxy-clientip hostpubmd5 hostpubsha256 hsts ip-tos ipfs-gateway keepalive-cnt krb
  libcurl login-options mail-auth mail-from mail-rcpt parallel-max-host postquote prequote proxy-cacert
  proxy-capath proxy-cert proxy-cert-type proxy-ciphers proxy-crlfile proxy-key proxy-key-type proxy-pass
  proxy-pinnedpubkey proxy-service-name proxy-tls13-ciphers proxy-tlsauthtype proxy-tlspassword
  proxy-tlsuser proxy1.0 pubkey random-file request-target sasl-authzid service-name sigalgs socks4
  socks4a socks5-gssapi-service tftp-blksize tls-earlydata tls13-ciphers tlsauthtype tlspassword tlsuser
  trace-config upload-flags vlan-priority
`
    .trim()
    .split(/\s+/),
);

/** curl's flags without a value that do not affect what is sent. */
const quiet = new Set(
  `
  silent show-error verbose include fail fail-with-body globoff no-buffer compressed progress-bar
  remote-name remote-name-all remote-header-name remote-time disable ipv4 ipv6 http1.0 http1.1 http2
  http2-prior-knowledge http3 tlsv1 tlsv1.2 tlsv1.3 parallel create-dirs no-keepalive tcp-nodelay
  path-as-is location location-trusted insecure get head post301 post302 post303 no-progress-meter
  junk-session-cookies netrc netrc-optional basic digest ntlm anyauth negotiate next styled-output no-styled-output
`
    .trim()
    .split(/\s+/),
);

/** A long flag may be abbreviated if no other one starts the same. */
const wholeFlag = (said: string): string => {
  if (withValue.has(said) || quiet.has(said)) return said;
  const found = [...withValue, ...quiet].filter((flag) => flag.startsWith(said));
  return found.length === 1 && said.length > 2 ? found[0]! : said;
};

/**
 * The words after `curl` as flags and addresses. A long flag may be `--flag=value`, short ones may be combined.
 *
 * @param input its standard input, from a here-document: the value of `-d @-`
 */
export const optionsOf = (words: readonly string[], input?: string): CurlOptions => {
  const urls: string[] = [];
  // The word after an unknown flag may be its value.
  const doubtful: string[] = [];
  const values: (readonly [string, string])[] = [];
  const switches = new Set<string>();
  const unknown: string[] = [];
  const known = (flag: string): void => {
    if (quiet.has(flag)) switches.add(flag);
    // `--no-location` undoes an earlier `--location`.
    else if (flag.startsWith('no-') && quiet.has(flag.slice(3))) switches.delete(flag.slice(3));
    else unknown.push(`--${flag}`);
  };
  for (let at = 0; at < words.length; at++) {
    const word = words[at]!;
    const isDoubtful = at > 0 && unknown.at(-1) === words[at - 1] && !word.includes('://');
    if (word === '--' || word === '-' || !word.startsWith('-')) {
      if (/^[<>\d]*[<>]/.test(word) && !/^<[\w-]+>/.test(word)) at += /[<>]$/.test(word) ? 1 : 0;
      else if (word !== '--' && word !== '-') (isDoubtful ? doubtful : urls).push(word);
    } else if (word.startsWith('--')) {
      const [said = '', ...rest] = word.slice(2).split('=');
      const flag = wholeFlag(said);
      if (!withValue.has(flag)) known(flag);
      else values.push([flag, rest.length > 0 ? rest.join('=') : (words[++at] ?? '')]);
    } else {
      for (let letter = 1; letter < word.length; letter++) {
        const flag = short[word[letter]!];
        if (flag !== undefined && withValue.has(flag)) {
          values.push([flag, letter + 1 < word.length ? word.slice(letter + 1) : (words[++at] ?? '')]);
          break;
        }
        if (flag === undefined) unknown.push(`-${word[letter]!}`);
        else known(flag);
      }
    }
  }
  const named = [...values.flatMap(([flag, value]) => (flag === 'url' ? [value] : [])), ...urls];
  return {
    urls: named.length > 0 ? named : doubtful,
    values: values.map(([flag, value]) =>
      input === undefined || value !== '@-'
        ? [flag, value]
        : [fromInput[flag] ?? flag, fromInput[flag] ? input : value],
    ),
    switches,
    unknown,
  };
};

/** The values of some flags, in the order given. */
export const all = ({ values }: CurlOptions, ...flags: readonly string[]): readonly string[] =>
  values.flatMap(([flag, value]) => (flags.includes(flag) ? [value] : []));

/** The headers that a command sets. */
export const headersIn = (options: CurlOptions): readonly (readonly [name: string, value: string])[] =>
  all(options, 'header').flatMap((line) => {
    const at = line.indexOf(':');
    const value = line.slice(at + 1).trim();
    return at <= 0 || value === '' ? [] : [[line.slice(0, at).trim(), value] as const];
  });
