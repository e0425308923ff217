import { describe, expect, test } from 'vitest';
import type { Load } from '../../../src/core/plan/plan.ts';
import { linesOf, modeOf, planOf, smallest } from '../reading.ts';

const loadOf = (load: string, more = ''): Load => modeOf(`${smallest}load: ${load}\n${more}`, 'lock-free').load;
const problems = (load: string, more = ''): string[] =>
  linesOf(`${smallest}load: ${load}\n${more}`).map((line) => line.replace('shop.yaml:', ''));
const set = (path: string, value: string | number | boolean, from: string) => ({ path: path.split('.'), value, from });

describe('a rate', () => {
  test('makes an open load, with users for a second of it, any queue, and arrivals that are even', () => {
    expect(loadOf('{ rate: 200/s }')).toStrictEqual({
      kind: 'open',
      users: 200,
      arrival: { name: 'even', options: {} },
      queue: null,
      ratePerSecond: 200,
      stages: [],
      stop: { kind: 'duration', durationUs: 10_000_000 },
      warmupUs: 200_000,
      drainUs: 10_000_000,
    });
  });

  test.each([
    ['2000', 2000],
    ['2000/s', 2000],
    ['0.5/s', 0.5],
    ['120000/min', 2000],
    ['7200/h', 2],
  ])('%s is %d a second', (text, perSecond) => {
    expect(loadOf(`{ rate: ${text} }`)).toMatchObject({ ratePerSecond: perSecond });
  });

  test.each([
    ['0.1/s', 1],
    ['10.5/s', 11],
    ['999/s', 999],
    ['50000/s', 1000],
  ])('of %s has %d users unless the scenario says how many', (rate, users) => {
    expect(loadOf(`{ rate: ${rate} }`).users).toBe(users);
    expect(loadOf(`{ rate: ${rate}, users: 7 }`).users).toBe(7);
  });

  test('takes an arrival, a queue and a number of iterations', () => {
    expect(loadOf('{ rate: 5/s, arrival: poisson, queue: 0, iterations: 20 }')).toMatchObject({
      arrival: { name: 'poisson', options: {} },
      queue: 0,
      stop: { kind: 'iterations', iterations: 20 },
      warmupUs: 0,
    });
    expect(loadOf('{ rate: 5/s, queue: unlimited }')).toMatchObject({ queue: null });
  });
});

describe('a closed load', () => {
  test('thinks between iterations for so long, or for a time between two', () => {
    expect(loadOf('{ think: 10ms }')).toMatchObject({ kind: 'closed', thinkUs: [10_000, 10_000] });
    expect(loadOf('{ think: 10ms..50ms }')).toMatchObject({ thinkUs: [10_000, 50_000] });
    expect(loadOf('{ think: 0 }')).toMatchObject({ thinkUs: [0, 0] });
  });
});

describe('stages', () => {
  test('of a rate are steps and ramps, and end the load; the pool holds a second of the highest rate', () => {
    expect(
      loadOf(
        '{ stages: [{ duration: 10s, rate: 50/s }, { duration: 5s, rate: 50/s..500/s }, { duration: 1s, rate: 9 }] }',
      ),
    ).toMatchObject({
      kind: 'open',
      users: 500,
      ratePerSecond: 50,
      stop: { kind: 'stages' },
      stages: [
        { durationUs: 10_000_000, from: 50, to: 50 },
        { durationUs: 5_000_000, from: 50, to: 500 },
        { durationUs: 1_000_000, from: 9, to: 9 },
      ],
    });
  });

  test.each([
    ['0..500/s', 0, 500],
    ['500/s..0', 500, 0],
    ['500..0', 500, 0],
    ['600..6000/min', 10, 100],
    ['60/min..10/s', 1, 10],
  ])('a ramp %s goes from %s to %s', (rate, from, to) => {
    expect(loadOf(`{ stages: [{ duration: 1s, rate: ${rate} }] }`)).toMatchObject({ stages: [{ from, to }] });
  });

  test('of users are a closed load, whose pool is the largest of them', () => {
    expect(
      loadOf('{ think: 1ms, stages: [{ duration: 1s, users: 1..64 }, { duration: 1s, users: 32 }] }'),
    ).toMatchObject({
      kind: 'closed',
      users: 64,
      thinkUs: [1000, 1000],
      stop: { kind: 'stages' },
      stages: [
        { from: 1, to: 64 },
        { from: 32, to: 32 },
      ],
    });
  });

  test('are run in one round unless the scenario says otherwise', () => {
    const staged = `${smallest}modes: { a: none, b: mutex }\nload: { stages: [{ duration: 1s, rate: 5 }] }\n`;
    expect(planOf(staged).rounds).toBe(1);
    expect(planOf(`${staged}rounds: 3\n`).rounds).toBe(3);
  });
});

