import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import type { Result } from '../../src/core/result/result.ts';
import { openBank, type Answer, type Bank, type BankOptions } from '../bank-server.ts';
import { assertNoLeftovers, contend, contendHere } from './contend.ts';
import { documentOf, sentIn } from './document.ts';

const folder = mkdtempSync(join(tmpdir(), 'contend-reader-'));
afterEach(assertNoLeftovers);
afterAll(() => rmSync(folder, { recursive: true }));

interface Scenario {
  readonly top?: string;
  readonly before?: string;
  readonly login?: string;
  readonly auth?: string;
  readonly step?: string;
  readonly read?: string;
  readonly rounds?: number;
}

const users = 8;
const usersLogIn = `login:
  - post: /login
    json: { user: 'u\${user.number}', pin: '0000' }
    capture: { token: body.token }
`;

const scenario = (
  { origin }: Bank,
  {
    top = '',
    before = '',
    login = usersLogIn,
    auth = `{ bearer: '\${token}' }`,
    step = '',
    read = '',
    rounds = 1,
  }: Scenario,
): string => `target: ${origin}
rounds: ${rounds}
load: { users: ${users}, iterations: 200 }
data: { account: 1..4 }
before:
  - post: /test/reset
    json: { accounts: 4 }
${before}${login}${auth === '' ? '' : `auth: ${auth}\n`}${top}steps:
  - { name: deposit, post: '/accounts/\${account}/deposits', json: { amount: 10 }${step} }
consistency:
  counter:
    key: '\${account}'
    add: { step: deposit, by: 10, value: body.balance }
    read: { get: '/accounts/\${key}', value: body.balance${read} }
`;

const run = async (bank: Bank, said: Scenario = {}, flags: readonly string[] = []): Promise<Result> => {
  const file = join(folder, 'deposit.yaml');
  writeFileSync(file, scenario(bank, said));
  const { stdout, stderr } = await contendHere(['run', file, '--json', '-q', ...flags]);
  if (stdout === '') throw new Error(stderr);
  return documentOf(stdout);
};

const verdictOf = ({ modes }: Result): unknown => modes[0]?.consistency?.verdict;
const unmeasuredOf = ({ modes }: Result) => modes[0]!.requests.unmeasured;

/** Every request that the bank was sent is in the document, exactly. */
const expectCounted = (document: Result, bank: Bank): void => expect(sentIn(document)).toBe(bank.asked());

describe('values behind a login are read by a user of their own', () => {
  test.each([
    ['before', 98, 'violated'],
    ['after', 0, 'consistent'],
  ] as const)('the build %s ends with %d', async (build, code, verdict) => {
    await using bank = await openBank({ build });
    writeFileSync(join(folder, 'deposit.yaml'), scenario(bank, { rounds: 2 }));
    const ended = await contend(['run', 'deposit.yaml', '--json', '-q'], { cwd: folder });
    const document = documentOf(ended.stdout);
    expect([ended.code, verdictOf(document)]).toEqual([code, verdict]);
    // Once in each slot, before the first read: there are two rounds of one mode.
    expect(unmeasuredOf(document)).toMatchObject({ before: 2, login: 2 * (users + 1), finalReads: 2 * 2 * 4 });
    expect(bank.counts()).toMatchObject({ 'POST /login': 2 * (users + 1), 'GET /accounts/1': 4 });
    expectCounted(document, bank);
  });

  test('also over several workers, and for two models once', async () => {
    await using bank = await openBank({ build: 'after' });
    const twice = `, headers: { x-a: b } }\n  stock:\n    key: '\${account}'\n    take: { step: deposit, by: -10 }\n    read: { get: '/accounts/\${key}', value: body.balance`;
    const document = await run(bank, { read: twice }, ['-w', '2']);
    expect(unmeasuredOf(document)).toMatchObject({ login: users + 1, finalReads: 2 * 2 * 4 });
    expectCounted(document, bank);
  });

  const targets: readonly (readonly [string, BankOptions, Scenario, Partial<ReturnType<typeof unmeasuredOf>>])[] = [
    ['a target that knows the users and nobody else', { build: 'before', users }, {}, { login: users + 2 }],
    [
      'one that ends a session where the same user logs in again',
      { build: 'before', isOneSession: true },
      {},
      { login: users + 1 },
    ],
    [
      'one with cookies',
      { build: 'before', hasCookies: true },
      { top: 'cookies: true\n', auth: '', login: usersLogIn.replace(/ {4}capture.*\n/u, '') },
      { login: users + 1 },
    ],
    [
      'a token that "before" has captured, for the read alone',
      { build: 'before' },
      {
        before: `  - { post: /login, json: { user: reader, pin: '0000' }, capture: { own: body.token } }\n`,
        read: `, auth: { bearer: '\${own}' }`,
      },
      { before: 2, login: users + 1 },
    ],
    [
      'the token in a header of the read',
      { build: 'before' },
      { read: `, headers: { authorization: 'Bearer \${token}' }, auth: none` },
      { login: users + 1 },
    ],
    [
      'what "before" captures under the name that the login has as well: the login counts',
      { build: 'before' },
      { before: `  - { post: /login, json: { user: reader, pin: '0000' }, capture: { token: "'stale'" } }\n` },
      { before: 2, login: users + 1 },
    ],
    [
      'a cookie that "before" was given, which "after" has as well',
      { build: 'before', hasCookies: true },
      {
        top: `cookies: true\nafter: [{ get: /accounts/1 }]\n`,
        auth: '',
        login: '',
        before: `  - { post: /login, json: { user: reader, pin: '0000' } }\n`,
        step: '',
      },
      { before: 2, after: 1 },
    ],
  ];
  test.each(targets)('%s', async (what, options, said, unmeasured) => {
    await using bank = await openBank(options);
    const document = await run(bank, said);
    // Without a login of their own the users have no session, and all that they send is refused.
    expect(document.invalid?.code).toBe(what.startsWith('a cookie') ? 'ERR_NOTHING_COMPLETED' : undefined);
    expect(verdictOf(document)).toBe(what.startsWith('a cookie') ? 'not-exercised' : 'violated');
    expect(unmeasuredOf(document)).toMatchObject(unmeasured);
    expect(document.generator.warnings.map(({ code }) => code)).not.toContain('AFTER');
    expectCounted(document, bank);
  });

  test('where nobody but the users may log in, a user that is unknown twice ends the run before anything is measured', async () => {
    await using bank = await openBank({ build: 'after', users: 0 });
    const document = await run(bank);
    expect(document.invalid).toMatchObject({
      code: 'ERR_LOGIN',
      message:
        'login, in mode lock-free, of the reader of values, as user 9: POST /login: status 401, expected one below 400; and as user 1: POST /login: status 401, expected one below 400',
    });
    expect(document.invalid!.hint).toContain('one additional user, or else by the first');
  });
});

