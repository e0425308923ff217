import { ContendError } from '../../core/errors.ts';
import type { Host } from '../../core/host.ts';
import { agentCountOf } from '../flags/agents.ts';
import { environmentFrom } from '../flags/environment.ts';
import { headersFrom, hostsFrom, placesFrom } from '../flags/requests.ts';
import type { RunFlags } from '../flags/run.ts';
import { settingsOf } from '../flags/settings.ts';
import { isUrl, urlScenario, type UrlFlags } from '../flags/url.ts';
import type { ReadOptions } from './plan.ts';
import { bytesOf } from './sent.ts';

/** A scenario that was named, with what flags and environment lay over it. */
export interface Named {
  /** Its path, or, of an address, what problems and reports name it after. */
  readonly file: string;
  /** With `text` where it is an address and in no file. */
  readonly options: ReadOptions;
  /** What `-b @file` sends, which lies in no folder of a scenario. */
  readonly bytes?: Uint8Array | undefined;
}

/**
 * What a command was given, a scenario's path or an address: the scenario and what is laid over it.
 *
 * @param command that was given it, for hints
 * @param load of an address: whether it is an open one, and whether it is measured for as long as it takes
 * @throws {ContendError} ERR_USAGE
 */
export const namedOf = async (
  host: Host,
  named: string,
  flags: RunFlags,
  command: 'run' | 'sweep',
  load: Pick<UrlFlags, 'isOpen' | 'isTimed'>,
): Promise<Named> => {
  const { method, body } = flags;
  if (!isUrl(named) && (method !== undefined || body !== undefined)) {
    const flag = method === undefined ? '-b' : '-m';
    const hint = 'In a scenario the steps say what is sent: put: /path, json: …';
    throw new ContendError('ERR_USAGE', `${flag} is for a URL: contend ${command} http://…`, hint);
  }
  const bytes = await bytesOf(host, body);
  const headers = headersFrom(flags.header);
  const hasType = headers.some(({ path: [, name = ''] }) => name.toLowerCase() === 'content-type');
  const made = isUrl(named) ? urlScenario(named, { ...flags, ...load, bytes, hasType }) : undefined;
  const { file, settings, ...text } = made ?? { file: named, settings: [] };
  const agents = agentCountOf(flags);
  return {
    file,
    options: {
      ...text,
      ...(agents === undefined ? {} : { agents }),
      settings: [...settings, ...settingsOf(flags, host.env), ...headers, ...placesFrom(flags.connectTo)],
      environment: environmentFrom(flags.env, host.env),
      allowedHosts: hostsFrom(flags.allowHost),
      ...(flags.modes === undefined ? {} : { only: flags.modes.split(',').map((name) => name.trim()) }),
      ...(flags.gate === undefined ? {} : { gates: flags.gate }),
    },
    bytes,
  };
};

/** A host whose files beside a scenario are what `-b @file` sends, where that is given. */
export const withBytes = (host: Host, { bytes }: Pick<Named, 'bytes'>): Host =>
  bytes === undefined ? host : { ...host, readInside: async () => Promise.resolve(bytes) };
