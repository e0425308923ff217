import { expect, test } from 'vitest';
import { KeyReader } from '../../../src/cli/screen/keys.ts';

const read = (...chunks: readonly string[]): string[] => {
  const reader = new KeyReader();
  return chunks.flatMap((chunk) => reader.read(chunk));
};

test('each key asks for one thing, in capitals too', () => {
  expect(read('+', '-', 'p', 'v', '?', 'u', 'd', 'q', 'Q')).toEqual([
    'finer',
    'coarser',
    'hold',
    'line',
    'help',
    'more users',
    'fewer users',
    'quit',
    'quit',
  ]);
  expect(read('=', ' ', 'h', '\u0003', '\u001a', '\u0013', '\u0011', '\f')).toEqual([
    'finer',
    'hold',
    'help',
    'interrupt',
    'stop',
    'held',
    'moving',
    'redraw',
  ]);
  expect(read('x', '\r', '\t', '1', 'é', 'constructor'.slice(0, 1))).toEqual([]);
});

test('keys that come in at once, since the run was busy, all count; so does one that is held down', () => {
  expect(read('v?')).toEqual(['line', 'help']);
  expect(read('u'.repeat(1000))).toHaveLength(1000);
});

test('arrows, function keys and what the terminal answers are no keys, however they are cut', () => {
  const escape = '\u001b';
  expect(read(`${escape}[A${escape}[D${escape}OP${escape}[15~${escape}[1;5D${escape}q`)).toEqual([]);
  expect(read(`${escape}[`, 'D', `${escape}[1;`, '5D', `${escape}[?62;4c`, escape)).toEqual([]);
  expect(read(`${escape}[Dp`)).toEqual(['hold']);
});

test('what is pasted does nothing, in one piece or several, whether the terminal marks it or not', () => {
  const [begin, end] = ['\u001b[200~', '\u001b[201~'];
  expect(read(`${begin}quit${end}p`)).toEqual(['hold']);
  expect(read(`${begin}q`, 'q', `uud${end.slice(0, 3)}`, `${end.slice(3)}v`)).toEqual(['line']);
  expect(read('quit, and pray that it stops')).toEqual([]);
});

test('Ctrl-C counts in whatever it comes with', () => {
  expect(read('abcdefghijklmnop\u0003')).toEqual(['interrupt']);
  expect(read('\u001b[200~never ends', '\u0003')).toEqual(['interrupt']);
});
