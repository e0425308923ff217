import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { assertNoLeftovers, contendHere } from './contend.ts';

const folder = mkdtempSync(join(tmpdir(), 'contend-outcomes-'));
let origin = '';

/** A counter that adds nothing to each fifth change, and says so in the body of a 200; or says 202 to all of them. */
const counts = new Map<string, number>();
let asked = 0;
const server = createServer((request, response) => {
  request.resume().on('end', () => {
    const [, kind = '', key = ''] = request.url!.split('/');
    const says = (status: number, body: string): void => void response.writeHead(status).end(body);
    if (request.method === 'GET') return says(200, `{"n":${counts.get(key) ?? 0}}`);
    const isDone = kind !== 'errors' || asked++ % 5 > 0;
    // Others are asked in the meantime.
    setTimeout(() => {
      if (isDone) counts.set(key, (counts.get(key) ?? 0) + 1);
      says(kind === 'accepts' ? 202 : 200, kind === 'empty' ? '' : isDone ? '{"ok":true}' : '{"errors":["no"]}');
    }, 2);
  });
});

beforeAll(async () => {
  await once(server.listen(0, '127.0.0.1'), 'listening');
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(assertNoLeftovers);
afterAll(async () => {
  server.closeAllConnections();
  await once(server.close(), 'close');
  rmSync(folder, { recursive: true });
});

const run = async (kind: string, { step = '', said = '' }): ReturnType<typeof contendHere> => {
  writeFileSync(
    join(folder, 'counter.yaml'),
    `target: ${origin}
rounds: 1
load: { users: 8, iterations: 300 }
data: { k: 1..3 }
steps:
  - { name: add, post: "/${kind}/\${k}"${step} }
consistency:
  counter:
    key: "\${k}"
    add: { step: add, by: 1${said} }
    read: { get: "/n/\${key}", value: body.n }
`,
  );
  return contendHere(['run', 'counter.yaml', '--no-color'], { cwd: folder });
};

describe('an answer 200 with errors in it', () => {
  test.each([
    ['is not known to be done where the step does not accept it', { step: `, expect: { that: "!body.errors" }` }, 0],
    ['is not known to be done where "done:" does not hold', { said: `, done: "!body.errors"` }, 0],
    ['is surely not done where it is refused', { said: ', refused: body.errors' }, 0],
    ['is done where nothing says otherwise', {}, 98],
    [
      'is done where "done:" says so, whatever the step expects',
      { step: `, expect: { that: "!body.errors" }`, said: `, done: status == 200` },
      98,
    ],
  ])('%s', async (_, said, expected) => {
    const { code, stdout } = await run('errors', said);
    expect([code, expected === code ? '' : stdout]).toEqual([expected, '']);
  });
});

test('202 is accepted, and not done: there is nothing to judge by, and the report says why', async () => {
  const { code, stdout } = await run('accepts', {});
  expect(code).toBe(97);
  expect(stdout.replaceAll(/\s+/gu, ' ')).toContain(
    '300 answers to add said 202, which means accepted, but not yet done',
  );
  expect((await run('accepts', { said: ', done: status == 202' })).code).toBe(0);
});

test('an expression that cannot be evaluated leaves the outcome unknown, and is reported', async () => {
  const { code, stdout } = await run('empty', { said: `, done: "!body.errors"` });
  expect(code).toBe(97);
  expect(stdout.replaceAll(/\s+/gu, ' ')).toContain('"done:" or "refused:" could not be evaluated for 300 answers');
});

test('what cannot have an effect is refused before anything is sent, with its place', async () => {
  const { code, stderr } = await run('errors', { said: `, refused: '409'` });
  expect(code).toBe(2);
  expect(stderr).toContain('counter.yaml:10:39  expected a status, got text "409"');
  expect(stderr).toContain('write 409 without quotes');
});
