import { describe, expect, test } from 'vitest';
import { linesOf, modeOf, planOf, smallest } from '../reading.ts';

const set = (path: string, value: string | number, from: string) => ({ path: path.split('.'), value, from });

describe('a setting is laid over the file', () => {
  test('and a later one over an earlier one', () => {
    const settings = [
      set('load.users', 3, 'CONTEND_USERS'),
      set('load.users', 16, '--users'),
      set('target', 'http://other', '--target'),
    ];
    const mode = modeOf(`${smallest}load: { users: 5 }\n`, 'lock-free', {
      settings,
      allowedHosts: ['other'],
    });
    expect([mode.load.users, mode.target]).toEqual([16, 'http://other']);
  });

  test('where the file has nothing, too', () => {
    expect(
      planOf('steps: [{ get: / }]', { settings: [set('target', 'builtin:store', '--target')] }).modes[0].target,
    ).toBe('builtin:store');
    expect(modeOf(smallest, 'lock-free', { settings: [set('load.duration', '2s', '--duration')] }).load.stop).toEqual({
      kind: 'duration',
      durationUs: 2_000_000,
    });
  });

  test('a mode keeps its own', () => {
    const text = `${smallest}modes: { a: { load: { users: 2 } }, b: {} }\n`;
    const plan = planOf(text, { settings: [set('load.users', 16, '--users')] });
    expect(plan.modes.map((mode) => mode.load.users)).toEqual([2, 16]);
  });

  test('its problems are placed at the flag', () => {
    expect(
      linesOf(smallest, {
        settings: [set('load.users', 0, '--users'), set('load.duration', 'soon', 'CONTEND_DURATION')],
      }),
    ).toEqual([
      '--users expected at least 1, got the number 0',
      'CONTEND_DURATION expected a duration, got text "soon" (such as 200us, 1ms, 1.5s, 2m or 1h)',
    ]);
    expect(linesOf(`${smallest}load: 5\n`, { settings: [set('load.users', 3, '--users')] })).toEqual([
      'shop.yaml:3:7 expected a map, got the number 5',
    ]);
  });
});

describe('iterations and duration', () => {
  const stop = (text: string, settings: ReturnType<typeof set>[]) =>
    modeOf(smallest + text, 'lock-free', { settings }).load.stop.kind;

  test('a flag takes the other one of the file away', () => {
    expect(stop('load: { duration: 1s }', [set('load.iterations', 50, '--iterations')])).toBe('iterations');
    expect(stop('load: { iterations: 50 }', [set('load.duration', '1s', '--duration')])).toBe('duration');
  });

  test('a flag takes the other one of the environment away', () => {
    expect(stop('', [set('load.duration', '1s', 'CONTEND_DURATION'), set('load.iterations', 50, '--iterations')])).toBe(
      'iterations',
    );
  });

  test('both from one source are a problem', () => {
    const both = 'a load ends after a duration or after a number of iterations, not both (leave one of them out)';
    const settings = [set('load.duration', '1s', '--duration'), set('load.iterations', 50, '--iterations')];
    expect(linesOf(smallest, { settings })).toEqual([`--iterations ${both}`]);
    expect(linesOf(`${smallest}load: { duration: 1s, iterations: 9 }`)).toEqual([`shop.yaml:3:35 ${both}`]);
  });

  test('there must be one iteration for each round', () => {
    const settings = [set('rounds', 8, '--rounds'), set('load.iterations', 7, '--iterations')];
    expect(linesOf(smallest, { settings })).toEqual([
      '--iterations 7 iterations cannot be shared out over 8 rounds (more iterations, or fewer rounds)',
    ]);
  });
});

describe('the modes that are wanted', () => {
  const three = `${smallest}control: b\nmodes: { a: none, b: mutex, c: request-response }\n`;

  test('are the modes of the plan, in their order', () => {
    const plan = planOf(three, { only: ['c', 'b'] });
    expect(plan.modes.map((mode) => mode.name)).toEqual(['c', 'b']);
    expect([plan.control, plan.rounds]).toEqual(['b', 6]);
  });

  test('have the first of them as control where the control is not among them', () => {
    const plan = planOf(three, { only: ['c'] });
    expect([plan.control, plan.rounds]).toEqual(['c', 1]);
  });

  test('must be in the scenario, and named once', () => {
    expect(linesOf(three, { only: ['a', 'a', 'C', ''] })).toEqual([
      '--modes "a" is there twice',
      '--modes no mode is called "C" (did you mean "c"?)',
      '--modes no mode is called "" (the modes are "a", "b", "c")',
    ]);
    expect(linesOf(three, { only: [] })).toEqual(['--modes no mode is named']);
  });

  test('may leave out one that is wrong, but are told of it', () => {
    expect(linesOf(`${smallest}modes: { a: none, b: mutx }`, { only: ['a'] })).toEqual([
      'shop.yaml:3:22 unknown lock "mutx" (did you mean "mutex"?)',
    ]);
  });
});

test('the seed of the file wins over the drawn one, and a flag over both', () => {
  expect(planOf(smallest, { seed: 11 }).seed).toBe(11);
  expect(planOf(`${smallest}seed: 12`, { seed: 11 }).seed).toBe(12);
  expect(planOf(`${smallest}seed: 12`, { seed: 11, settings: [set('seed', 13, '--seed')] }).seed).toBe(13);
});

describe('the address of a Redis server', () => {
  const settings = [set('lock.redis.url', 'redis://other:1', 'CONTEND_REDIS_URL')];
  const text = `${smallest}lock: { redis: { ttl: 5s } }
modes: { a: redis, b: { lock: redis }, c: { lock: { redis: { url: "redis://own:2" } } }, d: {}, e: mutex }
`;

  test('is that of every lease, whatever the file says', () => {
    const locks = planOf(text, { settings, allowedHosts: ['other'] }).modes.map(({ lock }) => lock);
    const leased = locks.filter(({ name }) => name === 'redis').map(({ options }) => options);
    expect(leased).toHaveLength(4);
    for (const options of leased) expect(options).toMatchObject({ url: 'redis://other:1' });
    expect(leased[3]).toMatchObject({ ttlUs: 5_000_000 });
    expect(locks[4]).toEqual({ name: 'mutex', options: {} });
  });

  test('changes nothing where there is no lease', () => {
    for (const plain of [
      smallest,
      `${smallest}lock: { redis: 5, mutex: {} }\nmodes: { a: 5, b: { lock: { redis: x } } }\n`,
    ])
      expect(linesOf(plain, { settings })).toEqual(linesOf(plain));
  });

  test('has its problems placed at the variable', () => {
    expect(linesOf(text, { settings: [set('lock.redis.url', 'other', 'CONTEND_REDIS_URL')] })).toEqual([
      expect.stringMatching(/^CONTEND_REDIS_URL expected the address of a Redis server/u),
    ]);
  });
});
