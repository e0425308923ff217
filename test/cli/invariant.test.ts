import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import type { VerifiedHistory } from '../../src/core/result/finding.ts';
import { openLedger, type Ledger, type LedgerOptions } from '../ledger-server.ts';
import { assertNoLeftovers, contendHere } from './contend.ts';
import { documentOf, expectIdentities, sentIn } from './document.ts';

const folder = mkdtempSync(join(tmpdir(), 'contend-invariant-'));
afterEach(assertNoLeftovers);
afterAll(() => rmSync(folder, { recursive: true }));

const balanced = '{ get: /report, that: body.debit == body.credit }';
const asking = balanced.replace(' }', ', every: 5ms }');

interface Asked {
  readonly invariant?: string;
  readonly top?: string;
  readonly load?: string;
  readonly flags?: readonly string[];
}

const run = async (
  { origin }: Ledger,
  { invariant = balanced, top = '', load = 'iterations: 240, warmup: 0', flags = [] }: Asked = {},
) => {
  const [file, histories] = [join(folder, 'ledger.yaml'), mkdtempSync(join(folder, 'histories-'))];
  const text = `target: ${origin}
rounds: 1
load: { users: 8, ${load} }
${top}steps: [{ name: pay, post: /payments }]
consistency:
  invariant: ${invariant}
`;
  writeFileSync(file, text);
  const ended = await contendHere(['run', file, '-q', '--json', '--history', histories, ...flags]);
  if (ended.stdout === '') throw new Error(ended.stderr);
  const document = documentOf(ended.stdout);
  const kept = readdirSync(histories).map((name) => join(histories, name));
  return { code: ended.code, document, mode: document.modes[0], kept };
};

const verify = async (kept: string, ...flags: readonly string[]) => {
  const { code, stdout, stderr } = await contendHere(['verify', kept, '--json', ...flags]);
  return { code, stderr, ...(JSON.parse(stdout === '' ? '{}' : stdout) as VerifiedHistory) };
};

const onLedger = async (options: LedgerOptions, asked?: Asked) => {
  await using ledger = await openLedger({ every: 100, ...options });
  const found = await run(ledger, asked);
  // Every request that the ledger was sent is in the document.
  expect(sentIn(found.document)).toBe(ledger.asked());
  if (found.mode !== undefined) expectIdentities(found.mode);
  return { ...found, connections: ledger.connections() };
};

describe('an invariant is asked before the load and after it', () => {
  test.each([
    ['for good', 98, 'violated', 1],
    ['none', 0, 'no-violation-found', 1],
    ['for good', 98, 'violated', 2],
    ['none', 0, 'no-violation-found', 2],
  ] as const)('of a ledger that is wrong %s: %d, %s over %d workers', async (fault, code, verdict, workers) => {
    const { mode, ...found } = await onLedger({ fault }, { flags: ['-w', String(workers)] });
    expect([found.code, mode!.consistency!.verdict]).toEqual([code, verdict]);
    expect(mode!.requests.unmeasured).toMatchObject({ finalReads: 2 });
    expect(mode!.requests.unmeasured).not.toHaveProperty('observer');
    const [finding] = mode!.consistency!.findings;
    expect(finding?.asked).toEqual(fault === 'none' ? undefined : { broken: 1, of: 2 });
    expect(mode!.consistency!.coverage).toMatchObject({ acknowledged: 240, reads: 2 });

    expect(found.kept).toHaveLength(1);
    const again = await verify(found.kept[0]!);
    expect([again.code, again.verdict, again.findings]).toMatchObject([
      code,
      verdict,
      finding === undefined ? [] : [{ rule: finding.rule, because: finding.because }],
    ]);
    expect((await verify(found.kept[0]!, '--model', 'counter')).stderr).toContain('Leave --model out');
    expect((await verify(found.kept[0]!, '--initial', '0')).stderr).toContain('--initial is for models');
  });

  test('as whoever logs in, with what the login and "before" have captured', async () => {
    const login = 'post: /login, capture: { token: body.token }, auth: none';
    const top = `login: [{ ${login} }]\nbefore: [{ ${login} }]\nauth: { bearer: '\${token}' }\n`;
    const { code, mode } = await onLedger({ fault: 'none', hasLogin: true }, { top });
    expect([code, mode!.requests.unmeasured]).toMatchObject([0, { login: 9, finalReads: 2 }]);
  });

  test('by several steps, whose captures are told apart by the names of the steps', async () => {
    const steps = ['debits', 'credits'].map((name) => `{ name: ${name}, get: /${name}, capture: { sum: body.sum } }`);
    const invariant = `{ steps: [${steps.join(', ')}], that: [debits.sum == credits.sum, sum >= 0] }`;
    const right = await onLedger({ fault: 'none' }, { invariant });
    expect([right.code, right.mode!.requests.unmeasured.finalReads]).toEqual([0, 4]);
    const wrong = await onLedger({ fault: 'for good' }, { invariant });
    expect(wrong.code).toBe(98);
    expect(wrong.mode!.consistency!.findings[0]!.because[0]).toMatch(
      /^It was answered credits\.sum \d+, debits\.sum \d+, sum \d+, and so debits\.sum == credits\.sum does not hold\.$/u,
    );
  });

  test('in every slot: what a slot before has broken is not held against the next', async () => {
    const top = 'modes: { first: none, second: mutex }\n';
    const { code, document } = await onLedger({ fault: 'for good' }, { top, load: 'iterations: 240, warmup: 0' });
    const found = new Map(document.modes.map(({ consistency }) => [consistency!.verdict, consistency!]));
    expect([code, [...found.keys()].toSorted()]).toEqual([98, ['unknown', 'violated']]);
    expect(found.get('unknown')!.checks[0]!.because).toMatch(/^it was broken before the load began: body\.credit \d+/u);
  });

  test.each<readonly [string, { readonly get?: string; readonly that?: string }, string, string]>([
    ['a status', { get: '/nowhere' }, 'initial read: 404 Not Found', 'Check the path in "invariant:"'],
    [
      'a value that is not there',
      { that: 'body.debt == body.credit' },
      'body.debt is not there',
      'Check "that:" of "invariant:"',
    ],
    [
      'what is neither true nor false',
      { that: 'body.debit' },
      'body.debit is 0, neither true nor false',
      'Check "that:"',
    ],
  ])('and the run ends with %s that tells nothing', async (_, { get = '/report', that = 'body.ok' }, why, hint) => {
    await using ledger = await openLedger({ fault: 'none' });
    const { code, document } = await run(ledger, { invariant: `{ get: ${get}, that: ${that} }` });
    expect([code, document.invalid?.code]).toEqual([96, 'ERR_FINAL_READ']);
    expect(document.invalid!.message).toContain(
      'the invariant could not be checked, in mode lock-free: initial read: ',
    );
    expect(document.invalid!.message).toContain(why);
    expect(document.invalid!.hint).toContain(hint);
  });
});