describe('what excludes each other', () => {
  const replaced = 'leave it out, or replace the stages by a "rate" of your own';
  test.each<[load: string, ...found: string[]]>([
    ['{ rate: 2k/s }', '3:15 expected a rate, got text "2k/s" (such as 2000/s, 120000/min or 30/h)'],
    [
      '{ rate: 5..9/s }',
      '3:15 expected a rate, got text "5..9/s" (a ramp is a stage: see "stages"; contend sweep finds the highest rate of a range that holds)',
    ],
    ['{ rate: 0 }', '3:15 expected a rate above 0'],
    [
      '{ stages: [{ duration: 1s, rate: 500/min..5000 }] }',
      '3:40 expected a rate, got text "500/min..5000" (such as 500/s, or 500/s..5000/s)',
    ],
    ['{ rate: 1000001 }', '3:15 expected at most 1,000,000/s, got "1000001"'],
    ['{ rate: 5, arrival: evn }', '3:27 unknown arrival "evn" (did you mean "even"?)'],
    ['{ rate: 5, queue: 1.5 }', '3:25 expected a whole number from 0 or "unlimited", got the number 1.5'],
    [
      '{ rate: 5, think: 1ms }',
      '3:25 this is an open load, which does not wait between iterations: its rate says when they begin (leave one of them out; in a mode, "think: null" takes it away)',
    ],
    ['{ queue: 5 }', '3:16 "queue" is for open load (add a rate, such as rate: 2000/s, or leave it out)'],
    ['{ arrival: even }', '3:18 "arrival" is for open load (add a rate, such as rate: 2000/s, or leave it out)'],
    ['{ think: soon }', '3:16 expected a duration or two, got text "soon" (such as 10ms, or 10ms..50ms)'],
    ['{ think: 2s..1s }', '3:16 the range ends before it begins'],
    ['{ stages: [{ duration: 1s }] }', '3:18 a stage needs "rate" or "users"'],
    ['{ stages: [{ rate: 5 }] }', '3:18 "duration" is missing'],
    ['{ stages: [{ duration: 1s, rate: 0 }] }', '3:40 expected a rate above 0'],
    ['{ stages: [{ duration: 1s, users: 0 }] }', '3:41 expected at least one user'],
    [
      '{ stages: [{ duration: 1s, users: 1.5 }] }',
      '3:41 expected a number of users, got the number 1.5 (such as 64, or 1..64)',
    ],
    [
      '{ stages: [{ duration: 1s, rate: 5, users: 5 }] }',
      '3:50 a stage has a rate or users, not both (with a rate, "users" belongs beside "stages": the most iterations in flight)',
    ],
    [
      '{ stages: [{ duration: 1s, rate: 5 }, { duration: 1s, users: 5 }] }',
      '3:17 stages all have a rate, which is open load, or all have users, which is closed load',
    ],
    [
      '{ duration: 1s, stages: [{ duration: 1s, rate: 5 }] }',
      `3:19 stages say how long a load takes, so there is no "duration" beside them (${replaced})`,
    ],
    [
      '{ iterations: 10, stages: [{ duration: 1s, rate: 5 }] }',
      `3:21 stages say how long a load takes, so there is no "iterations" beside them (${replaced})`,
    ],
    [
      '{ rate: 5, stages: [{ duration: 1s, rate: 5 }] }',
      '3:15 the stages take the place of a rate (leave "rate" or "stages" out)',
    ],
    [
      '{ users: 5, stages: [{ duration: 1s, users: 5 }] }',
      '3:16 the stages say how many users there are (leave "users" out)',
    ],
  ])('%s', (load, ...found) => {
    expect(problems(load)).toEqual(found);
  });
});

