import { describe, expect, test } from 'vitest';
import { linesOf } from '../reading.ts';

const withStep = (step: string, more = ''): string =>
  `target: http://shop.test\ndata: { id: 1..9 }\nsteps:\n  - ${step}\n${more}`;

const none =
  'asks for a body, and the answer to a HEAD has none (write get instead of head, or read a header: header.etag)';

describe('the answer to a HEAD has no body', () => {
  test.each([
    ['a capture', '{ head: /a, capture: { n: body.stock } }', '"body.stock"'],
    ['a capture that computes', "{ head: /a, capture: { n: 'body.stock ?? 1' } }", '"body.stock ?? 1"'],
    ['a capture by a pattern', "{ head: /a, capture: { n: { text: 'x(y)' } } }", '"x(y)"'],
    ['a capture by a query', '{ head: /a, capture: { n: { jsonpath: $.a } } }', '"$.a"'],
    ['a check of the body', '{ head: /a, expect: { body: { stock: 5 } } }', '"body"'],
    ['a check of its size', '{ head: /a, expect: { size: 1..9 } }', '"size"'],
    ['an expression', "{ head: /a, expect: { that: 'body.stock > 0' } }", '"body.stock > 0"'],
    ['one of several', "{ head: /a, expect: { that: ['status == 200', 'body.stock > 0'] } }", '"body.stock > 0"'],
  ])('so that it is refused in %s', (_, step, what) => {
    expect(linesOf(withStep(step))).toEqual([expect.stringMatching(/^shop\.yaml:4:\d+ /u)]);
    expect(linesOf(withStep(step))[0]).toContain(`${what} ${none}`);
  });

  test('and in what a model takes from it', () => {
    const model = `  - { name: set, put: '/a/\${id}', json: { n: 1 } }
consistency:
  register:
    key: '\${id}'
    write: { step: set, value: 1 }
    see: { step: look, value: body.n }
`;
    expect(linesOf(withStep("{ name: look, head: '/a/${id}' }", model))).toEqual([`shop.yaml:10:31 "body.n" ${none}`]);
  });

  test('where a step is one in a mode alone, it is told of that mode', () => {
    const modes = 'modes: { a: none, b: { steps: { look: { get: null, head: /a } } } }\n';
    const lines = linesOf(withStep('{ name: look, get: /a, capture: { n: body.stock } }', modes));
    expect(lines).toEqual([expect.stringContaining('"body.stock" asks for a body')]);
  });

  test.each([
    '{ head: /a, capture: { tag: header.etag, code: status } }',
    "{ head: /a, expect: { status: 200, size: 0, headers: { etag: x }, that: 'status == 200' } }",
    '{ get: /a, capture: { n: body.stock } }',
  ])('%s is let through', (step) => {
    expect(linesOf(withStep(step))).toEqual([]);
  });
});