describe('an invariant with "every"', () => {
  const load = 'duration: 600ms, warmup: 20ms';

  test('is asked during the load by an observer, on a connection for each question', async () => {
    const { mode, connections } = await onLedger({ fault: 'none' }, { invariant: asking, load });
    const { observer } = mode!.requests.unmeasured;
    expect(mode!.consistency!.verdict).toBe('no-violation-found');
    expect(observer).toBeGreaterThan(3);
    expect(mode!.consistency!.coverage.reads).toBe(observer! + 2);
    // The questions before and after share none with the others either.
    expect(connections).toBe(observer! + 2);
    expect(mode!.consistency!.checks[0]!.because).toMatch(
      /^it held each time: asked \d+ times while changes were under way, /u,
    );
  });

  test('keeps what it was answered, over two workers', async () => {
    const { mode, kept } = await onLedger({ fault: 'none' }, { invariant: asking, load, flags: ['-w', '2'] });
    const again = await verify(kept[0]!);
    expect([mode!.consistency!.verdict, again.code, again.verdict]).toEqual([
      'no-violation-found',
      0,
      'no-violation-found',
    ]);
    expect(again.exposure.overlapping).toBe(mode!.consistency!.exposure.overlapping);
    expect(again.keys['all']!.because).toBe(mode!.consistency!.checks[0]!.because);
  });

  test('is shown by an answer that broke it, though it holds again at the end', async () => {
    const report = (count: number) => (count === 3 ? ([200, { debit: 10, credit: 0 }] as const) : undefined);
    const { code, mode } = await onLedger({ fault: 'none', report }, { invariant: asking, load });
    expect([code, mode!.consistency!.findings[0]!.asked?.broken]).toEqual([98, 1]);
  });

  test('takes no answer for none, and one that tells nothing for a doubt', async () => {
    const refused = (count: number) => (count === 3 ? ([503, {}] as const) : undefined);
    const busy = await onLedger({ fault: 'none', report: refused }, { invariant: asking, load });
    const { verdict, coverage } = busy.mode!.consistency!;
    expect([verdict, coverage.reads]).toEqual(['no-violation-found', busy.mode!.requests.unmeasured.observer! + 1]);
    const empty = (count: number) => (count === 3 ? ([200, {}] as const) : undefined);
    const odd = await onLedger({ fault: 'none', report: empty }, { invariant: asking, load });
    expect(odd.mode!.consistency!.verdict).toBe('unknown');
  });
});
