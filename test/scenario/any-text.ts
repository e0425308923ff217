import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { renderProblems } from '../../src/scenario/text/problem.ts';
import { read } from './reading.ts';

const store = readFileSync(new URL('../../scenarios/online-store.yaml', import.meta.url), 'utf8');

/** Reading gives a plan that survives JSON, or problems that can be shown. */
const checkText = (text: string): void => {
  const result = read(text);
  if ('plan' in result) expect(JSON.parse(JSON.stringify(result.plan))).toStrictEqual(result.plan);
  else expect(renderProblems(result.problems)).toMatch(/\d problems? in .*; nothing was sent\.\n$/);
};

/** The tests that read texts which no scenario ever was; some hundreds of each kind, or so many times as many. */
export const anyText = (times: number) =>
  describe('there is a plan or there are problems, and never a throw', () => {
    const always = (texts: fc.Arbitrary<string>, numRuns: number) => () =>
      fc.assert(fc.property(texts, checkText), { numRuns: Math.ceil(numRuns * times) });

    test('for any string', () => {
      expect(always(fc.string({ unit: 'binary', maxLength: 200 }), 200)).not.toThrow();
    });

    test('for any string of what YAML is made of', () => {
      const words =
        'target steps modes load get data lock a 1 1..2 ~ - : [ ] { } , &a *a !t !!map | > \' " # << ... ${ __proto__';
      const piece = fc.constantFrom(
        ...words.split(' '),
        '? ',
        '\n',
        '\n  ',
        '\t',
        ' ',
        '---\n',
        '%YAML 1.1\n',
        '\ufeff',
        '\r',
      );
      const text = fc.array(piece, { maxLength: 40 }).map((pieces) => pieces.join(''));
      expect(always(text, 800)).not.toThrow();
    });

    test('for any JSON', () => {
      expect(always(fc.json({ maxDepth: 5 }), 200)).not.toThrow();
    });

    test('for a valid scenario with characters changed, put in or taken out', () => {
      const put = fc.oneof(
        fc.string({ maxLength: 6 }),
        fc.constantFrom('{', ': ', '\n', '- ', '&a ', '*a', '${', 'null'),
      );
      const change = fc.tuple(fc.nat(store.length), fc.nat(12), put);
      const text = fc
        .array(change, { minLength: 1, maxLength: 4 })
        .map((changes) =>
          changes.reduce((text, [at, gone, put]) => text.slice(0, at) + put + text.slice(at + gone), store),
        );
      expect(always(text, 150)).not.toThrow();
    });

    test('for a valid scenario with any values under the keys of one', () => {
      const words =
        'target steps load users duration iterations get put json headers capture critical lock modes a read write data pick range before consistency counter key add step by value conflict status expect process timeouts name';
      const key = fc.constantFrom(...words.split(' '));
      const texts = 'none mutex zipf read http://x / /${a} ${ 1..2 1ms'.split(' ');
      const leaf = fc.constantFrom(...texts, '', null, true, 0, -1, 1.5, 1e300);
      const { any } = fc.letrec((tie) => ({
        any: fc.oneof(
          { depthSize: 'small' },
          leaf,
          fc.array(tie('any'), { maxLength: 3 }),
          fc.dictionary(key, tie('any'), { maxKeys: 5 }),
        ),
      }));
      const text = fc
        .dictionary(key, any, { maxKeys: 8 })
        .map((scenario) => JSON.stringify({ target: 'http://x', steps: [{ name: 'read', get: '/' }], ...scenario }));
      expect(always(text, 400)).not.toThrow();
    });
  });
