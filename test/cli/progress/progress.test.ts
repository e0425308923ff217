import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { startLines } from '../../../src/cli/progress/lines.ts';
import { startLine } from '../../../src/cli/screen/line.ts';
import { paceOf } from '../../../src/cli/screen/pace.ts';
import type { Output } from '../../../src/core/host.ts';
import { micros } from '../../../src/core/units.ts';
import { newWatch, Watch } from '../../../src/core/watch.ts';
import { planOf } from '../../scenario/reading.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const clock = { now: () => micros(Date.now() * 1000) };

/** An output that remembers what was written. */
const memory = (isTTY: boolean, columns = 80): Output & { text: () => string; drop: () => void } => {
  let written = '';
  return {
    write: (text) => {
      written += text;
    },
    isTTY,
    columns: () => (isTTY ? columns : undefined),
    text: () => written,
    drop: () => {
      written = '';
    },
  };
};

/** The line of a terminal, or lines elsewhere. */
const startProgress = (
  watch: Watch,
  { stderr, color }: { readonly stderr: Output; readonly color: boolean },
): { stop(): void } => {
  if (!stderr.isTTY) return { stop: startLines(watch, { stderr, clock }) };
  const columns = (): number => stderr.columns()!;
  return {
    stop: startLine({ watch, pace: paceOf(watch, clock), columns, color, write: (frame) => stderr.write(frame) }),
  };
};

const plan = planOf(
  'target: http://shop.test\nrounds: 6\nsteps: [{ get: /x }]\nmodes: { a: none, locked: mutex, c: none, d: none }\n',
);

const secondRound = (): Watch =>
  Object.assign(newWatch(plan, 1), {
    slotsDone: 4,
    mode: 'locked',
    round: 2,
    phase: 'measuring',
    slotStartedUs: clock.now(),
    slotExpectedUs: 1_000_000,
  });

/** Lets time pass during which the run completes 1,234 iterations a second and begins a slot each second. */
const pass = async (watch: Watch, ms: number): Promise<void> => {
  for (let at = 0; at < ms; at += 100) {
    await vi.advanceTimersByTimeAsync(100);
    const due = Math.round(((clock.now() - watch.slotStartedUs) / 1e6) * 1234);
    while (watch.completed < due) watch.live.completedIn(1000);
  }
};

test('beside the run a line says how each agent is doing, on a terminal in as many words as have room', async () => {
  const watch = newWatch(plan, 1, { agents: 2 });
  Object.assign(watch, { slotsDone: 4, mode: 'locked', round: 2, phase: 'measuring', slotStartedUs: clock.now() });
  watch.slotExpectedUs = 10_000_000;
  const usual = { perSecond: 617.4, cpuShare: 0.834, withinUs: 41, isLost: false };
  watch.board.tell(0, { host: 'host-a', ...usual });
  watch.board.tell(1, { host: 'host-b', ...usual, perSecond: NaN, cpuShare: NaN, withinUs: Infinity });
  const [lines, wide, narrow] = [memory(false), memory(true, 180), memory(true, 100)];
  const shown = [lines, wide, narrow].map((stderr) => startProgress(watch, { stderr, color: false }));
  await pass(watch, 2100);
  const full = 'agent 1 (host-a) 617/s, CPU 83 %, clock ± 41 µs';
  expect(lines.text()).toMatch(/^contend: locked, round 2 of 6, 1,\d{3}\/s, about 3 min left; agent 1 /u);
  expect(lines.text()).toContain(`; ${full}; agent 2 (host-b) –, CPU –, clock –\n`);
  expect(wide.text()).toContain(`${full}, agent 2 (host-b) –, CPU –, clock –`);
  expect(narrow.text()).toContain('host-a 617/s, host-b –');
  watch.board.tell(1, { host: 'host-b', ...usual, isLost: true });
  await pass(watch, 5000);
  expect(lines.text()).toContain('; agent 2 (host-b) is lost\n');
  for (const one of shown) one.stop();
});

