import { describe, expect, test } from 'vitest';
import type { Load, Mode } from '../../../../../src/core/plan/plan.ts';
import type { Endpoint } from '../../../../../src/core/slot.ts';
import { microsFromMs } from '../../../../../src/core/units.ts';
import {
  allowedHosts,
  type Consent,
  hostsAsked,
  lengthRefusal,
  refusalsOf,
} from '../../../../../src/measure/runner/cluster/agent/consent.ts';
import { localEndpoint, requestStep, storeMode } from '../../../mode.ts';

const get = requestStep({ name: 'list', path: '/items' });
const modeOf = (mode: Partial<Mode> = {}): Mode =>
  storeMode({ target: 'http://api.test', lock: { name: 'none', options: {} }, steps: [get], ...mode });
const endpointOf = (endpoint: Partial<Endpoint> = {}): Endpoint => ({
  ...localEndpoint('http://api.test'),
  addresses: ['203.0.113.7'],
  ...endpoint,
});

/** What the agent's own system says. */
const names: { readonly [name: string]: readonly string[] } = {
  'api.test': ['203.0.113.7', '203.0.113.8'],
  'proxy.test': ['203.0.113.20'],
  'lease.test': ['203.0.113.30'],
  'turncoat.test': ['169.254.169.254'],
};
const resolve = async (host: string): Promise<readonly string[]> => {
  const found = names[host];
  if (found === undefined) throw new Error(`getaddrinfo ENOTFOUND ${host}`);
  return found;
};

const refusals = async (
  { mode = {}, endpoint = {}, share }: { mode?: Partial<Mode>; endpoint?: Partial<Endpoint>; share?: number },
  consent: Partial<Consent> = {},
): Promise<readonly string[]> =>
  refusalsOf(
    { mode: modeOf(mode), endpoint: endpointOf(endpoint), ...(share !== undefined && { share }) },
    { allowHosts: ['api.test'], allowWrites: false, maxMinutes: 60, ...consent },
    resolve,
  );

