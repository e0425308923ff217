import { describe, expect, test } from 'vitest';
import { main } from '../../src/cli/main.ts';
import type { RunComparison } from '../../src/core/result/run-comparison.ts';
import type { Result } from '../../src/core/result/result.ts';
import { html } from '../../src/report/html/html.ts';
import { widthOf } from '../../src/report/plain.ts';
import { interval } from '../../src/report/sections/compared.ts';
import { terminalRuns } from '../../src/report/terminal/terminal.ts';
import { around, modeOfRounds, runOf } from '../judge/runs.ts';
import { hostileText } from '../report/hostile-markup.ts';
import { parsed } from '../report/html/parsed.ts';
import { scriptedHost } from './host.ts';

const histogram = runOf([modeOfRounds('x', [])]).modes[0]!.lockHoldUs;
/** Times that a reader of documents can decode. */
const whole = (result: Result): Result => ({
  ...result,
  modes: result.modes.map((mode) => ({
    ...mode,
    responseTimeUs: histogram,
    lockWaitUs: histogram,
    steps: [],
  })),
});

const before = whole(
  runOf([modeOfRounds('locked', around(1000, 2000)), modeOfRounds('new', around(1500, 1300))], {
    startedAt: '2024-12-31T00:00:00.000Z',
  }),
);
const after = whole(runOf([modeOfRounds('locked', around(950, 2100)), modeOfRounds('new', around(1100, 1900))]));

const compare = async (documents: { readonly [file: string]: string | Result }, ...flags: readonly string[]) => {
  const { host, stdout, stderr } = scriptedHost(['compare', ...Object.keys(documents), ...flags], {
    readText: async (path) => {
      const document = documents[path]!;
      return typeof document === 'string' ? document : JSON.stringify(document);
    },
  });
  return { code: await main(host), stdout: stdout(), stderr: stderr() };
};

describe('contend compare', () => {
  test.each([40, 60, 80, 120])('at %i columns the comparison of two runs reads as it did', async (width) => {
    const { stdout } = await compare({ 'a.json': before, 'b.json': after }, '--json');
    const text = terminalRuns(JSON.parse(stdout) as RunComparison, { width, color: false });
    for (const line of text.split('\n')) expect(widthOf(line)).toBeLessThanOrEqual(width);
    await expect(text).toMatchFileSnapshot(`../golden/terminal-runs-${width}.txt`);
  });

  test('prints levels and the change through the control, and ends with 0 however much slower it is', async () => {
    const { code, stdout, stderr } = await compare({ 'a.json': before, 'b.json': after });
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/throughput +1,5\d\d\/s +1,1\d\d\/s +0\.772× +0\.\d+ to 0\.\d+× +slower/u);
    expect(stdout).toMatch(/advisory: no\sbuild passes or fails by them/u);
  });

  test('takes pages for documents', async () => {
    const [a, b] = [before, after].map((one) => html(one)[0].text);
    const { code, stdout, stderr } = await compare({ 'a.page': a!, 'b.page': b! });
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toBe((await compare({ 'a.json': before, 'b.json': after })).stdout);
  });

  test('--format html is the same as a page, with every change on one axis', async () => {
    const { code, stdout } = await compare({ 'a.json': before, 'b.json': after }, '--format', 'html');
    expect(code).toBe(0);
    const page = parsed(stdout);
    expect(page.errors).toEqual([]);
    const comparison = JSON.parse(
      (await compare({ 'a.json': before, 'b.json': after }, '--json')).stdout,
    ) as RunComparison;
    const intervals = page.elements.filter(({ attributes }) => attributes.get('class') === 'interval');
    expect(intervals).toHaveLength(comparison.changes.filter(({ low }) => low !== null).length);
    const rows = page.all('tr').slice(1);
    expect(rows).toHaveLength(comparison.changes.length);
    comparison.changes.forEach(({ low, high, change }, at) => {
      expect(rows[at]!.text).toContain(interval(low, high));
      if (change !== null) expect(rows[at]!.text).toContain(change);
    });
  });

  test('--format markdown is the same as a table, --json the comparison itself', async () => {
    const { stdout } = await compare({ 'a.json': before, 'b.json': after }, '--format', 'markdown');
    await expect(stdout).toMatchFileSnapshot('../golden/summary-runs.md');
    const document = JSON.parse(
      (await compare({ 'a.json': before, 'b.json': after }, '--json')).stdout,
    ) as RunComparison;
    expect(document).toMatchObject({ control: 'locked', level: 0.95, onlyBefore: [], onlyAfter: [] });
    expect(document.changes.map(({ mode }) => mode)).toContain('new');
  });

  test('runs that are too different are refused with every reason', async () => {
    const other = { ...after, machine: { ...after.machine, cores: 8 }, scenario: { ...after.scenario, name: 'other' } };
    const { code, stdout, stderr } = await compare({ 'a.json': before, 'b.json': other });
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toBe(
      'contend: a.json and b.json cannot be compared:\n' +
        '  - cores: 2 before, 8 after\n' +
        '  - scenario: online-store before, other after\n' +
        'Measure both builds in one run instead: a mode for each, with its own target.\n',
    );
  });

  test('what is no result document is refused by its name', async () => {
    const { code, stderr } = await compare({ 'a.json': before, 'b.json': '{}' });
    expect(code).toBe(2);
    expect(stderr).toContain('b.json is not a result document');
  });

  test('runs without a mode in common have nothing to compare', async () => {
    const lonely = { ...after, modes: [after.modes[0]!, { ...after.modes[1]!, name: 'came' }] };
    const { code, stdout } = await compare({ 'a.json': before, 'b.json': lonely });
    expect(code).toBe(0);
    expect(stdout).toMatch(/Only before: new\.\nOnly after: came\./u);
  });

  test('names from outside are made safe', async () => {
    const bad = (result: Result): Result => ({
      ...result,
      startedAt: hostileText,
      scenario: { ...result.scenario, name: hostileText },
      modes: result.modes.map((mode, at) => (at === 0 ? mode : { ...mode, name: hostileText })),
    });
    const documents = { 'a.json': bad(before), 'b.json': bad(after) };
    expect((await compare(documents)).stdout).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}\p{Cs}]/u);
    const { stdout } = await compare(documents, '--format', 'markdown');
    expect(stdout).not.toMatch(/<script|(?!\n)[\p{Cc}\p{Cf}\p{Cs}]|^\s*::/mu);
  });
});
