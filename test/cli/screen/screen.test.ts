import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Key } from '../../../src/cli/screen/keys.ts';
import { Screen } from '../../../src/cli/screen/screen.ts';
import { Frames } from '../../../src/cli/screen/sink.ts';
import { micros } from '../../../src/core/units.ts';
import { newWatch } from '../../../src/core/watch.ts';
import { planOf } from '../../scenario/reading.ts';
import { Emulator } from './emulator.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const plan = planOf(
  'target: http://shop.test\nrounds: 6\nsteps: [{ get: /x }]\nmodes: { free: none, locked: mutex }\n',
);
const clock = { now: () => micros(Date.now() * 1000) };

/** A run of 100 iterations a second, each of 5 ms, on a screen of 80 × 24. */
const shown = (isLive: boolean) => {
  const emulator = new Emulator(80, 24);
  emulator.write('above\r\n');
  const terminal = { isStopped: false, frames: 0 };
  const frames = new Frames({
    write: (bytes) => {
      if (terminal.isStopped) return 0;
      terminal.frames++;
      emulator.write(new TextDecoder().decode(bytes));
      return bytes.length;
    },
    close: () => undefined,
  });
  const watch = Object.assign(newWatch(plan, 1), {
    mode: 'locked',
    phase: 'measuring' as const,
    slotStartedUs: clock.now(),
    slotExpectedUs: 100e6,
  });
  const size = { columns: 80, rows: 24 };
  const screen = new Screen({ watch, clock, frames, size, title: 'shop', color: false, isLive });
  const pass = async (ms: number): Promise<void> => {
    for (let at = 0; at < ms; at += 10) {
      await vi.advanceTimersByTimeAsync(10);
      watch.live.completedIn(5000);
    }
  };
  const press = async (...keys: readonly Key[]): Promise<void> => {
    for (const key of keys) screen.key(key);
    await pass(40);
  };
  return { emulator, terminal, watch, screen, pass, press };
};

test('is drawn twice a second, and says what runs over a window that keys change', async () => {
  const { emulator, terminal, pass, press } = shown(true);
  await pass(3000);
  expect(terminal.frames).toBe(7);
  expect(emulator.text).toMatch(
    /^above\nshop +round 1\/6 +locked measuring.*\n(?:.*\n)*● locked +0 +(?:99|100|101) .*~5\.1 ms/u,
  );
  expect(emulator.text).toContain('now: last 2 s');
  await press('finer', 'finer', 'finer');
  expect(emulator.text).toContain('now: last 1 s');
  await press(...Array.from({ length: 9 }, (): Key => 'coarser'));
  expect(emulator.text).toContain('now: whole slot');
});

test('the warm-up of a slot is no measuring', async () => {
  const { emulator, watch, pass } = shown(true);
  watch.slotWarmupUs = 1_000_000;
  await pass(600);
  expect(emulator.text).toContain('locked warming up');
  await pass(600);
  expect(emulator.text).toContain('locked measuring');
});

test('a key that is held down is drawn once, not a thousand times', async () => {
  const { terminal, pass, press } = shown(true);
  await pass(1005);
  const before = terminal.frames;
  await press(...Array.from({ length: 1000 }, (): Key => 'more users'));
  expect(terminal.frames - before).toBe(1);
});

test('a picture that is held stays, answers to the window, and goes on from where the run is', async () => {
  const { emulator, pass, press } = shown(true);
  await pass(3000);
  await press('hold');
  const held = emulator.text;
  expect(held).toContain('the view is paused, the load goes on');
  await pass(3000);
  expect(emulator.text).toBe(held);
  await press('coarser');
  expect(emulator.text).toContain('now: last 5 s');
  await press('moving');
  await pass(600);
  expect(emulator.text).not.toContain('paused');
  await press('held');
  expect(emulator.text).toContain('paused');
});

test('a small terminal gets the line until there is room again; a key takes it, too', async () => {
  const { emulator, screen, pass, press } = shown(true);
  await pass(600);
  screen.resize({ columns: 80, rows: 11 });
  await pass(600);
  expect(emulator.text).toMatch(/^above\n[█░]+ .*\/s .* left {3}round 1\/6 {2}locked$/u);
  screen.resize({ columns: 80, rows: 24 });
  await pass(600);
  expect(emulator.text).toContain('? keys');
  await press('line');
  expect(emulator.text).toMatch(/^above\n[█░]+ .*locked$/u);
  await press('line', 'help');
  expect(emulator.text).toContain('shorter, longer window');
});

test('left and come back to, it leaves no trace, and nothing is drawn meanwhile', async () => {
  for (const isLive of [true, false]) {
    const { emulator, terminal, screen, pass } = shown(isLive);
    await pass(1200);
    expect(emulator.text).not.toBe('above');
    await screen.leave();
    expect([emulator.text, emulator.isAsBefore]).toEqual(['above', true]);
    const { frames } = terminal;
    screen.key('help');
    screen.resize({ columns: 70, rows: 20 });
    await pass(2000);
    expect(terminal.frames).toBe(frames);
    screen.return();
    await pass(600);
    expect(emulator.text).not.toBe('above');
    await screen.leave();
    expect(vi.getTimerCount()).toBe(0);
  }
});

test('a terminal that is stopped is drawn on again once it goes on, and left when it has taken the rest', async () => {
  const { emulator, terminal, screen, pass } = shown(true);
  await pass(600);
  terminal.isStopped = true;
  await pass(3000);
  terminal.isStopped = false;
  await pass(600);
  expect(emulator.text).toMatch(/^above\nshop/u);
  terminal.isStopped = true;
  await pass(600);
  let isLeft = false;
  void screen.leave().then(() => (isLeft = true));
  await pass(300);
  expect(isLeft).toBe(false);
  terminal.isStopped = false;
  await pass(50);
  expect([isLeft, emulator.text, emulator.isAsBefore]).toEqual([true, 'above', true]);
});

test('asked to stop, it says so', async () => {
  const { emulator, press } = shown(true);
  await press('quit');
  expect(emulator.text).toContain('stopping: waiting for what is in flight');
});
