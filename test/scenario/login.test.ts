import { expect, test } from 'vitest';
import { readScenario } from '../../src/scenario/read-scenario.ts';
import { linesOf, modeOf } from './reading.ts';

const scenario = (login: string, more = ''): string => `target: http://localhost:3000
${more}login: ${login}
steps: [{ name: a, get: /a }]
`;
const step = '{ post: /token, capture: { token: body.token } }';

test('a login is a list of steps, or a map with one that says how old it may grow', () => {
  const [list, map] = [scenario(`[${step}]`), scenario(`{ renew: 10m, steps: [${step}] }`)].map((text) =>
    modeOf(text, 'lock-free'),
  );
  expect(map!.login).toStrictEqual(list!.login);
  expect([list!.renewUs, map!.renewUs]).toEqual([undefined, 600_000_000]);
});

test('a mode may change the age alone, the steps alone, or have no login', () => {
  const text = scenario(
    `[${step}]`,
    'modes: { old: {}, young: { login: { renew: 1s } }, other: { login: [{ get: /b }] }, none: { login: null } }\n',
  );
  expect(['old', 'young', 'other', 'none'].map((name) => modeOf(text, name).renewUs)).toEqual([
    undefined,
    1_000_000,
    undefined,
    undefined,
  ]);
  expect(modeOf(text, 'young').login).toStrictEqual(modeOf(text, 'old').login);
  expect(modeOf(text, 'other').login).toMatchObject([{ method: 'GET', path: '/b' }]);
  expect(modeOf(text, 'none').login).toBeUndefined();
});

test('what goes elsewhere has its own headers and credentials alone', () => {
  const text = scenario(
    `[{ target: "http://localhost:4000/auth/", post: /token, headers: { x-own: 1 } }, ${step}]`,
    'headers: { x-key: k }\nauth: { basic: { user: u, password: p } }\n',
  );
  expect(modeOf(text, 'lock-free').login).toMatchObject([
    { target: 'http://localhost:4000/auth', headers: { 'x-own': '1' } },
    { headers: { 'x-key': 'k' }, auth: { kind: 'basic' } },
  ]);
  expect(modeOf(text, 'lock-free').login![0]).not.toHaveProperty('auth');
});

const desk = 'https://login.example.com';

test('a host that a login names may be asked, and is written to only where that is meant', () => {
  const problemsOf = (text: string): readonly string[] => {
    const read = readScenario({ text, file: 'shop.yaml', settings: [], seed: 1 });
    return 'problems' in read ? read.problems.map(({ place, message }) => `${place} ${message}`) : [];
  };
  expect(problemsOf(scenario(`[{ target: "${desk}", get: /token }]`))).toEqual([]);
  expect(problemsOf(scenario(`[{ target: "${desk}", post: /token }]`))).toEqual([
    'shop.yaml:2:48 this writes to "login.example.com", which is not this machine',
  ]);
  expect(problemsOf(scenario(`[{ target: "${desk}", post: /token }]`, 'destructive: true\n'))).toEqual([]);
});

test.each([
  ['[{ target: "http://169.254.169.254", get: / }]', 'shop.yaml:2:19 no load is ever sent to "169.254.169.254"'],
  ['[{ target: "https://${env.HOST}", get: / }]', 'shop.yaml:2:19 an address must be written out'],
  ['[{ target: "builtin:store", get: / }]', 'shop.yaml:2:19 expected an address with http:// or https://'],
  ['[{ target: login.example.com, get: / }]', 'shop.yaml:2:19 expected an address with http:// or https://'],
  ['{ renew: 10, steps: [{ get: / }] }', 'shop.yaml:2:17 a duration needs a unit|expected a duration'],
  ['{ renew: 0s, steps: [{ get: / }] }', 'shop.yaml:2:17 expected a duration above 0'],
  ['{ renew: 10m }', 'shop.yaml:2:8 "steps" is missing'],
  ['{ every: 10m, steps: [{ get: / }] }', 'shop.yaml:2:10 unknown key "every"'],
  ['[{ get: /, copies: 2 }]', 'shop.yaml:2:19 a step of "login" is sent once'],
  ['{ steps: [{ get: /, retry: { on: 503 } }] }', 'shop.yaml:2:28 only "steps" send a request again'],
  ['[{ get: /, tags: a }]', 'shop.yaml:2:19 a step of "login" is not measured'],
  ['{ steps: [{ get: "/${nothing}" }] }', 'shop.yaml:2:'],
])('%s: %s', (login, message) => {
  const lines = linesOf(scenario(login)).join('\n');
  expect(message.split('|').some((one) => lines.includes(one))).toBe(true);
});

test.each([
  ['steps', 'steps: [{ get: /, target: "http://localhost:1" }]'],
  ['before', 'before: [{ get: /, target: "http://localhost:1" }]\nsteps: [{ get: / }]'],
  ['after', 'after: [{ get: /, target: "http://localhost:1" }]\nsteps: [{ get: / }]'],
])('in %s no step has a target of its own', (_, text) => {
  expect(linesOf(`target: http://localhost:3000\n${text}\n`).join('\n')).toContain(
    'only a step of "login" has its own target',
  );
});

test.each([
  ['[checkout, checkout]', ['checkout']],
  ['Kasse-1', ['Kasse-1']],
])('tags are words: %s', (tags, wanted) => {
  expect(modeOf(`target: http://x\nsteps: [{ get: /, tags: ${tags} }]\n`, 'lock-free').steps[0]).toMatchObject({
    steps: [{ tags: wanted }],
  });
});

test.each([
  ['{ type: api }', 'expected a tag or a list of tags, got a map (a tag is a word: tags: [api])'],
  ['a/b', '"a/b" is not a tag'],
  ['[]', 'expected'],
  ['[1]', 'expected a tag, got the number 1'],
])('tags: %s', (tags, message) => {
  expect(linesOf(`target: http://x\nsteps: [{ get: /, tags: ${tags} }]\n`).join('\n')).toContain(message);
});
