import { placeFor } from '../../core/authority.ts';
import type { Mode } from '../../core/plan/plan.ts';
import type { Endpoint } from '../../core/slot.ts';
import { parseProxy } from '../transport/connect/proxy.ts';

/**
 * The way to a mode's target, in the form that an endpoint has. `asked` is the origin whose addresses connections go to: the
 * proxy's, as it is the proxy that knows the target; that of the place that `connectTo` names; or the target's own.
 */
export const wayTo = (
  { proxy, connectTo = {} }: Pick<Mode, 'proxy' | 'connectTo'>,
  origin: string,
): { readonly asked: string; readonly way: Pick<Endpoint, 'dial' | 'proxy'> } => {
  const dial = placeFor(origin, connectTo);
  const asked =
    proxy !== undefined ? parseProxy(proxy).shown : dial === undefined ? origin : originOf(dial.host, dial.port);
  return {
    asked,
    way: { ...(dial === undefined ? {} : { dial }), ...(proxy === undefined ? {} : { proxy }) },
  };
};

const originOf = (host: string, port: number): string => `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
