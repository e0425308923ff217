import { describe, expect, test } from 'vitest';
import type { AgentShare, Slot } from '../../src/core/slot.ts';
import { agentResults, agentWarnings, modeAgents } from '../../src/judge/agents.ts';
import { modeWith } from './mode.ts';

const facts = ['host-a', 'host-b', 'host-c'].map((host) => ({
  host,
  node: '20.20.2',
  cpu: 'a cpu',
  cores: 4,
  threads: 2,
}));

const share = (agent: number, more: Partial<AgentShare> = {}): AgentShare => ({
  agent,
  completed: 1000,
  windowUs: 1e6,
  p50Us: 2000,
  p99Us: 9000,
  cpuUs: 500_000,
  wallUs: 2e6,
  lateUs: 0,
  withinUs: 20.4,
  ...more,
});

const slot = (...agents: readonly AgentShare[]): Slot => ({ mode: 'only', agents }) as unknown as Slot;

const codesOf = (slots: readonly Slot[], offered: 'open' | 'closed' = 'closed', hosts = facts): readonly string[] => {
  const agents = agentResults(hosts, slots);
  const mode = modeWith({ name: 'only', agents: modeAgents(slots)! });
  const shown = offered === 'open' ? mode : { ...mode, offered: null };
  return agentWarnings(agents, [shown], slots).map(({ code, message }) => `${code} ${message}`);
};

describe('the machines of a run', () => {
  test('are told with the worst error of their clocks, and with none where one was set', () => {
    const slots = [
      slot(share(1), share(2, { withinUs: 90 })),
      slot(share(1, { withinUs: 33.2 }), share(2, { withinUs: null })),
    ];
    expect(agentResults(facts, slots).map(({ clockErrorUs }) => clockErrorUs)).toEqual([34, null, 0]);
  });

  test('have medians over rounds, and CPU of all of them', () => {
    const slots = [100, 900, 300].map((completed) =>
      slot(share(1, { completed, cpuUs: completed * 1000, p50Us: completed })),
    );
    expect(modeAgents(slots)).toEqual([
      { agent: 1, throughputPerSecond: 300, p50Us: 300, p99Us: 9000, cpuShare: 1_300_000 / 6e6, lateUs: 0 },
    ]);
    expect(modeAgents([slot(), slot()])).toBeUndefined();
  });

  test('are not warned of where they are alike', () => {
    expect(codesOf([slot(share(1), share(2, { completed: 900 }), share(3, { p50Us: 2600 }))])).toEqual([]);
  });

  test('are told where one is slower, or has less, by thread', () => {
    expect(codesOf([slot(share(1), share(2, { p50Us: 4000 }), share(3))])).toEqual([
      'AGENT_UNLIKE agent 2 (host-b) differs from the others in only: 500/s a thread where they have 500/s, p50 4 ms where they have 2 ms.',
    ]);
    expect(codesOf([slot(share(1), share(2), share(3, { completed: 600 }))])).toHaveLength(1);
    const larger = facts.map((one, at) => ({ ...one, threads: at === 2 ? 4 : 2 }));
    expect(codesOf([slot(share(1), share(2), share(3, { completed: 2000 }))], 'closed', larger)).toEqual([]);
  });

  test('are compared by time alone under a rate, and not at all after a few iterations', () => {
    const open = modeWith({ name: 'only' }).offered === null ? 'closed' : 'open';
    if (open === 'open') expect(codesOf([slot(share(1), share(2, { completed: 500 }))], 'open')).toEqual([]);
    expect(codesOf([slot(share(1), share(2, { completed: 50 }))])).toEqual([]);
  });

  test('are told where one alone had no CPU time left, heard late, or has another Node', () => {
    expect(codesOf([slot(share(1), share(2, { cpuUs: 1.99e6 }))])[0]).toMatch(/^AGENT_FULL agent 2 \(host-b\)/u);
    expect(codesOf([slot(share(1, { cpuUs: 2e6 }), share(2, { cpuUs: 2e6 }))])).toEqual([]);
    expect(codesOf([slot(share(1, { lateUs: 12_400 }), share(2))])).toEqual([
      'AGENT_LATE agent 1 (host-a) heard 12 ms too late that a slot of only had begun.',
    ]);
    const nodes = facts.map((one, at) => ({ ...one, node: at === 0 ? '22.1.0' : one.node }));
    expect(codesOf([slot(share(1), share(2))], 'closed', nodes)[0]).toContain('host-a has 22.1.0, host-b has 20.20.2');
    expect(codesOf([slot(share(1, { withinUs: null }), share(2))])[0]).toMatch(
      /^AGENT_CLOCK agent 1 \(host-a\): a clock was set/u,
    );
  });
});
