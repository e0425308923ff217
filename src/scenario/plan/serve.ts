import type { Mode, Plan } from '../../core/plan/plan.ts';
import { portMark, withPort, type Ready, type Serve } from '../../core/plan/serve.ts';
import type { ServeOutput } from '../schema/serve.ts';

/** A port that no target has by chance. It shows where the port of a process goes. */
const probe = 65_533;

/** The address of a target, as far as a process that listens there needs it. */
interface Place {
  /** `http(s)://host`, without the port. */
  readonly origin: string;
  /** In lower case, IPv6 without brackets. */
  readonly host: string;
  /** Absent: the process's, `${port}`; `null`: the target has `${port}` somewhere else. */
  readonly port: number | null | undefined;
}

/** The pieces of a target. `undefined` if it is not an http or https address with a host. */
export const placeOf = (target: string): Place | undefined => {
  const filled = withPort(target, probe);
  if (!/^https?:\/\/(?!unix:\D)/i.test(filled) || !URL.canParse(filled)) return undefined;
  const { protocol, hostname, port } = new URL(filled);
  const isMarked = target.includes(portMark);
  const given = port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port);
  return {
    origin: `${protocol}//${hostname}`,
    host: hostname.replace(/^\[|\]$/g, ''),
    port: isMarked ? (given === probe ? undefined : null) : given,
  };
};

/** The process of a mode in the plan. It gets its name once all of them are known. */
export const serveOf = (
  { command, cwd, env, ready, stop, setup, reuse, git }: ServeOutput,
  target: string,
): Omit<Serve, 'name'> => {
  const { origin, port } = placeOf(target)!;
  return {
    command,
    cwd,
    env: Object.entries(env),
    origin,
    ...(typeof port === 'number' ? { port } : {}),
    ready: readyOf(ready),
    stop: { signal: stop.signal, withinUs: stop.within },
    ...(setup === undefined ? {} : { setup }),
    ...(reuse ? { reuse } : {}),
    ...(git === undefined ? {} : { git }),
  };
};

const readyOf = ({ get, status, log, within }: ServeOutput['ready']): Ready => ({
  ...(get !== undefined
    ? { kind: 'get', text: get }
    : log !== undefined
      ? { kind: 'log', text: log }
      : { kind: 'connect', text: '' }),
  ...(status === undefined ? {} : { status }),
  withinUs: within,
});

/** Modes with their processes named in order. Modes with the same `serve:` share one. */
export const withServeNames = ([first, ...others]: Plan['modes']): Plan['modes'] => {
  const names = new Map<string, string>();
  const named = (mode: Mode): Mode => {
    if (mode.serve === undefined) return mode;
    // The order of environment variables does not matter.
    const key = JSON.stringify({
      ...mode.serve,
      env: mode.serve.env.toSorted(([one], [other]) => (one < other ? -1 : 1)),
    });
    const name = names.get(key) ?? `serve-${names.size + 1}`;
    names.set(key, name);
    return { ...mode, serve: { ...mode.serve, name } };
  };
  return [named(first), ...others.map(named)];
};