test('without a terminal a line says mode, round, rate and time left', async () => {
  const [watch, stderr] = [secondRound(), memory(false)];
  watch.slotExpectedUs = 10_000_000;
  const progress = startProgress(watch, { stderr, color: false });
  await pass(watch, 1900);
  expect(stderr.text()).toBe('');
  await pass(watch, 200);
  expect(stderr.text()).toMatch(/^contend: locked, round 2 of 6, 1,\d{3}\/s, about 3 min left\n$/);
  progress.stop();
});

test('without a terminal a line follows every five seconds, until stopped', async () => {
  const [watch, stderr] = [secondRound(), memory(false)];
  const progress = startProgress(watch, { stderr, color: false });
  await pass(watch, 12_500);
  expect(stderr.text().split('\n')).toHaveLength(3 + 1);
  progress.stop();
  progress.stop();
  await pass(watch, 20_000);
  expect(stderr.text().split('\n')).toHaveLength(3 + 1);
  expect(vi.getTimerCount()).toBe(0);
});

test('a run of less than two seconds writes nothing without a terminal', async () => {
  const [watch, stderr] = [secondRound(), memory(false)];
  const progress = startProgress(watch, { stderr, color: false });
  await pass(watch, 1500);
  progress.stop();
  await pass(watch, 5000);
  expect(stderr.text()).toBe('');
});

test('what is not known is not said', async () => {
  const [watch, stderr] = [secondRound(), memory(false)];
  Object.assign(watch, { slotExpectedUs: 0, slotsDone: 0, round: 1, phase: 'warming up' });
  const progress = startProgress(watch, { stderr, color: false });
  await pass(watch, 2100);
  expect(stderr.text()).toBe('contend: locked, round 1 of 6, warming up\n');
  progress.stop();
});

test('slots of unknown length are expected to be like those before', async () => {
  const [watch, stderr] = [secondRound(), memory(false)];
  Object.assign(watch, { slotExpectedUs: 0, slotsDone: 0, slotsTotal: 3 });
  const progress = startProgress(watch, { stderr, color: false });
  await pass(watch, 1000);
  Object.assign(watch, { slotsDone: 1, slotStartedUs: clock.now() });
  watch.live.clear();
  await pass(watch, 1100);
  expect(stderr.text()).toMatch(/about 1 s left\n$/);
  progress.stop();
});

test('a slot that takes longer than expected leaves no less than the slots after it', async () => {
  const [watch, stderr] = [secondRound(), memory(false)];
  const progress = startProgress(watch, { stderr, color: false });
  await pass(watch, 2100);
  expect(stderr.text()).toContain('about 19 s left');
  progress.stop();
});

test('rounds that are added meanwhile are in the round, in the time left and in the bar', async () => {
  for (const isTTY of [false, true]) {
    const [watch, stderr] = [secondRound(), memory(isTTY)];
    Object.assign(watch, { round: 6, slotsDone: 23 });
    const progress = startProgress(watch, { stderr, color: false });
    await pass(watch, 900);
    Object.assign(watch, {
      rounds: 12,
      slotsTotal: 48,
      slotsDone: 24,
      round: 7,
      slotStartedUs: clock.now(),
    });
    watch.live.clear();
    stderr.drop();
    await pass(watch, 1200);
    expect(stderr.text()).toMatch(
      isTTY ? /█+░+ +\S+\/s +\d+ s left {3}round 7\/12/u : /round 7 of 12, .*about 23 s left\n$/u,
    );
    progress.stop();
  }
});

