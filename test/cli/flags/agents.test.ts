import { expect, test } from 'vitest';
import { agent } from '../../../src/cli/commands/agent.ts';
import { agentCountOf, clusterUrlOf } from '../../../src/cli/flags/agents.ts';
import { lentBy, type AgentFlags } from '../../../src/cli/flags/agent.ts';
import { newKey } from '../../../src/measure/runner/cluster/link/seal.ts';
import { contendHere } from '../contend.ts';
import { scriptedHost as hostOf } from '../host.ts';

const usual: AgentFlags = { workers: 'auto', maxMinutes: '60' };
const url = 'redis://127.0.0.1:6379';

test('an agent lends a thread for each core unless it is told otherwise, and to read only', () => {
  const { host } = hostOf([]);
  expect(lentBy(usual, host)).toEqual({ threads: 2, runs: Infinity, allowWrites: false, maxMinutes: 60 });
  const flags = { ...usual, workers: '3', runs: '1', allowWrites: true, maxRate: '2000/s', maxUsers: '50' };
  expect(lentBy(flags, host)).toEqual({
    threads: 3,
    runs: 1,
    allowWrites: true,
    maxMinutes: 60,
    maxRatePerSecond: 2000,
    maxUsers: 50,
  });
});

test.each([
  [{ workers: '0' }, '--workers "0" is not a whole number from 1 to 64.'],
  [{ workers: 'all' }, '--workers "all" is not a whole number from 1 to 64.'],
  [{ maxMinutes: '1.5' }, '--max-minutes "1.5" is not a whole number from 1 to 1440.'],
  [{ maxRate: 'fast' }, '--max-rate "fast" is not a whole number from 1 to 1000000000.'],
  [{ runs: '-1' }, '--runs "-1" is not a whole number from 1 to 1000000000.'],
])('what is no number is refused: %j', (flags, message) => {
  const { host } = hostOf([]);
  expect(() => lentBy({ ...usual, ...flags }, host)).toThrow(message);
});

test('the address of Redis is that of the flag, else of the environment, and its password is not repeated', () => {
  expect(clusterUrlOf(url, { CONTEND_CLUSTER_REDIS_URL: 'redis://other' }, '--agents')).toBe(url);
  expect(clusterUrlOf(undefined, { CONTEND_CLUSTER_REDIS_URL: 'redis://other' }, '--agents')).toBe('redis://other');
  expect(() => clusterUrlOf(undefined, { CONTEND_REDIS_URL: url }, '--agents')).toThrow(
    '--agents needs a Redis server',
  );
  expect(() => clusterUrlOf('http://user:secret@host', {}, '--agents')).toThrow(
    /^--redis is not the address of a Redis server/u,
  );
});

test('how many agents are asked for is a whole number, none too', () => {
  expect(['3', '0', undefined].map((agents) => agentCountOf(agents === undefined ? {} : { agents }))).toEqual([
    3,
    0,
    undefined,
  ]);
  for (const agents of ['-1', 'three', '1.5', '257'])
    expect(() => agentCountOf({ agents })).toThrow(`--agents ${agents} is not a number of machines.`);
});

test('what listens on this machine alone is refused before anybody is asked where agents come from others, and what mends it', async () => {
  const asking = ['--agents', '2', '--redis', 'redis://cache.test:6379', '--allow-host', '127.0.0.1'];
  const env = { CONTEND_CLUSTER_KEY: newKey() };
  const asked = ['run', 'scenarios/async-threads-distributed.yaml', '--target', 'builtin:store', ...asking];
  const { code, stdout, stderr } = await contendHere(asked, { env });
  expect([code, stdout]).toEqual([2, '']);
  expect(stderr).toBe(
    'contend: distributed asks builtin:store, which this machine alone reaches, and agents come from others through redis://cache.test:6379.\n' +
      'What contend starts listens on this machine\'s loopback: a target with an address that agents reach, too; or "agents: 0" for distributed. Where all agents are on this machine: --redis redis://127.0.0.1:6379.\n',
  );
});

test('an agent goes nowhere where it was not told where it may, and prints a key', async () => {
  const { host } = hostOf([]);
  await expect(agent(host, { ...usual, redis: url })).rejects.toThrow('sends no load until you say where it may');
  await expect(agent(host, { ...usual, redis: 'redis://cache.test', allowHost: ['a.test'] })).rejects.toThrow(
    'CONTEND_CLUSTER_KEY',
  );
  const printing = hostOf([]);
  expect(await agent(printing.host, { ...usual, newKey: true })).toBe(0);
  expect(printing.stdout()).toMatch(/^[\w-]{43}\n$/u);
});
