import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Gate } from '../../../src/cli/screen/gate.ts';
import { Frames } from '../../../src/cli/screen/sink.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** A terminal that takes so many bytes, until it is given more room. */
const terminal = (room: number) => {
  const self = {
    room,
    text: '',
    write: (bytes: Uint8Array): number => {
      const taken = bytes.subarray(0, self.room);
      self.text += new TextDecoder().decode(taken);
      self.room -= taken.length;
      return taken.length;
    },
    close: () => undefined,
  };
  return self;
};

test('a terminal that is stopped gets the rest of its frame, none of those that follow, and then the latest', async () => {
  const stopped = terminal(3);
  const frames = new Frames(stopped);
  frames.write('first;');
  frames.write('second;');
  expect([stopped.text, frames.areHeld]).toEqual(['fir', true]);
  await vi.advanceTimersByTimeAsync(3000);
  frames.write('third;');
  stopped.room = 100;
  await vi.advanceTimersByTimeAsync(20);
  frames.write('fourth;');
  expect([stopped.text, frames.areHeld]).toEqual(['first;fourth;', false]);
  expect(vi.getTimerCount()).toBe(0);
});

test('what may not be left out comes behind the rest, and when it is taken is told', async () => {
  const stopped = terminal(2);
  const frames = new Frames(stopped);
  frames.write('frame;');
  frames.add('end;');
  let isTaken = false;
  void frames.taken().then(() => (isTaken = true));
  await vi.advanceTimersByTimeAsync(500);
  expect([stopped.text, isTaken]).toEqual(['fr', false]);
  stopped.room = 100;
  await vi.advanceTimersByTimeAsync(20);
  expect([stopped.text, isTaken]).toEqual(['frame;end;', true]);
  await frames.taken();
});

test('once it is closed nothing is written any more, not even the rest', async () => {
  const stopped = terminal(2);
  const gate = new Gate();
  const frames = new Frames(stopped, gate);
  frames.write('frame;');
  gate.close();
  stopped.room = 100;
  await vi.advanceTimersByTimeAsync(100);
  frames.add('end;');
  expect(stopped.text).toBe('fr');
});
