import type { AgentResult, ModeAgentResult } from '../../../core/result/agents.ts';
import type { ModeResult, Result } from '../../../core/result/result.ts';
import type { ClockExposure } from '../../../core/result/finding.ts';
import { count, duration, many, nothing, perSecond, share } from '../../format.ts';
import { right, type TextColumn } from '../columns.ts';

/** What one machine did in one mode. */
export interface AgentLine {
  /** Whether it is the first of its mode. */
  readonly isFirst: boolean;
  readonly mode: ModeResult;
  readonly agent: AgentResult;
  readonly did: ModeAgentResult;
}

/** Every mode that was measured on other machines, on each machine. */
export const agentLines = ({ modes, agents: all = [] }: Result): readonly AgentLine[] =>
  modes.flatMap((mode) =>
    (mode.agents ?? []).flatMap((did, at) => {
      const agent = all.find((one) => one.agent === did.agent);
      return agent === undefined ? [] : [{ isFirst: at === 0, mode, agent, did }];
    }),
  );

/** The name of an agent: `2 host-b`. The host comes from outside and is not safe. */
export const agentName = ({ agent }: AgentLine): string => `${agent.agent} ${agent.host}`;

/** How fast it was, how busy, and how well its clock was known. */
export const agentColumns: readonly TextColumn<AgentLine>[] = [
  right('threads', ({ agent }) => String(agent.threads)),
  right('iter/s', ({ did }) => perSecond(did.throughputPerSecond)),
  right('p50', ({ did }) => duration(did.p50Us)),
  right('p99', ({ did }) => duration(did.p99Us)),
  right('CPU', ({ did }) => share(did.cpuShare, 1)),
  right('clock', ({ agent }) => (agent.clockErrorUs === null ? nothing : `± ${duration(agent.clockErrorUs)}`)),
];

/** What the agents' clocks leave open about the order of a mode's operations. */
export interface ClockLine {
  readonly mode: ModeResult;
  readonly clocks: ClockExposure;
}

/** Every mode whose operations were timed by several clocks. */
export const clockLines = ({ modes }: Pick<Result, 'modes'>): readonly ClockLine[] =>
  modes.flatMap((mode) => {
    const clocks = mode.consistency?.exposure.clocks;
    return clocks === undefined ? [] : [{ mode, clocks }];
  });

/** How wrong the clocks were, and how many pairs of operations overlap only by that. */
export const clockColumns: readonly TextColumn<ClockLine>[] = [
  right('share', ({ clocks: { onlyByError, pairs } }) => share(onlyByError, pairs)),
  right('pairs', ({ clocks: { onlyByError, pairs } }) => `${count(onlyByError)} of ${count(pairs)}`),
  right('clocks', ({ clocks: { errorNs } }) => (errorNs === null ? 'one was set' : `± ${duration(errorNs / 1000)}`)),
];

/** The number of machines that a mode was measured on: `3 agents`, `2 of 3 agents`, or `this machine` if only other modes used agents. */
export const machinesOf = ({ agents }: ModeResult, { agents: all = [] }: Result): string => {
  if (agents === undefined) return 'this machine';
  return agents.length === all.length ? many(all.length, 'agent') : `${agents.length} of ${many(all.length, 'agent')}`;
};

/** Whether modes were measured on different machines, so that it is reported for each. */
export const differInMachines = (result: Result): boolean =>
  new Set(result.modes.map((mode) => machinesOf(mode, result))).size > 1;

/** Which agents measured, in a sentence: `3 agents, on host-a, host-b and 1 more; clocks ± 41 µs at most.` Empty if there were none. */
export const agentsSentence = ({ agents = [] }: Result): readonly string[] => {
  if (agents.length === 0) return [];
  const hosts = [...new Set(agents.map(({ host }) => host))];
  const more = hosts.length - mostHosts;
  const named = hosts.slice(0, mostHosts).join(', ') + (more > 0 ? ` and ${more} more` : '');
  const errors = agents.map(({ clockErrorUs }) => clockErrorUs ?? Infinity);
  const worst = Math.max(...errors);
  return [
    `${many(agents.length, 'agent')}, on ${named}; clocks ${worst === Infinity ? 'of which one was set meanwhile' : `± ${duration(worst)} at most`}.`,
  ];
};

const mostHosts = 4;
