import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Result } from '../../src/core/result/result.ts';
import { contend, contendHere } from './contend.ts';
import { openServer } from './server.ts';
import { openStrictShop, type StrictShop } from './strict-shop.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'contend-flow-'));
});
afterAll(async () => rm(folder, { recursive: true }));

const shopping = (origin: string, load: string): string => `
name: shopping
target: ${origin}
rounds: 2
seed: 7
load: { users: 6, ${load} }
data: { product: 1..50 }
cookies: true
auth: { bearer: "\${token}" }
before: [{ post: /reset, capture: { day: body.day } }]
login:
  - post: /login
    form: { user: "user-\${user.number}", password: "päss & user-\${user.number}" }
    capture: { token: body.token }
steps:
  - name: look
    get: /products/\${product}
    query: { tags: [a, b c] }
    capture: { pages: body.pages }
  - repeat:
      times: "\${pages}"
      steps: [{ name: look again, get: "/products/\${product}", query: { tags: [a, b c] } }]
  - choose:
      - weight: 3
        steps:
          - critical:
              - think: 1ms..2ms
              - name: buy
                post: /products/\${product}/purchases
                json: { quantity: 1 }
                redirects: 1
      - steps: []
after: [{ post: /close }]
modes: { locked: mutex, lock-free: { lock: none, transport: undici } }
`;

/** What contend says it has sent, of every mode and kind. */
const sentBy = ({ modes }: Result): number =>
  modes
    .flatMap(({ requests: { total, unmeasured } }) => [total, ...Object.values<number>({ ...unmeasured })])
    .reduce((sum, count) => sum + count, 0);

const run = async (
  shop: StrictShop,
  load: string,
  ...flags: string[]
): Promise<{ code: number | null; result: Result }> => {
  const file = join(folder, 'shopping.yaml');
  await writeFile(file, shopping(shop.origin, load));
  const { code, stdout, stderr } = await contendHere(['run', file, '--json', '-q', ...flags]);
  if (stdout === '') throw new Error(stderr);
  return { code, result: JSON.parse(stdout) as Result };
};

describe('a shop that refuses what is out of order', { timeout: 120_000 }, () => {
  test.each(['1', '2'])(
    'is visited in order by every user over %s workers, and counts what contend counts',
    async (workers) => {
      await using shop = await openStrictShop();
      const { code, result } = await run(shop, 'iterations: 60, warmup: 20ms', '-w', workers);
      expect(shop.refused).toEqual([]);
      expect(code).toBe(0);
      expect(sentBy(result)).toBe(shop.requests());
      const users = ['1', '2', '3', '4', '5', '6'].map((number) => `user-${number}`);
      expect(new Set(shop.logins)).toEqual(new Set(users));
      expect(shop.logins).toHaveLength(4 * users.length);
      const counts = shop.counts();
      for (const mode of result.modes) {
        expect(mode.iterations).toMatchObject({ begun: 60, completed: 60 });
        expect(mode.requests.unmeasured).toMatchObject({ before: 2, login: 12, after: 2 });
        const step = (name: string) => mode.steps.find((one) => one.name === name)?.requests;
        expect([step('look'), step('look again')]).toEqual([60, 120]);
        // Each purchase is the post and the receipt that it leads to, and an attempt.
        expect(step('buy')).toBe(2 * mode.attempts);
        expect(mode.requests.byStatus['303']).toBe(mode.attempts);
      }
      expect(counts['receipt']).toBe(counts['buy']);
      expect(counts['reset']).toBe(4);
      expect(counts['close']).toBe(4);
      expect(result.generator.warnings.map(({ code: warning }) => warning)).not.toContain('AFTER');
    },
  );

  test('is sent the same purchases over 1 and 2 workers', async () => {
    const purchases = async (workers: string): Promise<readonly string[]> => {
      await using shop = await openStrictShop();
      await run(shop, 'iterations: 40, warmup: 0', '-w', workers, '--modes', 'lock-free');
      expect(shop.refused).toEqual([]);
      return shop.bought.toSorted();
    };
    expect(await purchases('2')).toEqual(await purchases('1'));
  });

  test.each(['1', '2'])(
    'measures nothing over %s workers where one user cannot log in, and is closed all the same',
    async (workers) => {
      await using shop = await openStrictShop('user-4');
      const { code, result } = await run(shop, 'iterations: 120, warmup: 0', '-w', workers);
      expect(code).toBe(96);
      expect(result.invalid).toEqual({
        code: 'ERR_LOGIN',
        message: 'login, in mode locked, of user 4: POST /login: status 403, expected one below 400',
        hint: 'contend does not measure with users who are not logged in. Make the steps under "login:" succeed for each of them.',
      });
      expect(shop.counts()).not.toHaveProperty('look');
      expect(shop.counts()).toMatchObject({ reset: 1, close: 1 });
    },
  );
});

