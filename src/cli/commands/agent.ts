import { ContendError } from '../../core/errors.ts';
import type { Host } from '../../core/host.ts';
import { maskedUrl } from '../../core/reach.ts';
import { many } from '../../report/format.ts';
import { plain } from '../../report/plain.ts';
import { exitCodes } from '../exit-codes.ts';
import { clusterUrlOf } from '../flags/agents.ts';
import { lentBy, type AgentFlags } from '../flags/agent.ts';

/** `contend agent`: lends this machine to runs, until SIGINT or SIGTERM, or for a number of runs. */
export const agent = async (host: Host, flags: AgentFlags): Promise<number> => {
  const { allowedHosts, clusterKeyFrom, lend, newKey } = await import('../../agent.ts');
  if (flags.newKey === true) {
    host.stdout.write(`${newKey()}\n`);
    return exitCodes.pass;
  }
  const url = clusterUrlOf(flags.redis, host.env, 'contend agent');
  const key = clusterKeyFrom(host.env['CONTEND_CLUSTER_KEY'], url);
  const { threads, runs, ...limits } = lentBy(flags, host);
  const allowHosts = allowedHosts(flags.allowHost ?? []);
  if (allowHosts.length === 0)
    throw new ContendError(
      'ERR_USAGE',
      'contend agent sends no load until you say where it may.',
      '--allow-host api.test, once for each host that runs may send load to.',
    );
  const say = (line: string): void => {
    if (flags.quiet !== true) host.stderr.write(`${plain(line, longest)}\n`);
  };
  // Histories left by a killed agent may be gigabytes.
  host.removeLeftovers();
  const over = new AbortController();
  let by: 'SIGINT' | 'SIGTERM' | undefined;
  const stopListening = host.onInterrupt((signal) => {
    // The second signal does not wait.
    if (by !== undefined) host.exit(exitCodes.interrupted[signal]);
    by = signal;
    over.abort(signal);
  });
  say(
    `${host.name} lends ${many(threads, 'thread')} to runs at ${maskedUrl(url)}, against ${allowHosts.join(', ')}${flags.allowWrites === true ? '' : ', to read only'}. Ctrl-C ends it.`,
  );
  try {
    await lend({ host, url, key, threads, runs, signal: over.signal, say, consent: { ...limits, allowHosts } });
  } finally {
    stopListening();
  }
  return by === undefined ? exitCodes.pass : exitCodes.interrupted[by];
};

const longest = 400;
