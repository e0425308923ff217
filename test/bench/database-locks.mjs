// The strategies of the store on PostgreSQL at low and at high contention: writes the table of docs/database-locks.md.
// `node test/bench/database-locks.mjs [--quick]`, with nothing else running; DATABASE_URL names another server.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { quick } from './options.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));
const page = join(root, 'docs/database-locks.md');
const [rounds, seconds] = quick ? [1, 1] : [6, 3];

/** The same scenario over many products, and over just one. */
const contention = { 'low: 100 products': '1..100', 'high: 1 product': '1..1' };

const folder = mkdtempSync(join(tmpdir(), 'contend-bench-'));
const measured = (products) => {
  const text = readFileSync(join(root, 'scenarios/inventory-postgres.yaml'), 'utf8')
    .replace(/product: \{.*\}/u, `product: ${products}`)
    .replace('products: 20,', `products: ${products.slice(3)},`)
    .replace(/^gates:[^]*$/mu, '');
  const file = join(folder, 'scenario.yaml');
  writeFileSync(file, text);
  const flags = ['-q', '--json', '--rounds', String(rounds), '-d', `${seconds}s`];
  const run = spawnSync(process.execPath, [join(root, 'dist/bundle/contend.js'), 'run', file, ...flags], {
    encoding: 'utf8',
    maxBuffer: 1e9,
  });
  if (run.stdout === '') throw new Error(run.stderr);
  return JSON.parse(run.stdout);
};

const ms = (us) => `${(us / 1000).toFixed(us < 10_000 ? 1 : 0)} ms`;
const counted = (number) => Math.round(number).toLocaleString('en');
const verdicts = {
  'violated': ({ lost }) => `**${counted(lost.atLeast)} of ${counted(lost.acknowledged)} sales lost**`,
  'no-violation-found': ({ lost }) => `none of ${counted(lost.acknowledged)} lost`,
};

const rowOf = (mode, control) => {
  const { name, throughputPerSecond, responseTimeUs, attempts, iterations, anatomy, consistency } = mode;
  const ratio = throughputPerSecond / control.throughputPerSecond;
  const { serverLockUs = 0, serverQueryUs = 0 } = anatomy.mean;
  return [
    `\`${name}\``,
    counted(throughputPerSecond),
    `${ratio.toFixed(2)}×`,
    ms(responseTimeUs.p50),
    ms(responseTimeUs.p95),
    ms(serverLockUs),
    ms(serverQueryUs),
    (attempts / iterations.completed).toFixed(1),
    (verdicts[consistency.verdict] ?? (() => consistency.verdict))(mode),
  ];
};

const columns = ['strategy', 'sales/s', 'vs row-lock', 'p50', 'p95', 'lock wait', 'queries', 'attempts', 'verdict'];
const tableOf = (title, { modes }) => {
  const lines = modes.map((mode) => `| ${rowOf(mode, modes[0]).join(' | ')} |`);
  return [
    `### Contention ${title}`,
    '',
    `| ${columns.join(' | ')} |`,
    `| ${columns.map(() => '---').join(' | ')} |`,
    ...lines,
  ];
};

try {
  const parts = Object.entries(contention).map(([title, products]) => [title, measured(products)]);
  const [, { machine, startedAt, tool }] = parts[0];
  const text = [
    `Measured ${startedAt.slice(0, 10)} by \`node test/bench/database-locks.mjs${quick ? ' --quick' : ''}\`: contend ${tool.version},`,
    `Node ${machine.node}, ${cpus()[0].model} (${machine.cores} cores for generator, store and database together), 16 users,`,
    `${rounds} round${rounds === 1 ? '' : 's'}, ${seconds} s for each strategy.`,
    '',
    ...parts.flatMap(([title, result], at) => [...(at === 0 ? [] : ['']), ...tableOf(title, result)]),
  ].join('\n');
  const old = /(<!-- measured -->\n)[^]*(<!-- \/measured -->)/u;
  writeFileSync(
    page,
    readFileSync(page, 'utf8').replace(old, (_, begin, end) => `${begin}\n${text}\n\n${end}`),
  );
  spawnSync('npx', ['prettier', '--write', page], { cwd: root });
  process.stdout.write(`${text}\n`);
} finally {
  rmSync(folder, { recursive: true });
}
