import { afterEach, describe, expect, test } from 'vitest';
import { hasRedis, withRedis } from '../../redis.ts';
import { assertNoLeftovers } from '../contend.ts';
import { expectIdentities, modeOf, sentIn } from '../document.ts';
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

describe.skipIf(!hasRedis)(`agents${withRedis}`, () => {
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