describe('an agent', () => {
  test('lends itself to reads of a host that it allows', async () => {
    expect(await refusals({})).toEqual([]);
    expect(await refusals({ endpoint: { addresses: ['203.0.113.8', '203.0.113.7'] } })).toEqual([]);
    expect(
      await refusals({
        mode: { target: 'https://API.test:8443/v1' },
        endpoint: { origin: 'https://api.test:8443/v1' },
      }),
    ).toEqual([]);
  });

  test('is asked about the other hosts that a login goes to as about the target', async () => {
    const desk = 'https://login.test';
    const mode = { login: [{ ...get, name: 'token', target: desk }] };
    const there = (address: string, origin = desk) => ({
      elsewhere: { [desk]: { ...localEndpoint(origin), addresses: [address] } },
    });
    const allowHosts = ['api.test', 'lease.test'];
    expect(await refusals({ mode })).toEqual([`its step token goes to ${desk}, but says nothing of how to reach it`]);
    expect(await refusals({ mode, endpoint: there('203.0.113.30') })).toEqual([
      expect.stringMatching(/target is login\.test, which the agent does not allow/u),
    ]);
    const lease = there('203.0.113.7', 'https://lease.test');
    expect(await refusals({ mode, endpoint: lease }, { allowHosts: [...allowHosts, 'login.test'] })).toEqual([
      expect.stringMatching(/lease\.test is 203\.0\.113\.30 for the agent, and 203\.0\.113\.7 for the run/u),
    ]);
  });

  test.each<[string, { mode?: Partial<Mode>; endpoint?: Partial<Endpoint> }, RegExp]>([
    [
      'another target',
      { endpoint: { origin: 'http://other.test' } },
      /target is other\.test.*--allow-host other\.test/u,
    ],
    ['another target of the mode', { mode: { target: 'http://other.test' } }, /target is other\.test/u],
    ['a name that only begins alike', { endpoint: { origin: 'http://api.test.evil.test' } }, /api\.test\.evil\.test/u],
    ['a name before an @', { endpoint: { origin: 'http://api.test@evil.test' } }, /target is evil\.test/u],
    ['an address of a name', { endpoint: { origin: 'http://203.0.113.7' } }, /203\.0\.113\.7/u],
    ['a proxy', { endpoint: { proxy: 'http://user:secret@evil.test:3128' } }, /proxy is evil\.test/u],
    ['a proxy of the mode', { mode: { proxy: 'evil.test:3128' } }, /proxy is evil\.test/u],
    [
      'another place for connections',
      { endpoint: { dial: { host: 'evil.test', port: 80 } } },
      /connectTo is evil\.test/u,
    ],
    [
      'such a place of the mode',
      { mode: { connectTo: { 'api.test:80': 'evil.test:80' } } },
      /connectTo is evil\.test/u,
    ],
    [
      'a lock server',
      { mode: { lock: { name: 'redis', options: { url: 'redis://evil.test', key: 'k' } } } },
      /lock server is evil\.test/u,
    ],
    [
      'a unix socket',
      { endpoint: { origin: 'http://unix:/run/docker.sock', addresses: [] } },
      /not a host that an agent can send load to/u,
    ],
    ['the built-in store', { mode: { target: 'builtin:store' } }, /builtin:store/u],
  ])('is not pointed at %s', async (_what, asked, why) => {
    expect((await refusals(asked)).join('\n')).toMatch(why);
    expect((await refusals(asked)).join('\n')).not.toContain('secret');
  });

  test('asks its own system where a name leads, and takes no other address for it', async () => {
    expect(await refusals({ endpoint: { addresses: ['198.51.100.1'] } })).toEqual([
      'api.test is 203.0.113.7, 203.0.113.8 for the agent, and 198.51.100.1 for the run (--allow-host 198.51.100.1 allows it)',
    ]);
    expect(await refusals({ endpoint: { addresses: ['203.0.113.7', '198.51.100.1'] } })).toHaveLength(1);
    expect(
      await refusals({ endpoint: { addresses: ['198.51.100.1'] } }, { allowHosts: ['api.test', '198.51.100.1'] }),
    ).toEqual([]);
    expect(await refusals({ endpoint: { addresses: [] } })).toEqual(['it names no address of api.test']);
    const unknown = { mode: { target: 'http://gone.test' }, endpoint: { origin: 'http://gone.test' } };
    expect((await refusals(unknown, { allowHosts: ['gone.test'] }))[0]).toMatch(
      /gone\.test has no address .* ENOTFOUND/u,
    );
  });

  test('holds the addresses against who is connected to first: the proxy, or the other place', async () => {
    const allowed = { allowHosts: ['api.test', 'proxy.test'] };
    const proxy = 'http://proxy.test:3128';
    expect(await refusals({ endpoint: { proxy, addresses: ['203.0.113.20'] } }, allowed)).toEqual([]);
    expect(await refusals({ endpoint: { proxy, addresses: ['203.0.113.7'] } }, allowed)).toHaveLength(1);
    const dial = { host: 'proxy.test', port: 81 };
    expect(await refusals({ endpoint: { dial, addresses: ['203.0.113.20'] } }, allowed)).toEqual([]);
    expect(await refusals({ endpoint: { dial, addresses: ['203.0.113.7'] } }, allowed)).toHaveLength(1);
  });

  test.each(['169.254.169.254', '::ffff:169.254.169.254', 'fe80::1', '100.100.100.200', 'fd00:ec2::254'])(
    'never goes to %s, whoever allows it',
    async (address) => {
      expect(
        (await refusals({ endpoint: { addresses: [address] } }, { allowHosts: ['api.test', address] })).join(),
      ).toMatch(/no load is ever sent/u);
    },
  );

  test('never goes where a name leads to a metadata service, be it that of a lock server or behind a proxy', async () => {
    const allowHosts = ['api.test', 'turncoat.test', 'proxy.test'];
    const lock = { name: 'redis', options: { url: 'redis://turncoat.test', key: 'k' } };
    expect((await refusals({ mode: { lock } }, { allowHosts })).join()).toMatch(
      /turncoat\.test is 169\.254\.169\.254/u,
    );
    const behind = { origin: 'http://turncoat.test', proxy: 'http://proxy.test:1', addresses: ['203.0.113.20'] };
    expect(
      (await refusals({ mode: { target: 'http://turncoat.test' }, endpoint: behind }, { allowHosts })).join(),
    ).toMatch(/no load is ever sent/u);
  });

  test('writes only where it says so itself, in login and in steps of steps, too', async () => {
    const put = requestStep({ name: 'order', method: 'POST', path: '/orders' });
    const ways: Partial<Mode>[] = [
      { steps: [get, put] },
      { login: [put] },
      { steps: [{ kind: 'critical', steps: [get, { kind: 'repeat', times: 2, steps: [put] } as never] }] },
    ];
    for (const mode of ways) {
      expect(await refusals({ mode })).toEqual([
        'its step order writes (POST), which the agent does not allow (--allow-writes)',
      ]);
      expect(await refusals({ mode }, { allowWrites: true })).toEqual([]);
    }
    // The controller sends these.
    expect(await refusals({ mode: { before: [put], after: [put] } })).toEqual([]);
  });

  test('sends no path that would make another host of the one that a proxy is asked for', async () => {
    const steps = [requestStep({ name: 'sly', path: '@evil.test/' })];
    expect(await refusals({ mode: { steps } })).toEqual([
      'its step sly has the path @evil.test/, which does not begin with a slash',
    ]);
  });

  test('gives so many users and so much load, of its own share', async () => {
    const { load: closed } = storeMode();
    const { users, stop, warmupUs, drainUs } = closed;
    const open: Load = {
      users,
      stop,
      warmupUs,
      drainUs,
      kind: 'open',
      arrival: { name: 'even', options: {} },
      ratePerSecond: 300,
      stages: [{ durationUs: microsFromMs(1000), from: 300, to: 900 }],
      queue: null,
    };
    expect(await refusals({ mode: { load: closed } }, { maxUsers: 16 })).toEqual([]);
    expect(await refusals({ mode: { load: closed } }, { maxUsers: 15 })).toEqual([
      'it asks for 16 users, and the agent gives 15 (--max-users)',
    ]);
    expect(await refusals({ mode: { load: closed }, share: 1 / 3 }, { maxUsers: 6 })).toEqual([]);
    expect(await refusals({ mode: { load: open } }, { maxRatePerSecond: 900 })).toEqual([]);
    expect(await refusals({ mode: { load: open } }, { maxRatePerSecond: 899 })).toEqual([
      'it asks for 900/s, and the agent gives 899/s (--max-rate)',
    ]);
    expect(await refusals({ mode: { load: open }, share: 1 / 3 }, { maxRatePerSecond: 300 })).toEqual([]);
    expect((await refusals({ mode: { load: closed } }, { maxRatePerSecond: 1e9 }))[0]).toMatch(/give the load a rate/u);
    const more: Load = { ...closed, mostUsers: 40 } as Load;
    expect(await refusals({ mode: { load: more } }, { maxUsers: 39 })).toHaveLength(1);
  });

  test('gives its time to one run for so long', () => {
    const consent = { allowHosts: [], allowWrites: false, maxMinutes: 60 };
    expect(lengthRefusal(3600e6, consent)).toBeUndefined();
    expect(lengthRefusal(3601e6, consent)).toBe('the run takes 61 minutes, and the agent gives 60 (--max-minutes)');
  });

  test('tells every reason at once', async () => {
    const mode = { target: 'http://other.test', steps: [requestStep({ name: 'put', method: 'PUT', path: 'x' })] };
    expect(await refusals({ mode }, { maxUsers: 1 })).toHaveLength(4);
  });
});

