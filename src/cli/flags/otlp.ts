import { validateHeaderName, validateHeaderValue } from 'node:http';
import { ContendError } from '../../core/errors.ts';
import type { Host } from '../../core/host.ts';

/** Where and how metrics are pushed, from the flags and OpenTelemetry's own variables. */
export interface OtlpSettings {
  /** Includes the path of the signal, and a query if one was given. */
  readonly url: string;
  /** Names in lower case. Values may be secrets. */
  readonly headers: { readonly [name: string]: string };
  /** For the push as a whole, including repeated attempts. */
  readonly timeoutMs: number;
  readonly resource: { readonly [name: string]: string };
}

/** The flags for OTLP, as commander gives them. */
export interface OtlpFlags {
  readonly otlp?: string;
  readonly otlpHeader?: readonly string[];
}

/**
 * What `--otlp` and `--otlp-header` ask for; `undefined` if nothing is to be pushed. `CONTEND_OTLP` replaces the flag; headers,
 * timeout and resource come from `OTEL_…` too, as for any other program.
 *
 * @throws {ContendError} ERR_USAGE; the value of a header is not repeated
 */
export const otlpSettingsOf = ({ otlp, otlpHeader = [] }: OtlpFlags, env: Host['env']): OtlpSettings | undefined => {
  const [from, address] = otlp === undefined ? ['CONTEND_OTLP', env['CONTEND_OTLP'] || undefined] : ['--otlp', otlp];
  if (address === undefined) {
    if (otlpHeader.length === 0) return undefined;
    throw new ContendError('ERR_USAGE', '--otlp-header needs an address.', 'Add --otlp http://collector:4318.');
  }
  return {
    url: metricsUrl(from, address),
    headers: {
      ...listed(env, 'OTEL_EXPORTER_OTLP_HEADERS', checkHeader),
      ...listed(env, 'OTEL_EXPORTER_OTLP_METRICS_HEADERS', checkHeader),
      ...Object.fromEntries(otlpHeader.map(headerOf)),
    },
    timeoutMs: timeoutOf(env),
    resource: {
      ...listed(env, 'OTEL_RESOURCE_ATTRIBUTES', () => undefined),
      ...(env['OTEL_SERVICE_NAME'] ? { 'service.name': env['OTEL_SERVICE_NAME'] } : {}),
    },
  };
};

/** As OpenTelemetry defines it, `/v1/metrics` is appended to the path of a base address, unless it is there already. */
const metricsUrl = (from: string, address: string): string => {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url === undefined || !/^https?:$/u.test(url.protocol))
    throw new ContendError(
      'ERR_USAGE',
      `${from} takes an http:// or https:// address.`,
      `Write ${from === '--otlp' ? '--otlp ' : 'CONTEND_OTLP='}http://localhost:4318: the collector's port for HTTP, not 4317, which is gRPC's.`,
    );
  if (url.username !== '' || url.password !== '')
    throw new ContendError(
      'ERR_USAGE',
      `${from} takes no password in the address.`,
      "Give --otlp-header 'authorization: Basic …', or OTEL_EXPORTER_OTLP_HEADERS.",
    );
  const path = url.pathname.replace(/\/+$/u, '');
  url.pathname = path.endsWith(signalPath) ? path : `${path}${signalPath}`;
  url.hash = '';
  return url.href;
};

const signalPath = '/v1/metrics';

const headerOf = (flag: string): readonly [string, string] => {
  const [, name = '', value = ''] = /^\s*([^\s:=]+)\s*[:=]\s*(.*?)\s*$/su.exec(flag) ?? [];
  checkHeader('--otlp-header', name, value);
  return [name.toLowerCase(), value];
};

const checkHeader = (from: string, name: string, value: string): void => {
  try {
    validateHeaderName(name);
    validateHeaderValue(name, value);
  } catch (error) {
    const hint = `Write ${from === '--otlp-header' ? "--otlp-header 'x-api-key: …'" : `${from}='x-api-key=…,other=…'`}.`;
    throw new ContendError('ERR_USAGE', `${from} needs a name and a value that a header may have.`, hint, error);
  }
};

/** `name=value,name=value`, values percent-encoded, as OpenTelemetry writes lists in the environment. */
const listed = (
  env: Host['env'],
  variable: string,
  check: (from: string, name: string, value: string) => void,
): { readonly [name: string]: string } =>
  Object.fromEntries(
    (env[variable] ?? '')
      .split(',')
      .filter((pair) => pair.trim() !== '')
      .map((pair) => {
        const equals = pair.indexOf('=');
        const name = pair.slice(0, Math.max(0, equals)).trim();
        const value = decoded(pair.slice(equals + 1).trim());
        if (name === '' || value === undefined) {
          const hint = `Write ${variable}='name=value,other=value', values percent-encoded.`;
          throw new ContendError('ERR_USAGE', `${variable} is not a list of names and values.`, hint);
        }
        check(variable, name, value);
        return [variable.endsWith('HEADERS') ? name.toLowerCase() : name, value];
      }),
  );

const decoded = (text: string): string | undefined => {
  try {
    return decodeURIComponent(text);
  } catch {
    // The caller reports broken percent-encoding.
    return undefined;
  }
};

const timeoutOf = (env: Host['env']): number => {
  for (const variable of ['OTEL_EXPORTER_OTLP_METRICS_TIMEOUT', 'OTEL_EXPORTER_OTLP_TIMEOUT']) {
    const text = env[variable];
    if (text === undefined || text === '') continue;
    if (/^[1-9]\d{0,6}$/u.test(text)) return Number(text);
    const said = `${variable} must be a number of milliseconds, not ${JSON.stringify(text)}.`;
    throw new ContendError('ERR_USAGE', said, `Write ${variable}=10000.`);
  }
  return 10_000;
};
