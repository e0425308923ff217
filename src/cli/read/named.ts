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

/** A named scenario, with the settings of flags and environment. */
export interface Named {
  /** Its path, or for an address its name in problems and reports. */
  readonly file: string;
  /** With `text` if it is an address and so in no file. */
  readonly options: ReadOptions;
  /** What `-b @file` sends; it is in no scenario's folder. */
  readonly bytes?: Uint8Array | undefined;
}

/**
 * Resolves a command's argument, a scenario's path or an address, to the scenario and its settings.
 *
 * @param command the command, for hints
 * @param load for an address: whether its load is open, and whether it is measured for as long as it takes
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

/** A host on which the bytes of `-b @file`, if given, replace the files next to a scenario. */
export const withBytes = (host: Host, { bytes }: Pick<Named, 'bytes'>): Host =>
  bytes === undefined ? host : { ...host, readInside: async () => Promise.resolve(bytes) };