describe('--allow-host', () => {
  test('takes names and addresses', () => {
    expect(allowedHosts(['API.test', 'localhost', '10.0.0.1', '::1', '[2001:db8::1]', 'api.test.'])).toEqual([
      'api.test',
      'localhost',
      '10.0.0.1',
      '::1',
      '2001:db8::1',
      'api.test',
    ]);
  });

  test.each(['http://api.test', 'api.test:80', '*', '*.test', 'api.test/x', 'user@api.test', '', ' ', '10.0.0.0/8'])(
    'does not take %j',
    (host) => {
      expect(() => allowedHosts([host])).toThrow(/that is not a host/u);
    },
  );

  test.each(['169.254.169.254', 'metadata.google.internal', '[fe80::1]'])(
    'does not take %s, where no load is ever sent',
    (host) => {
      expect(() => allowedHosts([host])).toThrow(/no load is ever sent there/u);
    },
  );
});

test('all hosts that a mode reaches are told, each once', () => {
  const lock = { name: 'redis', options: { url: 'redis://lease.test:6379', key: 'k' } };
  const mode = modeOf({ lock, proxy: 'http://proxy.test:3128', connectTo: { 'api.test:80': 'green.test:8080' } });
  expect([...hostsAsked({ mode, endpoint: endpointOf({ proxy: 'http://proxy.test:3128' }) })].toSorted()).toEqual([
    'api.test',
    'green.test',
    'lease.test',
    'proxy.test',
  ]);
});
