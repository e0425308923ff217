import { describe, expect, test } from 'vitest';
import { Output } from '../../src/serve/keeper/output.ts';

const mebibyte = 1024 * 1024;

describe('what a process writes', () => {
  test('is kept as it was written, whatever the pieces, with notes on lines of their own', () => {
    const output = new Output([]);
    output.note('$ npm ci');
    for (const piece of ['added ', '3 packages\nfou', 'nd 0']) output.add(Buffer.from(piece));
    output.note('$ node api.js');
    output.add(Buffer.from('listening\n'));
    expect(output.text()).toBe('$ npm ci\nadded 3 packages\nfound 0\n$ node api.js\nlistening\n');
  });

  test('is bounded: of a gigabyte 5 MiB of its beginning and of its end are kept, and it is said how much is not', () => {
    const output = new Output([]);
    output.add(Buffer.from('the first line\n'));
    const much = Buffer.from(`${'x'.repeat(1023)}\n`.repeat(1024));
    for (let written = 0; written < 1024; written++) output.add(much);
    output.add(Buffer.from('the last line\n'));
    const text = output.text();
    expect(text.startsWith('the first line\n')).toBe(true);
    expect(text.endsWith('\nthe last line\n')).toBe(true);
    expect(text.length).toBeLessThan(11.1 * mebibyte);
    const left = Number(/^… (\d+) bytes are left out here …$/mu.exec(text)?.[1]);
    const said = `… ${left} bytes are left out here …\n`;
    expect(left + text.length - said.length).toBe(1024 * mebibyte + 29);
  });

  test('has no secret in it, also where one came in two pieces', () => {
    const output = new Output(['hunter2-token']);
    output.add(Buffer.from('token=hunter2'));
    output.add(Buffer.from('-token\n'));
    expect(output.text()).toBe('token=***\n');
    expect(output.lastLines(20)).toEqual(['token=***']);
  });

  test('is told by its last lines since the last note, long ones cut', () => {
    const output = new Output([]);
    output.add(Buffer.from('of the setup\n'));
    output.note('$ node api.js');
    for (let line = 1; line <= 30; line++) output.add(Buffer.from(`line ${line}\r\n\n`));
    output.add(Buffer.from('y'.repeat(2000)));
    const lines = output.lastLines(20);
    expect(lines).toHaveLength(20);
    expect(lines[0]).toBe('line 12');
    expect(lines[19]).toBe(`${'y'.repeat(499)}…`);
    const silent = new Output([]);
    silent.add(Buffer.from('of the setup\n'));
    silent.note('$ node api.js');
    expect(silent.lastLines(20)).toEqual([]);
  });

  test('is read line by line by whoever waits for one, also before its end is written', () => {
    const output = new Output([]);
    const lines: string[] = [];
    output.onLine((line) => lines.push(line));
    output.add(Buffer.from('star'));
    output.add(Buffer.from('ted\nready'));
    output.onLine(undefined);
    output.add(Buffer.from(' no longer read\n'));
    expect(lines).toEqual(['star', 'started', 'ready']);
  });

  test('is read and told as somebody sees it: without colours, and without what a progress bar overwrites', () => {
    const output = new Output([]);
    const lines: string[] = [];
    output.onLine((line) => lines.push(line));
    output.add(Buffer.from('\u001b[32mready\u001b[39m on \u001b[1m8080\u001b[22m\n'));
    output.add(Buffer.from('[#---]\r[##--]\r[####]\r\n'));
    expect(lines[0]).toBe('ready on 8080');
    expect(output.lastLines(20)).toEqual(['ready on 8080', '[####]']);
    expect(output.text()).toContain('\u001b[32mready');
  });
});