test('on a terminal one line is redrawn within its width, and taken away at the end', async () => {
  const [watch, stderr] = [secondRound(), memory(true)];
  const progress = startProgress(watch, { stderr, color: false });
  await pass(watch, 1000);
  expect(stderr.text()).toMatch(/█+░+ +1,\d{3}\/s +20 s left {3}round 2\/6 {2}locked/);
  expect(stderr.text()).not.toContain('\n');
  for (const drawn of stderr.text().split(sequence)) expect(drawn.length).toBeLessThan(80);
  stderr.drop();
  progress.stop();
  expect(stderr.text()).toMatch(/\[1G.*\[2K$/s);
  expect(vi.getTimerCount()).toBe(0);
});

test('a single slot has no mode and no round to be told', async () => {
  for (const isTTY of [true, false]) {
    const [watch, stderr] = [Object.assign(secondRound(), { slotsDone: 0, slotsTotal: 1 }), memory(isTTY)];
    const progress = startProgress(watch, { stderr, color: false });
    await pass(watch, 2100);
    expect(stderr.text()).not.toBe('');
    expect(stderr.text()).not.toMatch(/round|locked/u);
    progress.stop();
  }
});

test('a narrow terminal gets the words without the bar', async () => {
  const [watch, stderr] = [secondRound(), memory(true, 40)];
  const progress = startProgress(watch, { stderr, color: false });
  await pass(watch, 400);
  expect(stderr.text()).not.toContain('█');
  for (const drawn of stderr.text().split(sequence)) expect(drawn.length).toBeLessThan(40);
  progress.stop();
});

test('colour is in the bar only where it is wanted', async () => {
  for (const color of [true, false]) {
    const [watch, stderr] = [secondRound(), memory(true)];
    const progress = startProgress(watch, { stderr, color });
    await pass(watch, 400);
    expect(stderr.text().includes('\u001b[32m')).toBe(color);
    progress.stop();
  }
});

test("a mode's name reaches the terminal without its escape sequences", async () => {
  const named = { ...secondRound().data, modes: ['a', '\u001b]0;title\u0007lo\u202ecked\n'] };
  const [watch, stderr] = [new Watch(named), memory(false)];
  watch.phase = 'measuring';
  const progress = startProgress(watch, { stderr, color: false });
  await pass(watch, 2100);
  expect(stderr.text()).toMatch(/^contend: locked, /);
  progress.stop();
});

const escape = '\u001b';
const sequence = new RegExp(`${escape}(?:\\[[?\\d;]*[A-Za-z]|[78])`);

/** The fifth slot of a search over rates, of which 12 s are over and 95 are left. */
const fifthProbe = (...names: readonly string[]): Watch => {
  const modes = names.length === 0 ? '' : `modes: { ${names.map((name) => `${name}: none`).join(', ')} }\n`;
  const search = newWatch(planOf(`target: http://shop.test\nsteps: [{ get: /x }]\n${modes}`), 1, { axis: 'rate' });
  Object.assign(search, {
    slotsDone: 4,
    slotsTotal: 5,
    phase: 'measuring',
    at: 283,
    slotStartedUs: clock.now(),
    endsUs: clock.now() + 95e6,
    mode: names.at(-1) ?? 'lock-free',
  });
  return search;
};

test('of a search a line says which probe runs at which load, what is known so far, and the time left', async () => {
  const [watch, stderr] = [fifthProbe(), memory(false)];
  watch.searches('lock-free', 200, 400);
  const progress = startProgress(watch, { stderr, color: false });
  await pass(watch, 2100);
  expect(stderr.text()).toMatch(
    /^contend: probe 5 at 283\/s, 200\/s kept, 400\/s not, now 1,\d{3}\/s, about 9[34] s left\n$/,
  );
  progress.stop();
});

test('of a search a load below what was kept is the target recovering', async () => {
  const [watch, stderr] = [fifthProbe(), memory(false)];
  watch.searches('lock-free', 300, 400);
  const progress = startProgress(watch, { stderr, color: false });
  await pass(watch, 2100);
  expect(stderr.text()).toMatch(/^contend: recovering, at 283\/s, 300\/s kept, 400\/s not, now 1,/);
  progress.stop();
});

test('of several modes that of the one that runs, and nothing that is not known', async () => {
  const [watch, stderr] = [fifthProbe('a', 'b'), memory(false)];
  watch.searches('a', 200, 400);
  watch.searches('b', undefined, 400);
  const progress = startProgress(watch, { stderr, color: false });
  await pass(watch, 2100);
  expect(stderr.text()).toMatch(/^contend: probe 5, b at 283\/s, 400\/s not, now 1,\d{3}\/s/);
  progress.stop();
});

test('on a terminal the same stands beside the bar', async () => {
  const [watch, stderr] = [fifthProbe(), memory(true, 100)];
  watch.searches('lock-free', 200);
  const progress = startProgress(watch, { stderr, color: false });
  await pass(watch, 1000);
  expect(stderr.text()).toMatch(/9[45] s left {3}probe 5 at 283\/s, 200\/s kept/);
  progress.stop();
});
