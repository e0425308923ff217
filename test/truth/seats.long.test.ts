import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import type { ModeResult } from '../../src/core/result/result.ts';
import { contendHere } from '../cli/contend.ts';
import { documentOf, expectIdentities } from '../cli/document.ts';
import { openSeats } from './seat-server.ts';

const folder = mkdtempSync(join(tmpdir(), 'contend-seats-'));
afterAll(() => rmSync(folder, { recursive: true }));

interface Case {
  readonly what: 'seats' | 'locks';
  /** Between what is taken and what is given back. */
  readonly think: boolean;
  readonly lock?: 'none' | 'mutex' | 'keyed';
  readonly workers?: number;
}

/** Somebody takes one of twenty seats, or one of three locks, and gives it back. */
const scenario = (origin: string, { what, think, lock = 'none' }: Case): string => `target: ${origin}
rounds: 2
load: { users: 16, duration: 2s, warmup: 50ms }
data: { thing: 1..${what === 'seats' ? 20 : 3} }
before: [{ post: /reset, auth: none }]
login: [{ post: /login, json: { user: 'u\${user.number}' }, auth: none, capture: { token: body.token } }]
auth: { bearer: '\${token}' }
steps:
  - { name: take, post: '/${what}/\${thing}', expect: { status: [201, 409] }, capture: { holder: 'body.holder ?? ""' } }
  - if: '\${holder != ""}'
    then:${think ? '\n      - think: 3ms..8ms' : ''}
      - { name: back, delete: '/${what}/\${thing}' }
modes: { only: ${lock === 'keyed' ? "{ lock: { keyed: '${thing}' } }" : lock} }
consistency:
  ${what === 'seats' ? 'allocation' : 'mutex'}: { key: '\${thing}', acquire: { step: take }, release: { step: back } }
`;

const judged = async (one: Case, isRight: boolean): Promise<{ readonly mode: ModeResult; readonly twice: number }> => {
  await using server = await openSeats(isRight);
  const file = join(folder, 'seats.yaml');
  writeFileSync(file, scenario(server.origin, one));
  const { stdout, stderr } = await contendHere(['run', file, '--json', '-q', '-w', String(one.workers ?? 1)]);
  if (stdout === '') throw new Error(stderr);
  const [mode] = documentOf(stdout).modes;
  expectIdentities(mode!);
  return { mode: mode!, twice: server.givenTwice() };
};

const saidOf = ({ consistency }: ModeResult): readonly unknown[] => [
  consistency?.verdict,
  consistency?.checks[0]?.because ?? '',
];
const hint = expect.stringContaining('put "think:" between acquire and release') as string;

describe.each<Case>([
  { what: 'seats', think: false },
  { what: 'seats', think: false, workers: 2 },
  { what: 'locks', think: false },
])('$what that are given back at once, with $workers workers', (one) => {
  test('are no comfort, whether the server is right or not: two holders would not have been seen', async () => {
    const right = await judged(one, true);
    expect(right.twice).toBe(0);
    expect(saidOf(right.mode)).toEqual(['not-exercised', hint]);
    const wrong = await judged(one, false);
    expect(wrong.twice).toBeGreaterThan(10);
    expect(['not-exercised', 'violated']).toContain(wrong.mode.consistency?.verdict);
  });
});

describe.each<Case>([
  { what: 'seats', think: true },
  { what: 'seats', think: true, workers: 2 },
  { what: 'locks', think: true },
])('$what that are kept for a while, with $workers workers', (one) => {
  test('are right where the server is, and violated where it is not', async () => {
    const right = await judged(one, true);
    expect([right.twice, ...saidOf(right.mode)]).toEqual([0, 'consistent', '']);
    expect(right.mode.consistency!.exposure.overlapping).toBeGreaterThan(10);
    const wrong = await judged(one, false);
    expect(wrong.twice).toBeGreaterThan(10);
    expect(wrong.mode.consistency?.verdict).toBe('violated');
  });
});

test.each<Case>([
  { what: 'seats', think: true, lock: 'mutex' },
  { what: 'seats', think: true, lock: 'keyed' },
])('under contend’s own lock ($lock) who waited for it would have shown that it lets two in', async (one) => {
  const { mode, twice } = await judged(one, false);
  expect([twice, ...saidOf(mode)]).toEqual([0, 'consistent', '']);
});

test('under contend’s own lock nobody would have seen two who give back at once', async () => {
  const { mode } = await judged({ what: 'seats', think: false, lock: 'mutex' }, false);
  expect(saidOf(mode)).toEqual(['not-exercised', hint]);
});