/** Twelve shoppers, two of whose names are no simple text in a CSV file. */
const shoppers = Array.from({ length: 12 }, (_, at) => ({
  name: at === 2 ? 'Oil, "Fish" & Sons' : at === 5 ? 'e=mc2; +1' : `shopper ${at}`,
  product: 10 + at,
  quantity: 1 + (at % 3),
}));

const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;

const fromFile = (origin: string): string => `
name: shoppers
target: ${origin}
rounds: 2
load: { users: 6, iterations: 120, warmup: 0 }
data: { shopper: { file: users.csv, pick: sequential } }
cookies: true
auth: { bearer: "\${token}" }
before: [{ post: /reset }]
login:
  - post: /login
    form: { user: "\${shopper.name}", password: "\${shopper.password}" }
    capture: { token: body.token }
steps:
  - group:
      name: visit
      steps:
        - { name: look, get: "/products/\${shopper.product}", query: { tags: [a, b c] }, capture: { pages: body.pages } }
        - critical:
            - group:
                name: checkout
                steps:
                  - name: buy
                    post: /products/\${shopper.product}/purchases
                    json: { quantity: "\${shopper.quantity}" }
                    redirects: 1
        - repeat: { times: "\${pages}", steps: [{ group: { name: rest, steps: [{ think: 1ms }] } }] }
after: [{ post: /close }]
modes: { locked: mutex, lock-free: { lock: none, transport: undici } }
gates: [p50(locked/visit) < 20s, p50(lock-free/checkout) < 20s]
`;

test.each(['1', '2'])(
  'shoppers from the rows of a file log in, browse and buy over %s workers, each row in order, and every count agrees',
  { timeout: 60_000 },
  async (workers) => {
    await using shop = await openStrictShop();
    const file = join(folder, 'shoppers.yaml');
    const rows = shoppers.map(({ name, product, quantity }) =>
      [quoted(name), quoted(`päss & ${name}`), product, quantity].join(','),
    );
    await writeFile(join(folder, 'users.csv'), `name,password,product,quantity\r\n${rows.join('\r\n')}\r\n`);
    await writeFile(file, fromFile(shop.origin));
    const { code, stdout, stderr } = await contendHere(['run', file, '--json', '-q', '-w', workers]);
    expect(shop.refused).toEqual([]);
    expect([code, stderr]).toEqual([0, '']);
    const result = JSON.parse(stdout) as Result;
    expect(sentBy(result)).toBe(shop.requests());
    // Six users, those of the first rows, in two rounds of two modes.
    const users = shoppers.slice(0, 6).flatMap(({ name }) => [name, name, name, name]);
    expect(shop.logins.toSorted()).toEqual(users.toSorted());
    // 120 iterations of two modes, over twelve rows.
    const bought = shoppers.flatMap(({ product, quantity }) =>
      Array.from({ length: 20 }, () => `${quantity} of ${product}`),
    );
    expect(shop.bought.toSorted()).toEqual(bought.toSorted());
    expect(shop.counts()).toMatchObject({ look: 240, buy: 240, receipt: 240, login: 24, reset: 4, close: 4 });
    for (const { iterations, steps, groups, slots } of result.modes) {
      expect(iterations).toMatchObject({ begun: 120, completed: 120 });
      expect(steps.map(({ name, requests }) => [name, requests])).toEqual([
        ['look', 120],
        ['buy', 240],
      ]);
      const passes = groups!.map(({ name, timeUs, unfinished }) => [name, timeUs.count, unfinished]);
      expect(passes).toEqual([
        ['visit', 120, 0],
        ['checkout', 120, 0],
        ['rest', 240, 0],
      ]);
      expect(slots.map((slot) => slot.groups!['rest']!.count)).toEqual([120, 120]);
      const [visit, checkout, rest] = groups!.map(({ timeUs }) => timeUs);
      expect(Math.min(checkout!.min, rest!.min)).toBeGreaterThan(0);
      // A visit holds a checkout and two rests; means are rounded to 0.1 µs.
      expect(visit!.mean).toBeGreaterThanOrEqual(checkout!.mean + 2 * rest!.mean - 1);
    }
    expect(result.gates.map(({ verdict, samples }) => [verdict, samples])).toEqual([
      ['pass', 120],
      ['pass', 120],
    ]);
  },
);

