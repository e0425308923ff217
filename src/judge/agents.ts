import type { AgentResult, ModeAgentResult } from '../core/result/agents.ts';
import type { ModeResult } from '../core/result/result.ts';
import type { Warning } from '../core/result/warning.ts';
import type { AgentShare, Slot } from '../core/slot.ts';
import { figure } from './figure.ts';
import { median } from './median.ts';
import { sum } from './times.ts';

/** What is known about a machine before it has measured anything. */
export type AgentFacts = Omit<AgentResult, 'agent' | 'clockErrorUs'>;

/** The machines of a run, and how accurately their clocks were known. */
export const agentResults = (facts: readonly AgentFacts[], slots: readonly Slot[]): readonly AgentResult[] =>
  facts.map(({ host, node, cpu, cores, threads }, at) => {
    const errors = sharesOf(at + 1, slots).map(({ withinUs }) => withinUs ?? Infinity);
    const worst = Math.max(0, ...errors);
    const clockErrorUs = worst === Infinity ? null : Math.ceil(worst);
    return { agent: at + 1, host, node, cpu, cores, threads, clockErrorUs };
  });

/** What each machine did in a mode. @param slots of the mode */
export const modeAgents = (slots: readonly Slot[]): readonly ModeAgentResult[] | undefined => {
  const agents = new Set(slots.flatMap(({ agents = [] }) => agents.map(({ agent }) => agent)));
  if (agents.size === 0) return undefined;
  return [...agents]
    .toSorted((one, other) => one - other)
    .map((agent) => {
      // A slot that was interrupted in its warm-up has measured nothing.
      const shares = sharesOf(agent, slots).filter(({ windowUs }) => windowUs > 0);
      const of = (figureOf: (share: AgentShare) => number): number =>
        shares.length === 0 ? 0 : median(shares.map(figureOf));
      const wallUs = sum(shares.map((share) => share.wallUs));
      return {
        agent,
        throughputPerSecond: of(({ completed, windowUs }) => completed / (windowUs / 1e6)),
        p50Us: of(({ p50Us }) => p50Us),
        p99Us: of(({ p99Us }) => p99Us),
        cpuShare: wallUs === 0 ? 0 : sum(shares.map((share) => share.cpuUs)) / wallUs,
        lateUs: Math.max(0, ...shares.map(({ lateUs }) => lateUs)),
      };
    });
};

const sharesOf = (agent: number, slots: readonly Slot[]): readonly AgentShare[] =>
  slots.flatMap(({ agents = [] }) => agents.filter((share) => share.agent === agent));

/** Beyond these ratios a machine differs from the others by more than chance. */
const [leastRate, mostTime] = [0.75, 1.5];

/** Times this close to each other count as alike, whatever their ratio. */
const alikeUs = 200;

/** With fewer completions, a rate says little. */
const fewestCompleted = 100;

/** From this share of its time, a core is full. */
const fullShare = 0.95;

/** How late the news of a slot's start may be before there is a warning. */
const lateUs = 10_000;

/** Warnings about machines that differ from the others, or whose figures cannot be trusted. */
export const agentWarnings = (
  agents: readonly AgentResult[],
  modes: readonly ModeResult[],
  slots: readonly Slot[],
): readonly Warning[] => [
  ...modes.flatMap((mode) => unlike(mode, agents, slots)),
  ...modes.flatMap((mode) => full(mode, agents)),
  ...modes.flatMap((mode) => late(mode, agents)),
  ...(new Set(agents.map(({ node }) => node)).size > 1
    ? [
        {
          code: 'AGENTS_NODE',
          message: `agents have different versions of Node: ${agents.map(({ host, node }) => `${host} has ${node}`).join(', ')}.`,
          hint: 'Times of one mode are then a mixture. Use the same image for all of them.',
        },
      ]
    : []),
  ...agents
    .filter(({ clockErrorUs }) => clockErrorUs === null)
    .map(({ agent, host }) => ({
      code: 'AGENT_CLOCK',
      message: `agent ${agent} (${host}): a clock was set while it measured, its own or that of Redis: when its operations took place is not known.`,
      hint: 'A clock that is slewed (chrony, ntpd) does no harm.',
    })),
];

const unlike = (mode: ModeResult, agents: readonly AgentResult[], slots: readonly Slot[]): readonly Warning[] => {
  const { agents: own = [], name, offered } = mode;
  const ofMode = slots.filter((slot) => slot.mode === name);
  if (
    own.length < 2 ||
    own.some(({ agent }) => sum(sharesOf(agent, ofMode).map(({ completed }) => completed)) < fewestCompleted)
  )
    return [];
  const threadsOf = ({ agent }: ModeAgentResult): number => agents[agent - 1]!.threads;
  const rateOf = (one: ModeAgentResult): number => one.throughputPerSecond / threadsOf(one);
  return own.flatMap((one) => {
    const others = own.filter((other) => other !== one);
    const [rate, time] = [median(others.map(rateOf)), median(others.map(({ p50Us }) => p50Us))];
    const isSlow = one.p50Us > mostTime * time && one.p50Us - time > alikeUs;
    // Under an open load each machine has the rate it was given.
    const isLow = offered === null && rateOf(one) < leastRate * rate;
    if (!isSlow && !isLow) return [];
    const { agent, host } = agents[one.agent - 1]!;
    return {
      code: 'AGENT_UNLIKE',
      message: `agent ${agent} (${host}) differs from the others in ${name}: ${figure(rateOf(one), '/s')} a thread where they have ${figure(rate, '/s')}, p50 ${figure(one.p50Us, 'µs')} where they have ${figure(time, 'µs')}.`,
      hint: 'It is a slower machine, busier, or farther from the target: the figures of the mode are a mixture.',
    };
  });
};

const full = ({ agents: own = [], name }: ModeResult, agents: readonly AgentResult[]): readonly Warning[] => {
  const busy = own.filter(({ cpuShare }) => cpuShare >= fullShare);
  // If all of them are full, the mode is reported as saturated.
  return busy.length === own.length
    ? []
    : busy.map(({ agent }) => ({
        code: 'AGENT_FULL',
        message: `agent ${agent} (${agents[agent - 1]!.host}) had no CPU time left in ${name}, and others had: its share is what it could do.`,
        hint: 'Fewer users, a lower rate, or more threads there, where it has cores left (-w).',
      }));
};

const late = ({ agents: own = [], name }: ModeResult, agents: readonly AgentResult[]): readonly Warning[] =>
  own
    .filter((one) => one.lateUs > lateUs)
    .map((one) => ({
      code: 'AGENT_LATE',
      message: `agent ${one.agent} (${agents[one.agent - 1]!.host}) heard ${Math.round(one.lateUs / 1000)} ms too late that a slot of ${name} had begun.`,
      hint: 'It is busy, or far from Redis. A warm-up hides it.',
    }));
