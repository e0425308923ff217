import fc from 'fast-check';
import { expect, test } from 'vitest';
import { asTarget } from '../../../src/measure/transport/target.ts';
import { compileRequest } from '../../../src/measure/iteration/request.ts';
import { newUser } from '../../../src/measure/user.ts';
import { requestStep } from '../mode.ts';

const places = new Map([['x', 0]]);

const pathOf = (path: string, x: unknown, query?: { [name: string]: string[] }) => {
  const parts = compileRequest(requestStep({ name: 'step', path, ...(query === undefined ? {} : { query }) }), places);
  const user = newUser(0, 1);
  user.variables[0] = x;
  return { isTarget: parts.isTarget, path: typeof parts.path === 'string' ? parts.path : parts.path(user) };
};

const piece = fc
  .oneof(fc.string(), fc.string({ unit: 'grapheme' }), fc.constantFrom(' ', '%', '\r\n', '\ud800'))
  .map((text) => text.replaceAll(/[$\\]/gu, ''));

test('a path of which only values change has nothing that has to be encoded, whatever stands in it', () => {
  fc.assert(
    fc.property(piece, piece, piece, fc.boolean(), (before, x, behind, hasQuery) => {
      const query = hasQuery ? { 'a b': [before, '${x}'] } : undefined;
      const { path, isTarget } = pathOf(`/${before}\${x}${behind}`, x, query);
      expect(isTarget).toBe(true);
      expect(path).toBe(asTarget(path));
      expect(path).toMatch(/^[\x21-\x7e]+$/u);
    }),
  );
  expect(pathOf('/a b/${x}?c=ü', 'é/&').path).toBe('/a%20b/%C3%A9%2F%26?c=%C3%BC');
});

test('a path that is a value is left to whoever sends it', () => {
  expect(pathOf('${x}', '/a b')).toEqual({ isTarget: false, path: '/a b' });
});