test('an "after" that fails is told, and costs nothing that was measured', async () => {
  await using server = await openServer((request) => (request === 'DELETE /shop' ? 500 : 200));
  const file = join(folder, 'after.yaml');
  await writeFile(
    file,
    `target: ${server.origin}\nload: { users: 2, iterations: 10 }\nsteps: [{ get: /a }]\nafter: [{ delete: /shop }, { get: /b }]\n`,
  );
  const { code, stdout } = await contendHere(['run', file, '--json', '-q']);
  const result = JSON.parse(stdout) as Result;
  expect(code).toBe(0);
  expect(result.modes[0]!.iterations.completed).toBe(10);
  expect(sentBy(result)).toBe(server.requests.length);
  expect(server.requests.at(-1)).toBe('DELETE /shop');
  expect(result.generator.warnings).toContainEqual({
    code: 'AFTER',
    message:
      'after, in mode lock-free, did not end as expected in 1 of 1 slots: DELETE /shop: status 500, expected one below 400.',
    hint: 'The measurement is valid. Check the state that the target was left in.',
  });
});

describe('a file that a request sends', { timeout: 60_000 }, () => {
  const scenario = (origin: string, file: string): string =>
    `target: ${origin}\nload: { users: 1, iterations: 2 }\nsteps: [{ name: upload, put: /a, body: { file: ${file} } }]\n`;

  test('is read from the folder of the scenario, wherever contend is started', async () => {
    await using server = await openServer(() => 200);
    await mkdir(join(folder, 'bodies'), { recursive: true });
    await writeFile(join(folder, 'bodies/a.bin'), 'abc');
    await writeFile(join(folder, 'files.yaml'), scenario(server.origin, 'bodies/a.bin'));
    const { code, stderr } = await contend(['run', join(folder, 'files.yaml'), '-q'], { cwd: tmpdir() });
    expect([code, stderr]).toEqual([0, '']);
    expect(server.requests.filter((request) => request === 'PUT /a')).toHaveLength(2);
  });

  test.each([
    ['link.bin', 'it is outside the folder of the scenario'],
    ['linked/secret.bin', 'it is outside the folder of the scenario'],
    ['bodies', 'it is not a file'],
    ['missing.bin', 'no such file'],
  ])('is not %s', async (name, why) => {
    await using server = await openServer(() => 200);
    const [inside, outside] = [await mkdtemp(join(folder, 'in-')), await mkdtemp(join(folder, 'out-'))];
    await writeFile(join(outside, 'secret.bin'), 'secret');
    await symlink(join(outside, 'secret.bin'), join(inside, 'link.bin'));
    await symlink(outside, join(inside, 'linked'));
    await mkdir(join(inside, 'bodies'));
    await writeFile(join(inside, 'files.yaml'), scenario(server.origin, name));
    for (const command of ['run', 'validate']) {
      const { code, stderr } = await contendHere([command, join(inside, 'files.yaml')]);
      expect(code).toBe(2);
      expect(stderr).toContain(`upload: the file ${name} cannot be sent: ${why}`);
    }
    expect(server.requests).toEqual([]);
  });
});
