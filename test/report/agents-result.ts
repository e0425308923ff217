import type { AgentResult, ModeAgentResult } from '../../src/core/result/agents.ts';
import type { Result } from '../../src/core/result/result.ts';
import { exampleResult } from './example-result.ts';
import { said } from './situations.ts';

const agent = (place: number, host: string, more: Partial<AgentResult> = {}): AgentResult => ({
  agent: place,
  host,
  node: '20.20.2',
  cpu: 'a processor',
  cores: 4,
  threads: 4,
  clockErrorUs: 41,
  ...more,
});

const did = (place: number, more: Partial<ModeAgentResult> = {}): ModeAgentResult => ({
  agent: place,
  throughputPerSecond: 4012.4,
  p50Us: 5100,
  p99Us: 12_400,
  cpuShare: 0.834,
  lateUs: 0,
  ...more,
});

/** What was lost, of a mode whose operations came from several machines. */
const clocks = { errorNs: 1_240_000, pairs: 61_204, onlyByError: 2102 };

/**
 * Four modes: on this machine, on one agent, on two of three, one of which is unlike the other, and on all three, of which one's
 * clock was set.
 */
export const agentsResult = (hosts = ['load-1.eu-west', 'load-2.eu-west', 'load-3.us-east']): Result => {
  const base = exampleResult();
  const of: { readonly [mode: string]: readonly ModeAgentResult[] | undefined } = {
    'two-locks': [did(1, { throughputPerSecond: 500, p50Us: 126_000, p99Us: 171_000, cpuShare: 0.04 })],
    'optimistic': [did(1), did(2, { throughputPerSecond: 1204, p50Us: 11_300, cpuShare: 1, lateUs: 12_400 })],
    'lock-free': [did(1), did(2), did(3, { throughputPerSecond: 3981, p50Us: 5300 })],
  };
  const modes = base.modes.map((mode) => {
    const agents = of[mode.name];
    const { consistency } = mode;
    if (agents === undefined) return mode;
    return {
      ...mode,
      agents,
      ...(agents.length < 2 || consistency === null
        ? {}
        : { consistency: { ...consistency, exposure: { ...consistency.exposure, clocks } } }),
    };
  });
  return said(
    { ...base, modes },
    {
      agents: [
        agent(1, hosts[0]!),
        agent(2, hosts[1]!, { threads: 2, cores: 2, clockErrorUs: 1240 }),
        agent(3, hosts[2]!, { clockErrorUs: null }),
      ],
    },
  );
};
