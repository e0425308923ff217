// The pictures of README and docs, made from a real run: `npm run images`, over the built dist and an installed Chromium; with
// `-- demo` those of the demo alone. What README shows as text is printed.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';
import { readResult } from '../../dist/src/core/result/read.js';
import { terminal } from '../../dist/src/report/terminal/terminal.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
const images = join(root, 'docs/images');
const folder = mkdtempSync(join(tmpdir(), 'contend-images-'));
mkdirSync(images, { recursive: true });

const ran = spawnSync(process.execPath, [join(root, 'dist/bundle/contend.js'), 'demo', '-q', '-o', folder], {
  cwd: root,
  encoding: 'utf8',
});
if (ran.status !== 0) throw new Error(`the demo ended with ${ran.status}: ${ran.stderr}`);
const result = readResult(readFileSync(join(folder, 'result.json'), 'utf8'), 'result.json');

const colors = { 31: '#ff7b72', 32: '#56d364', 33: '#e3b341', 35: '#bc8cff', 36: '#39c5cf' };
const escape = String.fromCodePoint(27);

/** What a terminal makes of its text, as a page. */
const terminalPage = (text) => {
  const body = text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll(new RegExp(`${escape}\\[(\\d+)m`, 'g'), (_, code) => {
      if (code === '1') return '<span style="font-weight:700">';
      if (code === '2') return '<span style="opacity:.65">';
      return colors[code] === undefined ? '</span>' : `<span style="color:${colors[code]}">`;
    });
  return `<!doctype html><meta charset="utf-8"><body style="margin:0;background:#14171a;color:#e8ebee"><pre style="margin:0;padding:18px 22px;display:inline-block;font:14px/1.3 'DejaVu Sans Mono',monospace">${body}</pre>`;
};

const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
const page = await browser.newPage({ viewport: { width: 1180, height: 720 }, deviceScaleFactor: 1 });
await page.goto(pathToFileURL(join(folder, 'report.html')).href);
const shot = async (name, clip) =>
  page.screenshot({ path: join(images, name), ...(clip === undefined ? {} : { clip, fullPage: true }) });

/** From the top of one element to the bottom of another. */
const between = async (from, to) => {
  const [top, bottom] = await Promise.all([
    page.locator(from).first().boundingBox(),
    page.locator(to).first().boundingBox(),
  ]);
  return { x: 0, y: Math.max(0, top.y - 12), width: 1180, height: bottom.y + bottom.height - top.y + 24 };
};
await shot('report.png', await between('header', '.scroll + .how'));
await shot('report-times.png', await between('#times', '#times svg'));
await shot('report-certificate.png', await between('.certificate', '.certificate ol'));

if (process.argv[2] !== 'demo') {
  const swept = spawnSync(
    process.execPath,
    [
      join(root, 'dist/bundle/contend.js'),
      'sweep',
      'scenarios/contention-sweep.yaml',
      '-q',
      '-o',
      join(folder, 'sweep'),
    ],
    { cwd: root, encoding: 'utf8' },
  );
  if (swept.status !== 0) throw new Error(`the sweep ended with ${swept.status}: ${swept.stderr}`);
  await page.goto(pathToFileURL(join(folder, 'sweep/report.html')).href);
  await shot('sweep.png', await between('#levels', '#levels svg'));
}

const file = join(folder, 'terminal.html');
writeFileSync(file, terminalPage(terminal(result, { width: 80, color: true })));
await page.goto(pathToFileURL(file).href);
await page.locator('pre').screenshot({ path: join(images, 'terminal.png') });
await browser.close();
process.stdout.write(terminal(result, { width: 80, color: false }));
rmSync(folder, { recursive: true });
