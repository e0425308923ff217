// What report.html costs: its size, the CPU time to render it once it has been rendered before, and how soon a browser has read it.
// For the demo, and for the largest possible page: twenty modes with a hundred findings each, all of it hostile.
// `node test/bench/page.mjs [--quick] [--markdown]`, with the built dist; the browser is Debian's chromium.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { readResult } from '../../dist/src/core/result/read.js';
import { html } from '../../dist/src/report/html/html.js';
import { median } from './figures.mjs';
import { goal, printGoals } from './goals.mjs';
import { quick } from './options.mjs';

const command = fileURLToPath(new URL('../../dist/bundle/contend.js', import.meta.url));
const argv = [command, 'demo', '--json', '-q', ...(quick ? ['-d', '600ms', '--rounds', '2'] : [])];
const { stdout } = spawnSync(process.execPath, argv, { encoding: 'utf8', maxBuffer: 1 << 28 });
const demo = readResult(stdout, 'the demo');

/** The same run, made to break the page. */
const largest = ({ modes, ...run }) => {
  const hostile = `"><img src=x onerror="alert(1)"></title></style></svg><script>alert(2)</script><!-- ${'&<>'.repeat(60)}`;
  const wrong = modes.find(({ consistency }) => consistency.findings.length > 0);
  const findings = Array.from({ length: 100 }, (_, at) => {
    const finding = wrong.consistency.findings[at % wrong.consistency.findings.length];
    return {
      ...finding,
      rule: `${hostile} ${at % 7}`,
      key: hostile,
      because: Array.from({ length: 20 }, () => hostile),
    };
  });
  return {
    ...run,
    modes: Array.from({ length: 20 }, (_, at) => {
      const mode = at === 0 ? modes[0] : { ...wrong, name: `${hostile} ${at}` };
      return { ...mode, consistency: { ...wrong.consistency, findings } };
    }),
  };
};

const cpuMs = (result) => {
  const before = process.cpuUsage();
  html(result);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
};

const repeat = (times, measure) => Array.from({ length: times }, measure);

const folder = mkdtempSync(join(tmpdir(), 'contend-page-'));

/** How soon a browser has read a page from a file, in ms. */
const readMs = async (page, text) => {
  const file = join(folder, 'report.html');
  writeFileSync(file, text);
  const all = [];
  for (let times = 0; times < (quick ? 3 : 11); times++) {
    await page.goto(pathToFileURL(file).href);
    all.push(await page.evaluate(() => performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd));
  }
  return median(all);
};

const place = '/usr/bin/chromium';
const browser = existsSync(place)
  ? await (await import('playwright-core')).chromium.launch({ executablePath: place, args: ['--no-sandbox'] })
  : undefined;
const page = await browser?.newPage();

const goals = [];
for (const { name, result, mostKb } of [
  { name: 'of the demo', result: demo, mostKb: 200 },
  { name: 'of twenty modes × 100 findings', result: largest(demo), mostKb: 1500 },
]) {
  repeat(10, () => cpuMs(result));
  const [{ text }] = html(result);
  goals.push(
    goal(
      `the page ${name}: kB, ${mostKb.toLocaleString('en-US')} at most`,
      Buffer.byteLength(text) / 1000,
      (kb) => kb <= mostKb,
    ),
    ...(result === demo
      ? [
          goal(
            `the page ${name}: ms of CPU time to render it, 50 at most`,
            median(repeat(21, () => cpuMs(result))),
            (ms) => ms <= 50,
          ),
        ]
      : []),
    goal(
      `the page ${name}: ms until a browser has read it, 300 at most`,
      page === undefined ? NaN : await readMs(page, text),
      (ms) => ms <= 300,
    ),
    goal(
      `the page ${name}: elements, 6,000 at most`,
      page === undefined ? NaN : await page.evaluate(() => document.querySelectorAll('*').length),
      (count) => count <= 6000,
    ),
  );
}
await browser?.close();
rmSync(folder, { recursive: true });
printGoals(goals);
