import { describe, expect, test } from 'vitest';
import { readScenario, type ScenarioInput } from '../../../src/scenario/read-scenario.ts';

const linesOf = (text: string, more: Partial<ScenarioInput> = {}): readonly string[] => {
  const read = readScenario({ text, file: 'a.yaml', settings: [], seed: 1, ...more });
  return 'problems' in read
    ? read.problems.map(({ place, message, hint }) => `${place} ${message} (${hint ?? ''})`)
    : [];
};
const target = (value: string, from = '--target') => ({ settings: [{ path: ['target'], value, from }] });
const reads = 'target: http://api.test\nsteps: [{ get: / }]\n';
const writes = (at: string): string => `target: ${at}\nsteps: [{ get: / }, { put: /, json: 1 }, { delete: / }]\n`;

describe('a run goes', () => {
  test.each([
    'http://localhost:1',
    'http://127.8.0.1',
    'http://[::1]:3000/api',
    'http://unix:/run/x.sock',
    'builtin:store',
  ])('to %s whatever the file says', (address) => expect(linesOf(reads, target(address))).toEqual([]));

  test('to the hosts that the file names, whichever mode and port', () => {
    const text = `${reads}modes: { a: none, b: { target: "https://new.test" } }\n`;
    expect(linesOf(text, target('https://NEW.test:8443/v2'))).toEqual([]);
  });

  test('nowhere else, unless that host is allowed', () => {
    const refused =
      '"evil.test" is neither this machine nor named in the scenario (if you may put it under load: --allow-host evil.test)';
    expect(linesOf(reads, target('http://evil.test/x'))).toEqual([`--target ${refused}`]);
    expect(linesOf(reads, target('http://evil.test', 'CONTEND_TARGET'))).toEqual([`CONTEND_TARGET ${refused}`]);
    expect(linesOf(reads, { ...target('http://evil.test'), allowedHosts: ['evil.test'] })).toEqual([]);
    expect(linesOf(reads, { ...target('http://more.evil.test'), allowedHosts: ['evil.test'] })).toHaveLength(1);
  });

  test('to a Redis server elsewhere only where the file, or a flag, names it', () => {
    const text = `${reads}modes: { a: redis, b: none }\n`;
    const settings = [{ path: ['lock', 'redis', 'url'], value: 'redis://:pw@cache.test:1', from: 'CONTEND_REDIS_URL' }];
    expect(linesOf(text, { settings })).toEqual([
      'CONTEND_REDIS_URL "cache.test" is neither this machine nor named in the scenario (if you may put it under load: --allow-host cache.test)',
    ]);
    expect(linesOf(text, { settings, only: ['b'] })).toEqual([]);
    expect(linesOf(`${reads}modes: { a: { lock: { redis: { url: "redis://cache.test" } } } }\n`, { settings })).toEqual(
      [],
    );
  });

  test.each([
    'http://169.254.169.254/latest',
    'http://2852039166',
    'http://0xa9.254.169.254',
    'http://[fd00:ec2::254]',
    'http://[::ffff:169.254.169.254]',
    'http://[fe80::1]',
    'http://100.100.100.200',
    'http://metadata.google.internal.',
  ])('never to %s', (address) => {
    const allowed = { allowedHosts: ['169.254.169.254', 'fd00:ec2::254', 'metadata.google.internal'] };
    expect(linesOf(reads.replace('http://api.test', `"${address}"`), allowed)[0]).toMatch(
      /^a\.yaml:1:9 no load is ever sent to/u,
    );
    expect(linesOf(reads, { ...target(address), ...allowed })[0]).toMatch(/^--target no load is ever sent to/u);
  });
});

describe('a scenario that writes to another machine', () => {
  const refused =
    'this writes to "api.test", which is not this machine (if you mean it, say "destructive: true" at the top)';

  test('says that it means to, or is refused at the first step that does', () => {
    expect(linesOf(writes('http://api.test'))).toEqual([`a.yaml:2:23 ${refused}`]);
    expect(linesOf(`destructive: true\n${writes('http://api.test')}`)).toEqual([]);
    expect(linesOf(`destructive: false\n${writes('http://api.test')}`)).toHaveLength(1);
    expect(linesOf(`before: [{ post: /reset }]\n${reads}`)).toEqual([`a.yaml:1:12 ${refused}`]);
  });

  test('also where only a flag, or one of its modes, leads there', () => {
    expect(linesOf(writes('builtin:store'))).toEqual([]);
    expect(linesOf(writes('builtin:store'), { ...target('http://api.test'), allowedHosts: ['api.test'] })).toEqual([
      `a.yaml:2:23 ${refused}`,
    ]);
    const modes = `${writes('http://localhost')}modes: { here: none, there: { target: "http://api.test" } }\n`;
    expect(linesOf(modes)).toEqual([`a.yaml:2:23 ${refused}`]);
    expect(linesOf(modes, { only: ['here'] })).toEqual([]);
  });
});
