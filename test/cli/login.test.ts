import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openAsking, runAsking, type Answer } from './asked.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'contend-login-'));
});
afterAll(async () => rm(folder, { recursive: true }));

const run = async (answer: Answer, scenario: (origin: string) => string) => runAsking(folder, answer, scenario);

const plain: Answer = (_, response) => response.end('{}');

test('a step of a login may go to another origin, with nothing of what is meant for the target', async () => {
  await using desk = await openAsking(({ path }, response) => {
    if (path === '/auth/session') response.setHeader('set-cookie', 'desk=1; Path=/');
    response.end('{"token":"t-1"}');
  });
  const { asked, code, mode } = await run(
    plain,
    (origin) => `
target: ${origin}
load: { users: 2, iterations: 6 }
cookies: true
headers: { x-key: of-the-target }
auth: { bearer: '\${token}' }
login:
  - { target: ${desk.origin}/auth/, post: /session, json: { user: '\${user.number}' } }
  - { target: ${desk.origin}/auth, post: /token, headers: { x-own: own }, capture: { token: body.token } }
  - { post: /welcome }
steps: [{ get: /a }]
`,
  );
  expect(code).toBe(0);
  expect(desk.asked.map(({ path }) => path).toSorted()).toEqual([
    '/auth/session',
    '/auth/session',
    '/auth/token',
    '/auth/token',
  ]);
  const [token] = desk.asked.filter(({ path }) => path === '/auth/token');
  expect([token!.headers['x-own'], token!.headers['x-key'], token!.headers.authorization]).toEqual([
    'own',
    undefined,
    undefined,
  ]);
  expect(asked).toHaveLength(8);
  for (const { headers, path } of asked) {
    expect([headers['x-key'], headers.authorization]).toEqual(['of-the-target', 'Bearer t-1']);
    expect(path).toMatch(/^\/(a|welcome)$/u);
  }
  expect([mode.requests.total, mode.requests.unmeasured.login]).toEqual([6, 6]);
});

const renewed = (origin: string, more: string): string => `
target: ${origin}
${more}
cookies: fresh
auth: { bearer: '\${token}' }
login: { renew: 60ms, steps: [{ post: /login, capture: { token: body.token } }] }
steps: [{ get: /a }]
`;

/** Numbers its tokens and their sessions, by user. */
const desk = (): Answer => {
  let given = 0;
  return ({ path }, response) => {
    if (path === '/login') response.setHeader('set-cookie', `session=${++given}; Path=/`);
    response.end(JSON.stringify({ token: `t-${given}` }));
  };
};

test.each([
  ['closed', 'load: { users: 1, duration: 400ms, warmup: 0 }\nrounds: 1'],
  ['open', 'load: { users: 1, rate: 100/s, duration: 400ms, warmup: 0 }\nrounds: 1'],
])('a login that is too old is renewed between iterations, under a %s load', async (_, load) => {
  const { asked, mode, code } = await run(desk(), (origin) => renewed(origin, load));
  expect(code).toBe(0);
  const logins = asked.filter(({ path }) => path === '/login').length;
  expect(logins).toBeGreaterThan(2);
  expect([mode.requests.unmeasured.login, asked.length]).toEqual([logins, mode.requests.total + logins]);
  expect([mode.iterations.failed, mode.failuresByClass]).toEqual([0, {}]);
  // The newest token, and the cookie that came with it.
  let current = 0;
  for (const { path, headers } of asked) {
    if (path === '/login') current++;
    else expect([headers.authorization, headers.cookie]).toEqual([`Bearer t-${current}`, `session=${current}`]);
  }
});

test('who cannot log in again fails that iteration, and tries again before the next', async () => {
  let logins = 0;
  const { mode, asked } = await run(
    ({ path }, response) => {
      if (path === '/login' && ++logins === 2) response.statusCode = 503;
      response.end('{"token":"t"}');
    },
    (origin) => renewed(origin, 'load: { users: 1, duration: 500ms, warmup: 0 }\nrounds: 1'),
  );
  expect(mode.iterations.failed).toBe(1);
  expect(mode.failuresByClass.capture).toMatchObject({
    count: 1,
    example: 'login, again: POST /login: status 503, expected one below 400',
  });
  expect(mode.iterations.begun).toBe(mode.iterations.completed + 1);
  expect(asked.filter(({ path }) => path === '/login').length).toBeGreaterThan(2);
});

test('whoever reads values logs in again, too', async () => {
  let given = 0;
  const { code, asked } = await run(
    ({ path, headers }, response) => {
      const isOld = path !== '/login' && headers.authorization !== `Bearer t-${given}`;
      response.statusCode = isOld ? 401 : 200;
      response.end(JSON.stringify(path === '/login' ? { token: `t-${++given}` } : { n: 1 }));
    },
    (origin) => `
target: ${origin}
load: { users: 1, duration: 300ms, warmup: 0 }
rounds: 1
auth: { bearer: '\${token}' }
login: { renew: 60ms, steps: [{ post: /login, capture: { token: body.token } }] }
steps: [{ get: /page, expect: { status: [200, 401] } }]
consistency: { invariant: { get: /value, that: body.n == 1 } }
`,
  );
  // Every login ends the session before it: the reader's own is the last one when it asks.
  expect(asked.filter(({ path }) => path === '/value').length).toBe(2);
  // Nothing was written, so that nothing was put to the test; but everything could be read.
  expect([0, 97]).toContain(code);
});
