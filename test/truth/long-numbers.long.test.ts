import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { parseJson } from '../../src/core/exact/parse.ts';
import type { VerifiedHistory } from '../../src/core/result/finding.ts';
import { assertNoLeftovers, contendHere } from '../cli/contend.ts';
import { documentOf } from '../cli/document.ts';
import { firstId, openLongNumbers } from './long-numbers.ts';

const folder = mkdtempSync(join(tmpdir(), 'contend-long-numbers-'));
afterAll(() => rmSync(folder, { recursive: true }));
afterEach(assertNoLeftovers);

const ids = Array.from({ length: 400 }, (_, at) => ({ id: `${firstId + BigInt(at)}` }));
writeFileSync(join(folder, 'ids.ndjson'), ids.map(({ id }) => `{"id":${id}}\n`).join(''));
writeFileSync(join(folder, 'ids.json'), `[${ids.map(({ id }) => `{"id":${id}}`).join()}]`);
writeFileSync(join(folder, 'ids.csv'), `id\n${ids.map(({ id }) => `${id}\n`).join('')}`);

/** Of each model: the steps of an iteration, and its section. */
const scenarios: { readonly [name: string]: string } = {
  'issue': `
steps: [{ name: next, post: /snow }]
consistency: { issue: { issue: { step: next, value: body.id } } }`,
  'issue in order, nested': `
steps: [{ name: next, post: /snow }]
consistency: { issue: { ordered: true, issue: { step: next, value: 'body.depth[0].id' } } }`,
  'register': `
steps:
  - { name: write, put: '/value/\${k}', json: { v: '\${row.id}' } }
  - { name: look, get: '/value/\${k}' }
consistency:
  register:
    key: '\${k}'
    write: { step: write, value: '\${row.id}' }
    see: { step: look, value: body.v }
    read: { get: '/value/\${key}', value: body.v }`,
  'register by versions': `
steps:
  - { name: write, put: '/versioned/\${k}', json: { v: '\${tag}' } }
  - { name: look, get: '/versioned/\${k}' }
consistency:
  register:
    key: '\${k}'
    write: { step: write, value: '\${tag}', version: body.version }
    see: { step: look, value: body.v, version: body.version }`,
  'mutex': `
steps:
  - { name: lock, post: '/lock/\${k}', expect: { status: [200, 409] }, capture: { token: body.token ?? 0 } }
  - if: '\${token > 0}'
    then: [{ think: 6ms }, { name: unlock, delete: '/lock/\${k}', headers: { x-token: '\${token}' } }]
consistency:
  mutex: { key: '\${k}', acquire: { step: lock, token: body.token }, release: { step: unlock, token: '\${token}' } }`,
  'append-log': `
steps:
  - { name: append, post: '/log/\${k}', json: { e: '\${row.id}' } }
  - { name: look, get: '/log/\${k}' }
consistency:
  append-log:
    key: '\${k}'
    append: { step: append, value: '\${row.id}' }
    see: { step: look, list: body.list }
    read: { get: '/log/\${key}', value: body.list }`,
};

const run = async (origin: string, scenario: string, ...flags: readonly string[]) => {
  const file = join(folder, 'scenario.yaml');
  writeFileSync(
    file,
    `
target: ${origin}
destructive: true
seed: 5
rounds: 1
load: { users: 6, iterations: 120, warmup: 0 }
data: { k: 1..2, tag: uuid, row: { file: ids.ndjson, pick: unique } }
before: [{ post: /reset }]
modes: { free: {} }
${scenario}
`,
  );
  return contendHere(['run', file, '-q', ...flags]);
};

describe.each(Object.entries(scenarios))('values beyond 2^53 of a model: %s', (_, scenario) => {
  test.each([true, false])('on a target that is right: %s', async (isRight) => {
    await using server = await openLongNumbers(isRight);
    const histories = mkdtempSync(join(folder, 'histories-'));
    const { code, stdout } = await run(server.origin, scenario, '--json', '--history', histories);
    const [mode] = documentOf(stdout).modes;
    const { verdict, findings } = mode!.consistency!;
    expect([mode!.iterations.failed, isRight ? 'right' : verdict]).toEqual([0, isRight ? 'right' : 'violated']);
    expect(isRight ? findings : []).toEqual([]);
    expect(['consistent', 'no-violation-found', 'violated']).toContain(verdict);
    // What was kept is judged as the run has judged it.
    const again = await contendHere(['verify', join(histories, readdirSync(histories)[0]!), '--json']);
    const verified = parseJson(again.stdout) as VerifiedHistory;
    expect([again.code, verified.verdict]).toEqual([code, verdict]);
    expect(verified.findings.map(({ rule, key }) => [rule, key])).toEqual(findings.map(({ rule, key }) => [rule, key]));
  });
});

