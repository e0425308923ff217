import { markVariable } from '../recorded/variables.ts';
import { listOf, mapOf, pairsOf, textOf, type Fill } from './maps.ts';

/** The address, rebuilt from its parts: only they show what is switched off, and the value of `:id`. */
export const addressOf = (given: unknown, fill: Fill): string => {
  const url = typeof given === 'string' ? { raw: given } : mapOf(given);
  const values = new Map(
    listOf(url['variable'])
      .map(mapOf)
      .map((one) => [textOf(one['key'] ?? one['id']), textOf(one['value'])] as const),
  );
  const inPath = (part: string): string => {
    const [, name, end = ''] = /^:([\w-]+)(\.\w+)?$/.exec(part) ?? [];
    if (name === undefined) return fill(part);
    const value = values.get(name) ?? '';
    return (value === '' ? markVariable(name.replaceAll(/\W+/g, '_')) : fill(value)) + end;
  };
  const raw = textOf(url['raw']);
  const parts = url['path'];
  const path = (
    typeof parts === 'string'
      ? parts.split('/')
      : Array.isArray(parts)
        ? listOf(parts).map((one) => textOf(mapOf(one)['value'] ?? one))
        : raw
            .replace(/^(?:[^/?#]*\/\/)?[^/?#]*/, '')
            .split(/[?#]/)[0]!
            .split('/')
  ).filter((part, at) => part !== '' || at > 0);
  const host =
    (Array.isArray(url['host']) ? listOf(url['host']).map(textOf).join('.') : textOf(url['host'])) ||
    (/^(?:[a-z]+:\/\/)?([^/?#]+)/i.exec(raw)?.[1] ?? '');
  const scheme = textOf(url['protocol']) || (/^([a-z]+):\/\//i.exec(raw)?.[1] ?? '');
  const port = textOf(url['port']);
  const query = Array.isArray(url['query'])
    ? listOf(url['query'])
        .flatMap((one) =>
          // One without a value has no equals sign either.
          mapOf(one)['value'] === null && /^[A-Za-z][\w-]{0,30}$/.test(textOf(mapOf(one)['key']))
            ? mapOf(one)['disabled'] === true
              ? []
              : [textOf(mapOf(one)['key'])]
            : pairsOf([one], fill).map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`),
        )
        .join('&')
    : fill((raw.split('?')[1] ?? '').split('#')[0]!);
  const origin = `${scheme === '' ? '' : `${fill(scheme)}://`}${fill(host)}${port === '' ? '' : `:${fill(port)}`}`;
  return `${origin}/${path.map(inPath).join('/')}${query === '' ? '' : `?${query}`}`;
};

const anyTarget = 'localhost:8080';

/** The address with its variables replaced. `undefined` if it is not HTTP. */
export const urlOf = (address: string): URL | undefined => {
  // A variable may hold only the host, or scheme and path too.
  const known = address
    .replace(/^\ue000\w+\ue001:\/\//, 'http://')
    .replace(/^((?:https?:\/\/)?)(?:\ue000\w+\ue001)+(?::(?:\d+|\ue000\w+\ue001))?/i, `$1${anyTarget}`)
    .replace(/^(https?:\/\/[\w.-]+):\ue000\w+\ue001/i, '$1:8080');
  const whole = /^[a-z][a-z\d+.-]*:\/\//i.test(known) ? known : `http://${known}`;
  if (!URL.canParse(whole)) return undefined;
  const url = new URL(whole);
  url.hash = '';
  return /^https?:$/.test(url.protocol) && url.hostname !== '' ? url : undefined;
};
