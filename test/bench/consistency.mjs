// How long every model takes to judge a history, and how many bytes an operation costs in all: columns, rows by key and scratch.
// node test/bench/consistency.mjs, after npm run build.
import { execFileSync } from 'node:child_process';
import { emptyColumns } from '../../dist/src/core/history/columns.js';
import { fail, ok, operations } from '../../dist/src/core/history/history.js';
import { verify } from '../../dist/src/judge/consistency/verify.js';

const users = 64;
const of = (name) => operations.indexOf(name);
const [read, write, cas, add, take, issue, append, acquire, release] = [
  'read',
  'write',
  'cas',
  'add',
  'take',
  'issue',
  'append',
  'acquire',
  'release',
].map(of);

/** The operations of each model's history: given the number n of an operation, and the value so far. */
const kinds = {
  'register': (n, isRead) => (isRead ? [read, 'value'] : [write, n + 1]),
  'versions': (n, isRead) => (isRead ? [read, 'value'] : [write, n + 1]),
  'cas-register': (n, isRead) => (isRead ? [read, 'value'] : [cas, n + 1]),
  'counter': (_n, isRead, value) => (isRead ? [read, 'value'] : [add, value + 1]),
  'told counter': (_n, isRead, value) => (isRead ? [read, 'value'] : [add, value + 1]),
  'rmw-counter': (_n, isRead, value) => (isRead ? [read, 'value'] : [cas, value + 1]),
  'stock': (_n, isRead, value) => (isRead ? [read, 'value'] : [take, value - 1]),
  'issue': (_n, _isRead, value) => [issue, value + 1],
  'append-log': (n, isRead) => (isRead ? [read, 'value'] : [append, n + 1]),
  'mutex': (n) => [n % 2 === 0 ? acquire : release, NaN],
  // One user has it, another one is refused meanwhile, then it is released.
  'allocation': (n) => [n % 3 === 2 ? release : acquire, NaN],
  'register, no clock': (n, isRead) => (isRead ? [read, 'value'] : [write, n + 1]),
};
/** How many operations belong to one hold. */
const turnOf = { mutex: 2, allocation: 3 };
const modelOf = { 'versions': 'register', 'told counter': 'counter', 'register, no clock': 'register' };
const withVersions = ['versions', 'append-log'];

/** A legal history: each operation takes effect at once, and overlaps other users' operations. */
const legal = (length, keyCount, kind) => {
  // Written in place, so that the builder's garbage does not hide what the engine needs.
  const columns = emptyColumns(length);
  const initial = kind === 'stock' ? length : 0;
  const values = new Float64Array(keyCount).fill(initial);
  const versions = new Float64Array(keyCount);
  let x = 1;
  const roll = () => (x = (Math.imul(x, 1_103_515_245) + 12_345) >>> 0) / 2 ** 32;
  const free = new Float64Array(users);
  let key = 0;
  for (let n = 0; n < length; n++) {
    // A hold is released on the key where it was acquired, by the user that acquired it.
    const turn = turnOf[kind] ?? 1;
    if (n % turn === 0) key = Math.floor(roll() * keyCount);
    const isAlone = turn > 1;
    const isRefused = kind === 'allocation' && n % turn === 1;
    const user = isAlone ? (Math.floor(n / turn) + Number(isRefused)) % users : n % users;
    const at = n * 1000;
    const call = isAlone ? at : Math.max(free[user] + 1, at - Math.floor(roll() * 30_000));
    const ret = isAlone ? at + 900 : at + Math.floor(roll() * 30_000);
    free[user] = ret;
    const [f, value] = kinds[kind](n, roll() < 0.5, values[key]);
    const before = values[key];
    if (value !== 'value') {
      values[key] = value;
      versions[key]++;
    }
    columns.key[n] = key;
    columns.session[n] = user;
    columns.f[n] = f;
    columns.status[n] = isRefused ? fail : ok;
    columns.call[n] = call;
    columns.ret[n] = ret;
    const isTold = f !== add && f !== take;
    columns.value[n] = isTold || (kind === 'told counter' && n % 3 === 0) ? values[key] : NaN;
    columns.operand[n] = f === cas ? before : f === add || f === take ? 1 : NaN;
    columns.version[n] = withVersions.includes(kind) ? versions[key] : NaN;
  }
  const keys = Array.from({ length: keyCount }, (_, k) => `/products/${k}`);
  const final = new Map(keys.map((name, k) => [name, kind === 'append-log' ? versions[k] : values[k]]));
  const hasFinal = !['mutex', 'allocation', 'issue'].includes(kind);
  const known = (name) => ({ initial, final: hasFinal ? final.get(name) : NaN });
  return [{ ...columns, length, keys, names: [] }, known];
};

/** In a process of its own: its peak memory, minus what it needed before there was a history. */
const measure = (kind, length, keyCount) => {
  const beforeKb = process.memoryUsage().rss / 1024;
  const [history, known] = legal(length, keyCount, kind);
  const begunMs = performance.now();
  const begun = process.cpuUsage();
  const { verdict } = verify(history, {
    model: modelOf[kind] ?? kind,
    known,
    isOneClock: kind !== 'register, no clock',
    clock: { now: () => performance.now() * 1000 },
    budgetUs: 1e6,
    mostBytes: 2 ** 26,
  });
  // CPU time, so that other load on the machine does not count.
  const { user, system } = process.cpuUsage(begun);
  const seconds = (user + system) / 1e6;
  const wallSeconds = (performance.now() - begunMs) / 1000;
  const each = ((process.resourceUsage().maxRSS - beforeKb) * 1024) / length;
  console.log(
    `${kind.padEnd(20)} ${length.toExponential(0)} on ${String(keyCount).padStart(3)} keys  ${seconds.toFixed(2)} s of CPU, ${wallSeconds.toFixed(2)} s  ${each.toFixed(0)} B/operation  ${verdict}`,
  );
};

const [, file, kind, length, keyCount] = process.argv;
if (kind !== undefined) measure(kind, Number(length), Number(keyCount));
else
  for (const [rows, keys] of [
    [1e6, 1],
    [1e7, 100],
  ])
    for (const each of Object.keys(kinds))
      execFileSync(process.execPath, [file, each, rows, keys], { stdio: 'inherit' });
