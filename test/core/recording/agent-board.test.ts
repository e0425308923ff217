import { expect, test } from 'vitest';
import { AgentBoard, type AgentNow } from '../../../src/core/recording/agent-board.ts';

const now: AgentNow = { host: 'host-a', perSecond: 12.5, cpuShare: 0.25, withinUs: 41.5, isLost: false };

test('whoever looks from another thread sees the agents that have come, each with its place', () => {
  const memory = AgentBoard.memoryFor(3);
  const [told, seen] = [new AgentBoard(memory), new AgentBoard(memory)];
  expect(seen.agents).toEqual([]);
  told.tell(2, { ...now, host: 'hôte-漢' });
  told.tell(0, { ...now, perSecond: NaN, withinUs: Infinity, isLost: true });
  expect(seen.agents).toEqual([
    { ...now, agent: 1, perSecond: NaN, withinUs: Infinity, isLost: true },
    { ...now, agent: 3, host: 'hôte-漢' },
  ]);
});

test('a shorter name leaves nothing of a longer one, and one that is too long is cut between letters', () => {
  const board = new AgentBoard(AgentBoard.memoryFor(1));
  board.tell(0, { ...now, host: '漢'.repeat(60) });
  expect(board.agents[0]!.host).toBe('漢'.repeat(21));
  board.tell(0, now);
  expect(board.agents[0]!.host).toBe('host-a');
  expect(new AgentBoard(AgentBoard.memoryFor(0)).agents).toEqual([]);
});
