import { expect, test } from 'vitest';
import { whyNoView } from '../../../src/cli/progress/live.ts';
import type { Host } from '../../../src/core/host.ts';
import type { Terminal } from '../../../src/core/terminal.ts';
import { scriptedHost, silentTerminal } from '../host.ts';

const why = (
  {
    terminal = {},
    isTTY = true,
    columns = 80,
    ...host
  }: Partial<Omit<Host, 'terminal'>> & {
    readonly terminal?: Partial<Terminal>;
    readonly isTTY?: boolean;
    readonly columns?: number;
  } = {},
  isQuiet = false,
): string | undefined =>
  whyNoView(
    scriptedHost([], {
      ...host,
      stderr: { isTTY, columns: () => columns, write: () => undefined },
      terminal: { ...silentTerminal, isKeyboard: true, ...terminal },
    }).host,
    isQuiet,
  );

test('a terminal with a keyboard and room shows the view', () => {
  expect(why()).toBeUndefined();
  expect(why({ columns: 60, terminal: { rows: () => 12 } })).toBeUndefined();
  expect(why({ env: { TERM: 'xterm-256color', CI: 'false', NO_COLOR: '1' } })).toBeUndefined();
});

test('where nobody could see it or press a key, the line stays, and it is said why', () => {
  expect(why({}, true)).toBe('--quiet shows no progress');
  expect(why({ isTTY: false })).toBe('standard error is not a terminal');
  expect(why({ terminal: { isKeyboard: false } })).toBe('standard input is not a terminal, so keys do not work');
  expect(why({ env: { TERM: 'dumb' } })).toMatch(/^TERM=dumb/u);
  expect(why({ env: { CI: 'true' } })).toMatch(/^CI is set/u);
  expect(why({ terminal: { isForeground: () => false } })).toBe('the run is in the background');
  expect(why({ columns: 50 })).toBe('the terminal has 50 × 30 characters, and the view needs 60 × 12');
  expect(why({ terminal: { rows: () => 11 } })).toMatch(/^the terminal has 80 × 11/u);
  expect(why({ terminal: { rows: () => undefined } })).toMatch(/80 × 0/u);
});

test('a Windows whose console knows no escape sequences shows the line, a later one the view', () => {
  const on = (kernel: string): string | undefined => why({ machine: { node: '20', cpu: 'a cpu', cores: 2, kernel } });
  expect(on('win32 6.1.7601')).toMatch(/Windows/u);
  expect(on('win32 10.0.10240')).toMatch(/Windows/u);
  expect(on('win32 10.0.19045')).toBeUndefined();
  expect(on('linux 6.1.7601')).toBeUndefined();
});
