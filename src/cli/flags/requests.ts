import { ContendError } from '../../core/errors.ts';
import { hostOf } from '../../core/reach.ts';
import type { Setting } from '../../scenario/layers/settings.ts';

/**
 * The headers of `-H 'name: value'`, laid over those of the scenario; `name=value` is read as well.
 *
 * @throws {ContendError} ERR_USAGE for one without a valid header name; nothing of it is repeated, because it may be a secret
 */
export const headersFrom = (flags: readonly string[] = []): readonly Setting[] =>
  flags.map((flag) => {
    const [, name = '', value = ''] = /^\s*([^\s:=]+)\s*[:=]\s*(.*?)\s*$/su.exec(flag) ?? [];
    if (name === '') {
      const what = /^\s*\S+\s[^:=]*[:=]/u.test(flag)
        ? '-H needs a header name before the colon, and this one contains a space.'
        : '-H needs a name and a value.';
      throw new ContendError('ERR_USAGE', what, "Write -H 'accept: application/json'.");
    }
    return { path: ['headers', name], value, from: '-H' };
  });

/**
 * Where connections go, from `--connect-to HOST:PORT:ADDRESS:PORT`, as in curl.
 *
 * @throws {ContendError} ERR_USAGE
 */
export const placesFrom = (flags: readonly string[] = []): readonly Setting[] =>
  flags.map((flag) => {
    const [, from = '', to = ''] = /^((?:\[[^\]]+\]|[^:[\]]+):\d+):((?:\[[^\]]+\]|[^:[\]]+):\d+)$/u.exec(flag) ?? [];
    if (from !== '') return { path: ['connectTo', from], value: to, from: '--connect-to' };
    const hint = 'Write --connect-to api.example.com:443:127.0.0.1:8443, an IPv6 address in brackets.';
    throw new ContendError('ERR_USAGE', `--connect-to ${JSON.stringify(flag)} is not HOST:PORT:ADDRESS:PORT.`, hint);
  });

/**
 * The hosts of `--allow-host`, as targets name them.
 *
 * @throws {ContendError} ERR_USAGE for anything but a plain host
 */
export const hostsFrom = (flags: readonly string[] = []): readonly string[] =>
  flags.map((flag) => {
    const isAddress = flag.includes(':') && !flag.startsWith('[');
    const host = /[/@\s]/u.test(flag) ? undefined : hostOf(`http://${isAddress ? `[${flag}]` : flag}`);
    if (host !== undefined) return host;
    const hint = 'Write it as --allow-host api.example.com: any port, no scheme, no path, no pattern.';
    throw new ContendError('ERR_USAGE', `--allow-host ${JSON.stringify(flag)} is not a host.`, hint);
  });
