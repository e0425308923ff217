import { expect, test } from 'vitest';
import type { AgentFacts } from '../../../../../src/measure/runner/cluster/link/messages.ts';
import {
  checkLoopback,
  onLoopback,
  unreachedBy,
} from '../../../../../src/measure/runner/cluster/controller/loopback.ts';
import type { Mode } from '../../../../../src/core/plan/plan.ts';
import { modeOf } from '../../../../scenario/reading.ts';
import { localEndpoint } from '../../../mode.ts';

const away = 'http://shop.test';
const modeWith = (text: string, target = away): Mode =>
  modeOf(`target: ${target}\nsteps: [{ get: / }]\n${text}\nmodes: { only: none }`, 'only', {
    allowedHosts: ['shop.test', 'other.test'],
  });

test.each([
  ['the built-in store', '', 'builtin:store', ['builtin:store']],
  ['a name of loopback', '', 'http://localhost:8080', ['http://localhost:8080']],
  ['an address of it, with a password', '', 'http://me:secret@127.0.0.7', ['http://***@127.0.0.7']],
  ['IPv6', '', 'http://[::1]:8080', ['http://[::1]:8080']],
  ['any address of this machine', '', 'http://0.0.0.0:8080', ['http://0.0.0.0:8080']],
  ['IPv4 in IPv6', '', 'http://[::ffff:127.0.0.1]:8080', ['http://[::ffff:127.0.0.1]:8080']],
  ['what is started', 'serve: { command: node x.js }', 'http://127.0.0.1:${port}', ['http://127.0.0.1:${port}']],
  ['a proxy', 'proxy: http://127.0.0.1:3128', away, ['the proxy http://127.0.0.1:3128']],
  ['where connections go instead', 'connectTo: { "shop.test:80": "127.0.0.1:8080" }', away, [away]],
  ['another machine', '', away, []],
  ['another proxy', 'proxy: http://other.test:3128', 'http://127.0.0.1:8080', []],
])('whether a mode asks what is here alone: %s', (_, text, target, found) => {
  expect(onLoopback(modeWith(text, target))).toEqual(found);
});

test('a lock server on loopback and the target of a login count', () => {
  const text = `target: ${away}
steps: [{ get: / }]
login: [{ post: /login, target: 'http://localhost:9000' }]
modes: { only: { lock: { redis: { url: 'redis://:secret@127.0.0.1:6379' } } } }`;
  expect(onLoopback(modeOf(text, 'only'))).toEqual([
    'http://localhost:9000',
    'the lock server redis://:***@127.0.0.1:6379',
  ]);
});

test('a name that leads to loopback is known to once it was looked up', () => {
  expect(onLoopback(modeWith(''), localEndpoint(away))).toEqual([away]);
  expect(onLoopback(modeWith(''), { ...localEndpoint(away), addresses: ['10.0.0.5'] })).toEqual([]);
});

test('is refused where agents come through another Redis than that of loopback, unless no mode of it is on agents', () => {
  const store = modeWith('', 'builtin:store');
  const asked =
    (url: string, modes: readonly Mode[] = [store]) =>
    () =>
      checkLoopback(modes, { count: 2, url });
  expect(asked('redis://:secret@cache.test:6379')).toThrow(
    'only asks builtin:store, which this machine alone reaches, and agents come from others through redis://:***@cache.test:6379.',
  );
  expect(asked('redis://127.0.0.1:6379')).not.toThrow();
  expect(asked('redis://localhost')).not.toThrow();
  expect(asked('redis://cache.test', [{ ...store, agents: 0 }])).not.toThrow();
  expect(asked('redis://cache.test', [modeWith('')])).not.toThrow();
});

test('is refused where agents have come from another machine, named, and where all are on this one it is not', () => {
  const store = modeWith('', 'builtin:store');
  const remote = (name: string, network: string) => ({ name, facts: { network } as AgentFacts });
  const [here, there] = [
    remote('agent 1 of 2 (host-a, 1 thread)', 'a'),
    remote('agent 2 of 2 (host-b, 4 threads)', 'b'),
  ];
  const endpoint = localEndpoint('http://127.0.0.1:8080');
  expect(unreachedBy([here], store, endpoint, 'a')).toBeUndefined();
  expect(
    unreachedBy([here, there], modeWith(''), { ...localEndpoint(away), addresses: ['10.0.0.5'] }, 'a'),
  ).toBeUndefined();
  const refused = unreachedBy([here, there], store, endpoint, 'a')!;
  expect(refused.code).toBe('ERR_AGENTS');
  expect(refused.message).toBe(
    'only asks builtin:store, which the machine of this run alone reaches, and it is to be measured on another one: agent 2 of 2 (host-b, 4 threads).',
  );
  expect(refused.hint).toContain('"agents: 0" for only');
});
