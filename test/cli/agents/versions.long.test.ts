import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { hasRedis, withRedis } from '../../redis.ts';
import { assertNoLeftovers, matching, root } from '../contend.ts';
import { AgentsRig } from './rig.ts';

afterEach(assertNoLeftovers);

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'contend-versions-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { readonly version: string };

/** The built command once more, as another build of it would be; gives its path. */
const otherBuild = (name: string, changed: { readonly version?: string; readonly protocol?: number }): string => {
  const own = join(folder, name);
  // Not the bundle, in which constants are written out.
  for (const part of ['bin', 'src']) cpSync(join(root, 'dist', part), join(own, 'dist', part), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(own, 'node_modules'));
  const described = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as object;
  writeFileSync(join(own, 'package.json'), JSON.stringify({ ...described, version: changed.version ?? version }));
  if (changed.protocol !== undefined) {
    const path = join(own, 'dist/src/measure/runner/cluster/link/seal.js');
    const text = readFileSync(path, 'utf8');
    const other = text.replace('protocolVersion = 1;', `protocolVersion = ${changed.protocol};`);
    expect(other).not.toBe(text);
    writeFileSync(path, other);
  }
  return join(own, 'dist', 'bin', 'contend.js');
};

const flags = ['--allow-host', '127.0.0.1', '-w', '1'];
const reads = `
load: { users: 2, iterations: 20 }
steps: [{ get: /products/1 }]`;

describe.skipIf(!hasRedis)(`an agent of another build${withRedis}`, () => {
  test.each([
    [
      'version',
      { version: '9.9.9' },
      `has contend 9.9.9, and this is contend ${version}`,
      `it is of contend ${version}, and this is contend 9.9.9`,
    ],
    [
      'protocol',
      { protocol: 77 },
      `has contend ${version} with protocol 77, and this is contend ${version} with protocol 1`,
      `it speaks protocol 1 of contend ${version}, and this is contend ${version} with protocol 77`,
    ],
  ])(
    'takes no part where its %s differs: both sides tell both of them, and nothing is sent',
    async (name, changed, told, said) => {
      const other = otherBuild(name, changed);
      await using rig = await AgentsRig.open([{ flags, command: other }]);
      const file = rig.scenario(reads);
      const { code, stdout } = await rig.start(file).ended;
      const result = JSON.parse(stdout) as { readonly invalid: unknown };
      expect(code).toBe(96);
      expect(result.invalid).toEqual({
        code: 'ERR_AGENTS',
        message: `Agents have declined: ${hostname()} ${told}.`,
        hint: 'All machines of a run have the same contend, and the same CONTEND_CLUSTER_KEY.',
      });
      await matching(rig.agents[0]!.stderr, /was declined/u);
      expect(rig.agents[0]!.stderr()).toContain(`A run asked for this agent, and was declined: ${said}.`);
      expect(rig.target.requests).toEqual([]);
      // It waits for a run of its own build all the same.
      const own = await rig.start(file, rig.asking, { command: other }).ended;
      expect([own.code, rig.target.requests.length]).toEqual([0, 20]);
    },
  );
});
