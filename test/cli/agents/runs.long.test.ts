import { once } from 'node:events';
import { createServer } from 'node:http';
import { hostname } from 'node:os';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { hasRedis, withRedis } from '../../redis.ts';
import { assertNoLeftovers } from '../contend.ts';
import { expectIdentities, modeOf, sentIn } from '../document.ts';
import { inTerminal, noPython } from '../screen/pseudo-terminal.ts';
import { AgentsRig } from './rig.ts';

afterEach(assertNoLeftovers);

const counted = (requests: readonly string[]): readonly (readonly [string, number])[] => {
  const counts = new Map<string, number>();
  for (const request of requests) counts.set(request, (counts.get(request) ?? 0) + 1);
  return [...counts].toSorted(([a], [b]) => (a < b ? -1 : 1));
};

const reads = (modes: string): string => `
load: { users: 12, iterations: 300 }
data: { product: 1..1000, id: uuid }
steps:
  - name: read
    get: /products/\${product}?id=\${id}
modes:
${modes}`;

/** A target that remembers the bodies that it was sent, as texts. */
const openBodies = async () => {
  const bodies: string[] = [];
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => void parts.push(part));
    request.on('end', () => {
      bodies.push(`${request.url} ${Buffer.concat(parts).toString('latin1')}`);
      response.end('{}');
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    bodies,
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    [Symbol.asyncDispose]: async () => {
      server.close().closeAllConnections();
      await once(server, 'close');
    },
  };
};

describe.skipIf(!hasRedis)(`agents${withRedis}`, () => {
  test('have the rows of tables and the files of requests, which lie on the machine of the run alone', async () => {
    await using rig = await AgentsRig.of(2);
    await using target = await openBodies();
    const rows = Array.from({ length: 400 }, (_, row) => `${row},user-${row},"a, ""quoted"" name ${row}"`);
    rig.beside('users.csv', `id,name,note\n${rows.join('\n')}\n`);
    // Every byte, in more than one part on the way, and no two files alike.
    const photo = Buffer.from(Array.from({ length: 1_500_000 }, (_, at) => (at * 31 + (at >> 8)) & 255));
    rig.beside('photo.bin', photo);
    rig.beside('note.bin', Buffer.from([0, 255, 10, 13, 0]));
    const modes = ['workers: 2', 'agents: 2'];
    const sent: string[][] = [];
    for (const mode of modes) {
      const file = rig.scenario(
        `
load: { users: 6, iterations: 200 }
data: { user: { file: users.csv, pick: unique } }
steps:
  - name: known
    put: "/users/\${user.id}"
    json: { name: "\${user.name}", note: "\${user.note}" }
  - if: "\${user.id % 50 == 0}"
    then:
      - name: photo
        post: "/photos/\${user.id}"
        body: { file: photo.bin }
  - name: note
    post: "/notes/\${user.id}"
    body: { file: note.bin }
modes: { only: { ${mode} } }`,
        'data.yaml',
      );
      const flags = ['--target', target.origin, ...(mode.startsWith('agents') ? rig.asking : [])];
      const result = await rig.result(file, flags);
      expect(result.exitCode).toBe(0);
      sent.push(target.bodies.splice(0).toSorted());
    }
    expect(sent[0]!.length).toBeGreaterThan(400);
    const users = new Set(sent[0]!.map((one) => /^\/users\/(\d+)/u.exec(one)?.[1]).filter((id) => id !== undefined));
    expect(users.size).toBe(200);
    const photos = sent[0]!.filter((one) => one.startsWith('/photos/'));
    expect(photos.length).toBeGreaterThan(0);
    for (const one of photos) expect(one.endsWith(` ${photo.toString('latin1')}`)).toBe(true);
    // Compared as numbers first: a difference of megabytes is no message.
    expect(sent[1]!.map((one) => one.length)).toEqual(sent[0]!.map((one) => one.length));
    expect(sent[1]!.every((one, at) => one === sent[0]![at])).toBe(true);
  });

  test.skipIf(noPython !== '')(`are shown by --live, each with its host, rate, CPU and clock${noPython}`, async () => {
    await using rig = await AgentsRig.of(2);
    const file = rig.scenario('load: { users: 6, duration: 60s, think: 5ms }\nsteps: [{ get: /products/1 }]');
    const seen = await inTerminal(
      `$contend run ${file} --live ${rig.asking.join(' ')}`,
      [{ until: 'clock ±' }, { wait: 2.5, mark: 'view' }, { write: 'q' }],
      { columns: 100 },
    );
    const numbers = String.raw` +[\d,]+/s  CPU +\S+ %  clock ± \d[^\n]*\n`;
    const host = hostname()
      .slice(0, 20)
      .replaceAll('.', String.raw`\.`);
    expect(seen.at('view').text).toMatch(
      new RegExp(String.raw`agents  1 ${host}\S*${numbers} +2 ${host}\S*${numbers}`, 'u'),
    );
    expect([seen.code, seen.isRestored]).toEqual([130, true]);
  });

  test('send what one thread and three threads send for the same seed, and count what the server counts', async () => {
    await using rig = await AgentsRig.of(3);
    const sent: (readonly (readonly [string, number])[])[] = [];
    for (const mode of ['workers: 1', 'workers: 3', 'agents: 3']) {
      const before = rig.target.requests.length;
      const flags = mode.startsWith('agents') ? rig.asking : [];
      const result = await rig.result(rig.scenario(reads(`  only: { ${mode} }`)), flags);
      expect(result.exitCode).toBe(0);
      expectIdentities(modeOf(result, 'only'));
      const requests = rig.target.requests.slice(before);
      expect(sentIn(result)).toBe(requests.length);
      expect(requests.length).toBe(300);
      // The document names each of them, and none where there were none.
      const of = mode === 'agents: 3' ? [1, 2, 3] : undefined;
      expect(result.agents?.map(({ agent }) => agent)).toEqual(of);
      expect(modeOf(result, 'only').agents?.map(({ agent }) => agent)).toEqual(of);
      sent.push(counted(requests));
    }
    expect(sent[1]).toEqual(sent[0]);
    expect(sent[2]).toEqual(sent[0]);
  });
});
