import { X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import * as nodeTls from 'node:tls';
import {
  checkServerIdentity,
  createSecureContext,
  type CommonConnectionOptions,
  type ConnectionOptions,
} from 'node:tls';
import { ContendError, messageOf } from '../../../core/errors.ts';
import type { Mode, Tls } from '../../../core/plan/plan.ts';
import type { Credentials } from '../../../core/slot.ts';

const files = ['ca', 'extraCa', 'cert', 'key'] as const;

/** One of the PEM files that `tls:` names. */
type PemFile = (typeof files)[number];

/** What each must contain. */
const wanted: { readonly [file in PemFile]: readonly [block: RegExp, words: string] } = {
  ca: [/-----BEGIN CERTIFICATE-----/u, 'certificate (-----BEGIN CERTIFICATE-----)'],
  extraCa: [/-----BEGIN CERTIFICATE-----/u, 'certificate (-----BEGIN CERTIFICATE-----)'],
  cert: [/-----BEGIN CERTIFICATE-----/u, 'certificate (-----BEGIN CERTIFICATE-----)'],
  key: [/-----BEGIN ([A-Z]+ )?PRIVATE KEY-----/u, 'private key (-----BEGIN PRIVATE KEY-----)'],
};

/** The credentials of each mode, by its name: {@link readCredentials} for one after the other. */
export const credentialsOf = async (
  modes: readonly Mode[],
  readText: (path: string) => Promise<string>,
): Promise<Map<string, Credentials>> => {
  const credentials = new Map<string, Credentials>();
  for (const { name, tls } of modes) credentials.set(name, await readCredentials(tls, readText));
  return credentials;
};

/**
 * Reads the PEM files that a mode's `tls` names, and checks that they can be used.
 *
 * @param readText paths are relative to the working directory
 * @throws {ContendError} ERR_USAGE
 */
export const readCredentials = async (tls: Tls, readText: (path: string) => Promise<string>): Promise<Credentials> => {
  checkPair(tls);
  const texts: { [file in PemFile]?: string } = {};
  for (const file of files) {
    const path = tls[file];
    if (path !== undefined) texts[file] = await readPem(file, path, readText);
  }
  const { insecure, servername } = tls;
  const credentials = { insecure, ...texts, ...(servername === undefined ? {} : { servername }) };
  tryOut(tls, credentials);
  return credentials;
};

const checkPair = ({ cert, key }: Tls): void => {
  if ((cert === undefined) === (key === undefined)) return;
  const [given, missing] = cert === undefined ? (['key', 'cert'] as const) : (['cert', 'key'] as const);
  throw new ContendError(
    'ERR_USAGE',
    `tls.${given} is given without tls.${missing}.`,
    'A client certificate needs both: tls: { cert: client.pem, key: client.key }. They may be the same file.',
  );
};

const readPem = async (file: PemFile, path: string, readText: (path: string) => Promise<string>): Promise<string> => {
  let text: string;
  try {
    text = await readText(path);
  } catch (error) {
    throw new ContendError(
      'ERR_USAGE',
      `tls.${file}: ${path} cannot be read: ${reasonOf(error)}`,
      'Paths are relative to the folder that contend is started in.',
      error,
    );
  }
  const [block, words] = wanted[file];
  if (block.test(text)) return text;
  throw new ContendError(
    'ERR_USAGE',
    `tls.${file}: ${path} holds no ${words}`,
    'It must be PEM. openssl converts DER: openssl x509 -inform der -in file.der -out file.pem',
  );
};

const reasons: { readonly [code: string]: string } = {
  ENOENT: 'no such file',
  EACCES: 'permission denied',
  EISDIR: 'it is a folder',
};

const reasonOf = (error: unknown): string =>
  (error instanceof Error && reasons[String((error as NodeJS.ErrnoException).code)]) || messageOf(error);

/** One after the other, so that an error can name its file. */
const tryOut = ({ ca, extraCa, cert, key }: Tls, credentials: Credentials): void => {
  // Node silently skips an authority that it cannot read.
  tryOne(`tls.ca: ${ca}`, () => certificatesIn(credentials.ca ?? '').map((one) => new X509Certificate(one)));
  tryOne(`tls.extraCa: ${extraCa}`, () =>
    certificatesIn(credentials.extraCa ?? '').map((one) => new X509Certificate(one)),
  );
  tryOne(`tls.cert: ${cert}`, () => createSecureContext(pick(credentials, ['cert'])));
  tryOne(`tls.key: ${key}`, () => createSecureContext(pick(credentials, ['key'])));
  tryOne(`tls.cert and tls.key: ${cert} and ${key}`, () => createSecureContext(pick(credentials, ['cert', 'key'])));
};

const tryOne = (what: string, use: () => unknown): void => {
  try {
    use();
  } catch (error) {
    throw new ContendError(
      'ERR_USAGE',
      `${what} cannot be used: ${messageOf(error)}`,
      'It must be complete. A key must have no passphrase, and belong to its certificate.',
      error,
    );
  }
};

const certificatesIn = (text: string): readonly string[] =>
  text.match(/-----BEGIN CERTIFICATE-----[^]*?-----END CERTIFICATE-----|-----BEGIN CERTIFICATE-----[^]*$/gu) ?? [];

const pick = (credentials: Credentials, names: readonly PemFile[]): Partial<Credentials> =>
  Object.fromEntries(names.flatMap((name) => (credentials[name] === undefined ? [] : [[name, credentials[name]]])));

/** What may be spoken over TLS, by its name in ALPN. */
export type Protocol = 'h2' | 'http/1.1';

/**
 * What node:tls needs to connect, apart from host and port. Made once for a transport: reading certificates takes
 * milliseconds.
 *
 * Without a `ca`, Node's own authorities are trusted, and those that NODE_EXTRA_CA_CERTS names; a `ca` replaces both, and an
 * `extraCa` is trusted in addition to either.
 *
 * @param hostname the name that the certificate must be for, unless `servername` says otherwise
 * @param protocols the best first
 */
export const tlsOptions = (
  credentials: Credentials,
  hostname: string,
  protocols: readonly Protocol[],
): ConnectionOptions => {
  const name = credentials.servername ?? hostname;
  const options: CommonConnectionOptions = {
    secureContext: createSecureContext({ ...pick(credentials, ['cert', 'key']), ...authoritiesOf(credentials) }),
    rejectUnauthorized: !credentials.insecure,
    ALPNProtocols: [...protocols],
  };
  // RFC 6066 allows no addresses in SNI, and Node would verify the address that is dialled.
  return isIP(name) === 0
    ? { ...options, servername: name }
    : { ...options, checkServerIdentity: (_dialled, certificate) => checkServerIdentity(name, certificate) };
};

/** Nothing if Node's own authorities are enough. */
const authoritiesOf = ({ ca, extraCa }: Credentials): { readonly ca?: string[] } => {
  if (extraCa === undefined) return ca === undefined ? {} : { ca: [ca] };
  return { ca: [...(ca === undefined ? wellKnown() : [ca]), extraCa] };
};

/** From Node 22.15 on, where Node reports what it trusts, this includes those of NODE_EXTRA_CA_CERTS. */
const wellKnown = (): readonly string[] => {
  const { getCACertificates } = nodeTls as { readonly getCACertificates?: (which: 'default') => string[] };
  return getCACertificates?.('default') ?? nodeTls.rootCertificates;
};