test('a certificate has the digits, in the terminal, in files, and in a saved document that is shown again', async () => {
  await using server = await openLongNumbers(false);
  const out = mkdtempSync(join(folder, 'out-'));
  const { stdout } = await run(server.origin, scenarios['issue']!, '--out', out);
  const document = readFileSync(join(out, 'result.json'), 'utf8');
  const [digits] = /154181560360603[0-9]{4}/u.exec(document) ?? [];
  expect(document).toMatch(/"value": 154181560360603\d{4}[,\n]/u);
  expect(stdout).toContain(digits);
  const files = readdirSync(out).map((name) => [name, readFileSync(join(out, name), 'utf8')] as const);
  for (const [name, text] of files) {
    if (['result.json', 'violations.ndjson', 'summary.md'].includes(name)) expect(text).toContain(digits);
    // What was rounded would end in zeros.
    expect(text).not.toContain('1541815603606036500');
  }
  const again = await contendHere(['report', join(out, 'result.json')]);
  expect(again.stdout).toContain(digits);
});

test.each(['ids.ndjson', 'ids.json', 'ids.csv'])(
  'what was captured, and what was drawn from %s, is sent on digit for digit',
  async (file) => {
    await using server = await openLongNumbers(true);
    const text = `
target: ${server.origin}
destructive: true
rounds: 1
load: { users: 1, iterations: 5, warmup: 0 }
data: { row: { file: ${file}, pick: sequential } }
steps:
  - { name: make, post: /things, capture: { id: body.id }, expect: { that: body.id > 1541815603606036480 } }
  - name: look
    put: '/things/\${id}'
    headers: { x-id: '\${id}' }
    json: { id: '\${id}', row: '\${row.id}', all: 'is \${id}' }
    expect: { status: 200 }
`;
    writeFileSync(join(folder, 'send.yaml'), text);
    const { code, stderr } = await contendHere(['run', join(folder, 'send.yaml'), '-q']);
    expect([code, stderr]).toEqual([0, '']);
    const quotes = file === 'ids.csv' ? '"' : '';
    expect(server.asked).toEqual(
      Array.from({ length: 5 }, (_, at) => {
        const id = firstId + BigInt(at + 1);
        const row = `${quotes}${firstId + BigInt(at)}${quotes}`;
        return { id: String(id), header: String(id), body: `{"id":${id},"row":${row},"all":"is ${id}"}` };
      }),
    );
  },
);

test('a counter beyond 2^53 is unknown, with the mend', async () => {
  await using server = await openLongNumbers(true);
  const section =
    'consistency: { counter: { key: a, add: { step: add, by: 1 }, read: { get: /count/1, value: VALUE } } }';
  for (const value of ['body.n', "'number(body.n)'"]) {
    const { code, stdout } = await run(
      server.origin,
      `steps: [{ name: add, post: /count/1 }]\n${section.replace('VALUE', value)}`,
      '--json',
    );
    const { verdict, checks } = documentOf(stdout).modes[0]!.consistency!;
    expect([code, verdict]).toEqual([97, 'unknown']);
    expect(checks[0]!.because).toMatch(
      /^the value of a is 154181560360603\d{4}, beyond 2\^53: put it in quotes or count in smaller numbers$/u,
    );
  }
});

test('fractions of more digits than a number keeps are unknown, and no accusation', async () => {
  await using server = await openLongNumbers(true);
  const { code, stdout } = await run(
    server.origin,
    'steps: [{ name: next, post: /price }]\nconsistency: { issue: { issue: { step: next, value: body.price } } }',
    '--json',
  );
  const { verdict, checks } = documentOf(stdout).modes[0]!.consistency!;
  expect([code, verdict]).toEqual([97, 'unknown']);
  expect(checks[0]!.because).toMatch(/^0\.\d{19} has more digits than can be compared: put it in quotes$/u);
});

test('arithmetic with such a number fails the iteration', async () => {
  await using server = await openLongNumbers(true);
  const { stdout } = await run(
    server.origin,
    "steps: [{ name: make, post: /things, capture: { id: body.id } }, { name: look, get: '/things/${id + 1}' }]",
    '--json',
  );
  const [mode] = documentOf(stdout).modes;
  expect(mode!.failuresByClass).toMatchObject({ capture: { count: 120 } });
  expect(stdout).toContain('beyond 2^53: put it in quotes or count in smaller numbers');
});