describe('a mode or a flag may change the kind of load', () => {
  const staged = 'load: { users: 9, stages: [{ duration: 1s, rate: 5/s..50/s }] }\n';

  test('a rate takes stages away, and stages a rate and what would end it', () => {
    const text = `${smallest}${staged}modes: { a: { load: { rate: 7/s, duration: 2s } }, b: {} }\n`;
    expect(modeOf(text, 'a').load).toMatchObject({ kind: 'open', users: 9, ratePerSecond: 7, stages: [] });
    expect(modeOf(text, 'b').load).toMatchObject({ kind: 'open', users: 9, stop: { kind: 'stages' } });
    const constant = `${smallest}load: { rate: 7/s, duration: 2s }\nmodes: { a: { load: { stages: [{ duration: 1s, rate: 5 }] } } }\n`;
    expect(modeOf(constant, 'a').load).toMatchObject({ ratePerSecond: 5, stop: { kind: 'stages' } });
  });

  test('stages of users take the place of a pool, and a pool theirs', () => {
    const ramp = 'stages: [{ duration: 1s, users: 1..4 }]';
    const text = `${smallest}${staged}modes: { a: { load: { ${ramp} } } }\n`;
    expect(modeOf(text, 'a').load).toMatchObject({ kind: 'closed', users: 4 });
    const settings = [set('load.users', 3, '--users')];
    expect(modeOf(`${smallest}load: { ${ramp} }\n`, 'lock-free', { settings }).load).toMatchObject({
      kind: 'closed',
      users: 3,
      stop: { kind: 'duration' },
    });
  });

  test('--rate makes a closed load an open one, and the stages of the file give way', () => {
    const settings = [set('load.rate', '30/s', '--rate'), set('load.duration', '2s', '--duration')];
    expect(modeOf(smallest, 'lock-free', { settings }).load).toMatchObject({ kind: 'open', ratePerSecond: 30 });
    expect(modeOf(smallest + staged, 'lock-free', { settings }).load).toMatchObject({
      kind: 'open',
      users: 9,
      stages: [],
      stop: { kind: 'duration', durationUs: 2_000_000 },
    });
  });

  test('--rate beside a think of the file is refused, and so is --duration alone beside stages', () => {
    expect(linesOf(`${smallest}load: { think: 1ms }\n`, { settings: [set('load.rate', 5, '--rate')] })).toEqual([
      'shop.yaml:3:16 --rate makes it an open load, which does not wait between iterations: its rate says when they begin (leave one of them out; in a mode, "think: null" takes it away)',
    ]);
    expect(linesOf(smallest + staged, { settings: [set('load.duration', '5s', '--duration')] })[0]).toMatch(
      /^--duration stages say how long a load takes/u,
    );
  });
});

describe('workers, pacing, transport and TLS', () => {
  test('are the same for all modes unless one has its own', () => {
    const text = `${smallest}workers: 2\npacing: relaxed\ntls: { ca: a.pem, servername: shop.test }
modes: { a: none, b: { workers: auto, transport: undici, tls: { insecure: true, ca: null } } }\n`;
    expect(modeOf(text, 'a')).toMatchObject({ workers: 2, pacing: 'relaxed', transport: { name: 'wire' } });
    expect(modeOf(text, 'a').tls).toStrictEqual({ insecure: false, ca: 'a.pem', servername: 'shop.test' });
    expect(modeOf(text, 'b')).toMatchObject({ workers: 'auto', transport: { name: 'undici' } });
    expect(modeOf(text, 'b').tls).toStrictEqual({ insecure: true, servername: 'shop.test' });
  });

  test.each([
    ['workers: 65', '3:10 expected 1 to 64 or "auto", got the number 65'],
    ['pacing: hybird', '3:9 expected auto, hybrid or relaxed, got text "hybird" (did you mean "hybrid"?)'],
    ['transport: wir', '3:12 unknown transport "wir" (did you mean "wire"?)'],
    ['tls: { cert: a.pem }', '3:14 "cert" needs "key" beside it (such as key: key.pem, or leave "cert" out)'],
    ['tls: { key: a.pem }', '3:13 "key" needs "cert" beside it (such as cert: cert.pem, or leave "key" out)'],
    ['tls: { ca: "" }', '3:12 expected the path of a PEM file, got text ""'],
    ['tls: { verify: false }', '3:8 unknown key "verify" (known here: insecure, ca, extraCa, cert, key, servername)'],
  ])('%s is refused', (text, problem) => {
    expect(linesOf(`${smallest}${text}\n`)).toEqual([`shop.yaml:${problem}`]);
  });

  test('every worker needs a user, those of an open load too', () => {
    expect(linesOf(`${smallest}load: { users: 2 }\n`, { settings: [set('workers', 4, '--workers')] })).toEqual([
      '--workers 4 workers for 2 users: every worker needs a user ("users: 4" or more in the load, or fewer workers)',
    ]);
    expect(problems('{ rate: 1/s }', 'workers: 2\n')).toEqual([
      '4:10 2 workers for 1 user: every worker needs a user ("users: 2" or more in the load, or fewer workers)',
    ]);
    expect(modeOf(`${smallest}load: { users: 2 }\nworkers: 2\n`, 'lock-free').workers).toBe(2);
  });
});

describe('a unix socket as target', () => {
  test.each([
    ['http://unix:/', 'expected the path of a unix socket, got text "http://unix:/"'],
    ['http://unix:/a.sock:api', 'expected the path of a unix socket, got text "http://unix:/a.sock:api"'],
    ['http://unix:/a.sock:/x?y', '"http://unix:/a.sock:/x?y" is not a valid address'],
  ])('%s is refused', (target, message) => {
    const [line, ...others] = linesOf(`target: ${target}\nsteps: [{ get: / }]\n`);
    expect(line).toContain(message);
    expect(others).toEqual([]);
  });

  test('has a path that fits into a socket address', () => {
    const target = `http://unix:/${'a'.repeat(107)}`;
    expect(linesOf(`target: ${target}\nsteps: [{ get: / }]\n`)).toEqual([
      'shop.yaml:1:9 the path of a unix socket has at most 107 bytes, this one has 108',
    ]);
  });
});
