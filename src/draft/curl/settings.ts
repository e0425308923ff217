import type { Json } from '../../core/json.ts';
import type { Notes } from '../notes.ts';
import { fileOf } from '../recorded/body.ts';
import { all, type CurlOptions } from './options.ts';

/** Flags that a scenario sets once for all requests: a proxy, timeouts, where connections go, certificates. */
export const settingsOf = (commands: readonly CurlOptions[], notes: Notes): { readonly [key: string]: Json } => {
  const last = (flag: string): string | undefined => commands.flatMap((one) => all(one, flag)).at(-1);
  const seconds = (flag: string): { readonly us?: string } => {
    const value = Number(last(flag));
    return value >= 0.001 && value <= 3600 ? { us: `${Math.round(value * 1000)}ms` } : {};
  };
  const proxy = last('proxy');
  const isProxy = proxy !== undefined && /^(?:https?:\/\/)?[\w.-]+:\d{1,5}\/?$/i.test(proxy);
  if (proxy !== undefined && !isProxy) notes.left('the flag --proxy');
  const [request, connect] = [seconds('max-time').us, seconds('connect-timeout').us];
  const ways = commands.flatMap((one) => [
    ...all(one, 'resolve').map((value) => /^\+?([\w.-]+):(\d{1,5}):\[?([\w.:]+?)\]?(?:,.*)?$/.exec(value)),
    ...all(one, 'connect-to').map((value) => /^([\w.-]+):(\d{1,5}):([\w.-]+):(\d{1,5})$/.exec(value)),
  ]);
  if (ways.includes(null)) notes.left('the flag --resolve, or --connect-to');
  const connectTo = Object.fromEntries(
    ways.flatMap((way) => {
      const [, host = '', port = '', to = '', toPort = port] = way ?? [];
      return way === null ? [] : [[`${host}:${port}`, `${to.includes(':') ? `[${to}]` : to}:${toPort}`]];
    }),
  );
  const files = Object.fromEntries(
    [
      ['ca', 'cacert'],
      ['cert', 'cert'],
      ['key', 'key'],
    ].flatMap(([key, flag]) => {
      const path = last(flag!);
      return path === undefined ? [] : [[key!, fileOf(path.replace(/:[^/\\]*$/, '')).file]];
    }),
  );
  if (Object.keys(files).length > 0) notes.guessed(`tls: → put ${Object.values(files).join(', ')} beside the scenario`);
  return {
    ...(isProxy ? { proxy: /^https?:/i.test(proxy) ? proxy : `http://${proxy}` } : {}),
    ...(request === undefined && connect === undefined
      ? {}
      : { timeouts: { ...(connect === undefined ? {} : { connect }), ...(request === undefined ? {} : { request }) } }),
    ...(Object.keys(connectTo).length === 0 ? {} : { connectTo }),
    ...(Object.keys(files).length === 0 ? {} : { tls: files }),
  };
};