describe('a read that fails is told with when it was and a hint that fits:', () => {
  const read =
    (answer: Answer | 'hang up', when = 1): BankOptions['instead'] =>
    (method, path, count) =>
      method === 'GET' && path === '/accounts/1' && count >= when ? answer : undefined;

  const failures: readonly (readonly [string, Scenario, BankOptions['instead'], string, string])[] = [
    [
      'nothing is sent with it',
      { auth: '', login: '' },
      undefined,
      'initial read: 401 Unauthorized',
      'The target requires credentials: what "login:" or "before:" captures is known to "auth:"',
    ],
    [
      'it goes without',
      { read: ', auth: none' },
      undefined,
      'initial read: 401 Unauthorized',
      'The read does not use the credentials of the steps',
    ],
    ['its credentials are not enough', {}, read([403]), 'initial read: 403 Forbidden', 'May that user see this value?'],
    [
      'its session has ended',
      {},
      read([401], 2),
      'final read: 401 Unauthorized',
      'The read was let in before the load. Has its session ended',
    ],
    [
      'there is nothing',
      {},
      read([404]),
      'initial read: 404 Not Found',
      'Check the path in "read:" under "consistency:", and that it exists for every value of the key ${account}.',
    ],
    ['it is too much', {}, read([429]), 'initial read: 429 Too Many Requests', 'as many at a time as there are users'],
    [
      'it cannot be asked so',
      {},
      read([405]),
      'initial read: 405 Method Not Allowed',
      'what the target requires there',
    ],
    [
      'the target fails',
      {},
      read([500], 2),
      'final read: 500 Internal Server Error',
      'The target itself failed: its log says why.',
    ],
    [
      'it is led elsewhere',
      {},
      read([302, {}, { location: '/login?next=%2Fsecret' }]),
      'initial read: 302 Found, a redirect to /login',
      '"redirects: 5"',
    ],
    ['no JSON', {}, read([200, '<html>']), 'initial read: the body is not JSON: ', 'says that it is text/html.'],
    [
      'the value is not there',
      {},
      read([200, { id: 1, amount: 5 }]),
      'initial read: body.balance is not a number in the answer: it is not there',
      'the answer has id, amount.',
    ],
    [
      'the value is a text',
      {},
      read([200, { balance: '12' }]),
      'initial read: body.balance is not a number in the answer, but "12"',
      '"value: number(body.balance)"',
    ],
    ['the target has died', {}, read('hang up', 2), 'final read: ', 'The target no longer answers. Did it exit?'],
  ];
  test.each(failures)('%s', async (_, said, instead, problem, hint) => {
    await using bank = await openBank({ build: 'after', instead });
    const { invalid } = await run(bank, said);
    expect(invalid?.code).toBe('ERR_FINAL_READ');
    expect(invalid?.message).toMatch(/^the value of [1-4] could not be read, in mode lock-free: /u);
    expect(invalid?.message).toContain(problem);
    expect(invalid?.hint).toContain(hint);
  });

  test('what "after" cleans up is cleaned up all the same', async () => {
    await using bank = await openBank({ build: 'after', instead: read([403]) });
    const { invalid } = await run(bank, { top: 'after: [{ post: /test/reset }]\n' });
    expect(invalid?.message).toContain('initial read: 403 Forbidden');
    expect(bank.counts()).toMatchObject({ 'POST /test/reset': 2 });
  });

  test('the run ends with 96, and the report says both', async () => {
    await using bank = await openBank({ build: 'after', instead: read([401]) });
    writeFileSync(join(folder, 'deposit.yaml'), scenario(bank, {}));
    const { code, stdout } = await contend(['run', 'deposit.yaml', '--no-color'], { cwd: folder });
    expect(code).toBe(96);
    expect(stdout.replaceAll(/\s+/gu, ' ')).toMatch(
      /INVALID the value of 1 .*initial read: 401 Unauthorized\. The target does not let the read in/u,
    );
  });
});
