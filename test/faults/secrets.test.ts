import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { assertNoLeftovers, contend, contendHere, type Ended } from '../cli/contend.ts';
import { refusingOrigin } from '../cli/server.ts';
import { openFaultServer, type FaultServer } from './open.ts';
import { openFolder, type Folder } from './run.ts';

let server: FaultServer;
let folder: Folder;

beforeAll(async () => {
  [server, folder] = await Promise.all([openFaultServer(), openFolder()]);
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await folder[Symbol.asyncDispose]();
});
afterEach(assertNoLeftovers);

const secrets = {
  token: 'tok/en+with=all&"of it%',
  password: 'hunter2-correct-horse',
  cookie: 'c0fe-c0fe-c0fe-c0fe',
  key: 'k3y-of-the-kingdom',
  basic: 'sesame-open-sesame',
};

const base64 = (text: string): string => Buffer.from(text).toString('base64');

/** Each secret as somebody may write it, in small letters. */
const forms = Object.values(secrets).flatMap((secret) =>
  [
    secret,
    encodeURIComponent(secret),
    JSON.stringify(secret).slice(1, -1),
    base64(secret),
    base64(`me:${secret}`),
    base64(`admin:${secret}`),
    Buffer.from(secret).toString('base64url'),
  ].map((form) => form.toLowerCase().replace(/=+$/u, '')),
);

/** What the server can do, but for ending itself. */
const faults = [...readFileSync(new URL('server.mjs', import.meta.url), 'utf8').matchAll(/^ {2}'([a-z0-9-]+)': /gmu)]
  .map(([, fault]) => fault!)
  .filter((fault) => fault !== 'refuses-after');

/** Captures read the body; every other mode writes. */
const scenarioOf = (target: string, some: readonly string[]): string => `
target: ${target}
secrets: [TOKEN]
rounds: 1
timeouts: { connect: 5s, request: 250ms }
# More users than iterations: where all of them time out, nothing more is measured.
load: { users: 5, iterations: 4, warmup: 0 }
headers:
  authorization: "Bearer \${env.TOKEN}"
  cookie: session=${secrets.cookie}
  x-api-key: ${secrets.key}
data: { n: 1..3 }
steps: [{ name: ask, get: /none }]
modes:
${some
  .map((fault, at) => {
    const path = `/${fault}/5/5?token=\${env.TOKEN}&n=\${n}`;
    const what =
      at % 2 === 0
        ? `get: "${path}", capture: { stock: body.stock, length: "body.stock - 1" }`
        : `put: "${path}", json: { token: "\${env.TOKEN}" }, expect: { status: 201 }`;
    const own = at % 3 === 0 ? `, headers: { authorization: "Basic ${base64(`admin:${secrets.basic}`)}" }` : '';
    return `  ${fault}: { steps: { ask: { ${what}${own} } } }`;
  })
  .join('\n')}
`;

/** All that a run has written, by where. */
const written = async (
  text: string,
  args: readonly string[] = [],
  start: typeof contend | typeof contendHere = contendHere,
): Promise<[Pick<Ended, 'code' | 'stdout' | 'stderr'>, [where: string, text: string][]]> => {
  const file = await folder.file('secret.yaml', text);
  const summary = await folder.file('step-summary.md', '');
  const out = join(folder.path, 'out');
  const env = { TOKEN: secrets.token, GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: summary };
  const ended = await start(['run', file, '--out', out, ...args], { env, withinMs: 60_000 });
  const files = readdirSync(out).map((name): [string, string] => [name, readFileSync(join(out, name), 'utf8')]);
  return [
    ended,
    [['stdout', ended.stdout], ['stderr', ended.stderr], ['summary', readFileSync(summary, 'utf8')], ...files],
  ];
};

const expectNoSecret = (outputs: readonly (readonly [where: string, text: string])[]): void => {
  for (const [where, text] of outputs) {
    const folded = text.toLowerCase();
    for (const form of forms) {
      const at = folded.indexOf(form);
      expect(at === -1 ? '' : `${where}: ${text.slice(Math.max(0, at - 80), at + 80)}`).toBe('');
    }
  }
};

test.each([0, 1])('no output of a run that fails in every way has a secret in it, part %i', async (part) => {
  const some = faults.filter((_, at) => at % 2 === part);
  expect(some.length).toBeGreaterThan(15);
  const target = server.origin.replace('//', `//me:${secrets.password}@`);
  const [ended, outputs] = await written(scenarioOf(target, some), [], contend);
  expect(ended.stderr).not.toMatch(/internal error/u);
  expect(outputs.map(([where]) => where)).toEqual(
    expect.arrayContaining(['report.html', 'result.json', 'junit.xml', 'summary.md', 'slots.csv']),
  );
  const { modes } = JSON.parse(outputs.find(([where]) => where === 'result.json')![1]) as {
    modes: { requests: { total: number } }[];
  };
  expect(modes.filter(({ requests }) => requests.total > 0)).toHaveLength(some.length);
  // Else nothing was there to be masked.
  if (part === 0) expect(outputs.find(([where]) => where === 'result.json')![1]).toContain('***');
  expectNoSecret(outputs);
});

test.each(['echo', 'echo-status', 'echo-json', 'echo-type', 'echo-bare', 'echo-credential'])(
  'nor has the headline of a run in which nothing completed, with the answer of %s in it',
  async (fault) => {
    const target = server.origin.replace('//', `//me:${secrets.password}@`);
    const text = scenarioOf(target, [fault])
      .replace('iterations: 4', 'iterations: 25')
      .replace('capture: { stock: body.stock, ', 'capture: { ');
    const [ended, outputs] = await written(text, ['--details']);
    expect(ended.code).toBe(96);
    expect(ended.stdout).toContain(`INVALID  no iteration of ${fault} completed: ask: `);
    expectNoSecret(outputs);
    // On one screen, too.
    const short = await contendHere(['report', join(folder.path, 'out', 'result.json')]);
    expect(short.stdout).toContain(`INVALID  no iteration of ${fault} completed: ask: `);
    expectNoSecret([['stdout', short.stdout]]);
  },
);

test('nor has that of a run whose target cannot be reached', async () => {
  const target = (await refusingOrigin()).replace('//', `//me:${secrets.password}@`);
  const [ended, outputs] = await written(scenarioOf(target, ['echo']));
  expect(ended.code).toBe(96);
  expect(ended.stdout).toContain('cannot be reached');
  expectNoSecret(outputs);
});

test('nor have the problems of a scenario', async () => {
  const text = `${scenarioOf(`http://me:${secrets.password}@localhost`, ['echo'])}\nextra: "${secrets.cookie}"\nconsistency: { ${secrets.key}: 1 }\n`;
  const file = await folder.file('problems.yaml', text);
  const ended = await contendHere(['run', file, '-e', `TOKEN=${secrets.token}`]);
  expect(ended.code).toBe(2);
  expect(ended.stderr).toContain('unknown key');
  expectNoSecret([['stderr', ended.stderr]]);
  const broken = await folder.file('broken.yaml', `${text}headers: { authorization: Bearer ${secrets.basic}: }`);
  expectNoSecret([['stderr', (await contendHere(['run', broken])).stderr]]);
});
