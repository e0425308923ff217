import { expect, test } from 'vitest';
import type { Result } from '../../../src/core/result/result.ts';
import { html } from '../../../src/report/html/html.ts';
import { markdown } from '../../../src/report/markdown/markdown.ts';
import { terminal } from '../../../src/report/terminal/terminal.ts';
import { agentsResult } from '../agents-result.ts';
import { exampleResult } from '../example-result.ts';
import { hostileText } from '../hostile-markup.ts';

const text = (result: Result, width = 80, details = true): string => terminal(result, { width, color: false, details });

/** What the page says of the agents, a line for each piece. */
const figureIn = (result: Result): string | undefined =>
  /<section id="agents".*?<\/section>/su
    .exec(html(result)[0].text)?.[0]
    .replaceAll(/(?=<(?:section|h2|figure|figcaption|table|tr|svg|p|div))/gu, '\n');

test.each([60, 80, 120])(
  'a run on agents reads at %d columns as it did, on one screen and at length',
  async (width) => {
    await expect(text(agentsResult(), width, false)).toMatchFileSnapshot(`../../golden/screen-agents-${width}.txt`);
    await expect(text(agentsResult(), width)).toMatchFileSnapshot(`../../golden/terminal-agents-${width}.txt`);
  },
);

test('and so do its summary and its figure of the page', async () => {
  await expect(markdown(agentsResult())[0].text).toMatchFileSnapshot('../../golden/summary-agents.md');
  await expect(`${figureIn(agentsResult())!.trim()}\n`).toMatchFileSnapshot('../../golden/page-agents.html');
});

test('the page says of every mode that several clocks tell which share of pairs overlaps only by them', () => {
  const figure = figureIn(agentsResult())!;
  expect(figure.match(/3\.4.% <\/td>|3\.4.%/gu)).toHaveLength(2);
  expect(figure).toContain('2,102 of 61,204');
  const { modes, ...rest } = agentsResult();
  const unset = modes.map(({ consistency, ...mode }) => ({
    ...mode,
    consistency:
      consistency === null ? null : { ...consistency, exposure: { ...consistency.exposure, clocks: undefined } },
  })) as unknown as Result['modes'];
  expect(figureIn({ ...rest, modes: unset })).not.toContain('only by the clocks');
});

test('where this machine measures alone nothing is said of agents', () => {
  for (const said of [text(exampleResult()), markdown(exampleResult())[0].text]) expect(said).not.toMatch(/agent/iu);
  expect(figureIn(exampleResult())).toBeUndefined();
});

test('names of hosts come from outside, and do nothing', () => {
  const result = agentsResult([hostileText, '<script>alert(1)</script>', '\u001b[2J| a | b |\n\n# head']);
  const escape = String.fromCodePoint(27);
  expect(text(result)).not.toContain(escape);
  expect(figureIn(result)).not.toMatch(/<script|<img/iu);
  expect(markdown(result)[0].text).not.toMatch(/<script|^# head/imu);
});
