import { expect, test } from 'vitest';
import { Painter } from '../../../src/cli/screen/painter.ts';
import { Emulator } from './emulator.ts';

const painted = (columns: number, rows: number) => {
  const [emulator, painter] = [new Emulator(columns, rows), new Painter()];
  emulator.write('before\r\n');
  return {
    emulator,
    show: (...lines: readonly string[]): string => {
      const sequences = painter.paint(lines, columns);
      emulator.write(sequences);
      return sequences;
    },
    clear: (): void => emulator.write(painter.clear(columns)),
  };
};

test('a picture is drawn over the one before, longer or shorter, and taken away without a trace', () => {
  const { emulator, show, clear } = painted(20, 10);
  show('one', 'two', 'three');
  expect(emulator.text).toBe('before\none\ntwo\nthree');
  expect(emulator.isCursorSeen).toBe(false);
  show('one', 'two, and more');
  expect(emulator.text).toBe('before\none\ntwo, and more');
  show('one', 'two, and more', 'three', 'four');
  show('one', 'two, and more');
  expect(emulator.text).toBe('before\none\ntwo, and more');
  clear();
  expect(emulator.text).toBe('before');
  expect(emulator.isAsBefore).toBe(true);
});

test('a line that is the same is not written again', () => {
  const { show } = painted(20, 10);
  show('one', 'two', 'three');
  expect(show('one', 'second', 'three')).toMatch(/second/u);
  expect(show('one', 'second', 'third')).not.toMatch(/one|second/u);
});

test('at the bottom of the terminal what stands above scrolls up once, and stays', () => {
  const { emulator, show, clear } = painted(20, 5);
  emulator.write('a\r\nb\r\nc\r\n');
  for (let frame = 0; frame < 5; frame++) show('1', '2', '3', `${frame}`);
  expect([...emulator.scrolled, emulator.text]).toEqual(['before', 'a', 'b', 'c\n1\n2\n3\n4']);
  clear();
  expect(emulator.text).toBe('c');
});

test('where the terminal has become narrower, the lines that it has wrapped are taken away as well', () => {
  const painter = new Painter();
  const emulator = new Emulator(10, 12);
  emulator.write('before\r\n');
  painter.paint(['123456789012345', 'ab', '\u001b[32m12345678901\u001b[39m'], 20);
  // As a terminal of 10 columns has wrapped them.
  emulator.write('1234567890\r\n12345\r\nab\r\n1234567890\r\n1');
  emulator.write(painter.paint(['narrow', 'now'], 10));
  expect(emulator.text).toBe('before\nnarrow\nnow');
});
