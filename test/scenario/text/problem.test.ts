import { expect, test } from 'vitest';
import { renderProblems, type Problem } from '../../../src/scenario/text/problem.ts';

const problem: Problem = {
  place: 'shop.yaml:2:5',
  file: 'shop.yaml',
  path: 'load.users',
  message: 'expected at least 1, got the number 0',
  line: '    users: 0',
  column: 5,
};

test('a problem has its place, its line, a caret below the column, and the count comes last', () => {
  expect(renderProblems([{ ...problem, hint: 'one is enough' }])).toBe(
    [
      'shop.yaml:2:5  expected at least 1, got the number 0',
      '          users: 0',
      '          ^',
      '    one is enough',
      '',
      '1 problem in shop.yaml; nothing was sent.',
      '',
    ].join('\n'),
  );
});

test('a problem of a flag has no line', () => {
  const { line: _, column: __, ...flag } = problem;
  expect(renderProblems([{ ...flag, place: '--users' }, problem])).toBe(
    [
      '--users  expected at least 1, got the number 0',
      '',
      'shop.yaml:2:5  expected at least 1, got the number 0',
      '          users: 0',
      '          ^',
      '',
      '2 problems in shop.yaml; nothing was sent.',
      '',
    ].join('\n'),
  );
});

test('control characters of the file do not reach the terminal, and the caret stays below its column', () => {
  const hostile = { ...problem, line: 'a:\t\u001b[31m\u009b\u202e x', column: 11, message: 'unknown "\u001b[2J"' };
  const [head, line, caret] = renderProblems([hostile]).split('\n');
  expect(head).toBe('shop.yaml:2:5  unknown "\ufffd[2J"');
  expect(line).toBe('      a: \ufffd[31m\ufffd\ufffd x');
  expect(caret).toBe(`      ${' '.repeat(10)}^`);
});

test('of a very long line only what is around the column is shown', () => {
  const [, line, caret] = renderProblems([
    { ...problem, line: `${'a'.repeat(5000)}!${'b'.repeat(5000)}`, column: 5001 },
  ]).split('\n');
  expect(line!.length).toBeLessThan(120);
  expect(line![caret!.indexOf('^')]).toBe('!');
});

test('of very many problems the first fifty are shown, and all are counted', () => {
  const text = renderProblems(Array.from({ length: 60 }, () => problem));
  expect(text.match(/\^/g)).toHaveLength(50);
  expect(text).toContain('… and 10 more');
  expect(text).toContain('60 problems in shop.yaml; nothing was sent.');
});
