// Every part of the bench, one after the other: `npm run bench`, with `-- --quick`, `-- --markdown`, or `-- --page`, which
// puts the tables into docs/performance.md, each between its two comments.
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { quick } from './options.mjs';

const parts = [
  ['peers.mjs'],
  ['secure.mjs'],
  ['scenario.mjs'],
  ['open-loop.mjs'],
  ['accuracy.mjs'],
  ['growth.mjs'],
  ['profile.mjs'],
  ['locks.mjs'],
  ['cluster.mjs'],
  ['engine.mjs'],
  ['page.mjs'],
  ['overhead.mjs', quick ? '2' : '12'],
  ['live.mjs', quick ? '1' : '12'],
];
const page = new URL('../../docs/performance.md', import.meta.url);
const isForPage = process.argv.includes('--page');
const flags = [
  ...(quick ? ['--quick'] : []),
  ...(isForPage || process.argv.includes('--markdown') ? ['--markdown'] : []),
];

/** If a part fails, its place in the page stays as it was. */
const intoPage = (part, text) => {
  const begin = `<!-- bench: ${part} -->\n`;
  const before = readFileSync(page, 'utf8');
  const from = before.indexOf(begin) + begin.length;
  const to = before.indexOf('<!-- /bench -->', from);
  if (from < begin.length || to < 0) throw new Error(`docs/performance.md has no place for ${part}`);
  writeFileSync(page, `${before.slice(0, from)}\n${text.trim()}\n\n${before.slice(to)}`);
};

for (const [part, ...args] of parts) {
  const path = fileURLToPath(new URL(part, import.meta.url));
  const stdio = ['inherit', isForPage ? 'pipe' : 'inherit', 'inherit'];
  const { status, stdout } = spawnSync(process.execPath, [path, ...args, ...flags], { stdio, encoding: 'utf8' });
  if (status === 0 && isForPage) intoPage(part, stdout);
  if (status === 0) continue;
  process.stderr.write(`bench: ${part} ended with ${status}\n`);
  process.exitCode = status || 1;
}
