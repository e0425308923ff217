import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { linesOf } from '../reading.ts';

describe('a line that is indented wrongly is told with the lines that it may belong beside', () => {
  test.each([
    [
      'capture: of a step',
      'target: http://x\nsteps:\n  - get: /a\n   capture: { a: body.a }\n',
      'shop.yaml:4:4 "capture:" begins in a column of its own: it is beside nothing above it (move it to column 5, beside "get:" of line 3, or to column 1, beside "steps:" of line 2)',
    ],
    [
      'a comment and blank lines between',
      'target: http://x\nload:\n  users: 4 # four\n\n  # as long\n   duration: 5s\nsteps: [{ get: / }]\n',
      'shop.yaml:6:4 "duration:" is indented below "users:", which has a value already (move it to column 3, beside "users:" of line 3, or to column 1, beside "load:" of line 2, or take the value of "users:" away)',
    ],
    [
      'line ends of Windows',
      'target: http://x\r\nsteps:\r\n  - get: /a\r\n - put: /b\r\n',
      'shop.yaml:4:2 "- put:" begins in a column of its own: it is beside nothing above it (move it to column 3, beside "- get:" of line 3)',
    ],
  ])('%s', (_, text, line) => expect(linesOf(text)).toEqual([line]));

  test('never in the words of a parser, whichever line of a scenario is moved by however much', () => {
    const good = [
      'target: http://x',
      'load:',
      '  users: 4',
      '  duration: 5s',
      'steps:',
      '  - critical:',
      '      - get: /a',
      '        capture: { n: body.n }',
      '      - put: /a',
      '        json:',
      '          n: 1',
      'modes:',
      '  locked: mutex',
      '  free: { lock: none }',
    ];
    const moved = fc.record({ line: fc.nat(good.length - 1), to: fc.nat(14) });
    fc.assert(
      fc.property(moved, ({ line, to }) => {
        const text = good.with(line, ' '.repeat(to) + good[line]!.trimStart()).join('\n');
        for (const told of linesOf(text)) expect(told).not.toMatch(/implicit|compact|same column at|block sequence/iu);
      }),
    );
  });
});
