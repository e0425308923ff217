import { describe, expect, test } from 'vitest';
import { planOf, textOf } from '../reading.ts';

const secretsOf = (text: string, more: object = {}): readonly string[] => planOf(text, more).secrets ?? [];
const smallest = 'target: http://shop.test\nsteps: [{ get: / }]\n';

describe('what is written in a scenario and is masked', () => {
  test.each([
    ['a credential without its scheme', 'headers: { Authorization: Bearer abc.def }', ['abc.def']],
    ['a name and a password', 'headers: { authorization: "Basic dXNlcjpodW50ZXIy" }', ['dXNlcjpodW50ZXIy', 'hunter2']],
    ['the values of cookies', 'headers: { cookie: "sid=s3cr3t; theme=dark" }', ['s3cr3t', 'dark']],
    ['a key of an API, in a mode, too', 'modes: { a: { headers: { x-api-key: 12345678 } } }', ['12345678']],
    [
      'what surrounds a template',
      'data: { n: 1..2 }\nheaders: { authorization: "Token abc-${n}-def" }',
      ['abc-', '-def'],
    ],
    [
      'parameters of a query that sound like one',
      'before: [{ get: "/a?api_key=qwertyuiop&page=2&token=a%20secret" }]',
      ['qwertyuiop', 'a%20secret', 'a secret'],
    ],
    ['passwords in bodies', 'before: [{ post: /login, json: { user: me, password: "pa$${ss" } }]', ['pa${ss']],
  ])('%s', (_, lines, expected) => {
    expect(secretsOf(`${smallest}${lines}\n`)).toEqual(expected);
  });

  test('user and password of an address, also of one from a flag', () => {
    const url = 'lock: { redis: { url: "redis://me:p%40ss@localhost:1" } }\n';
    expect(secretsOf(`${smallest}${url}`)).toEqual(['p%40ss', 'p@ss', 'me:p%40ss', 'me:p@ss']);
    const settings = [{ path: ['target'], value: 'http://token123@localhost', from: '--target' }];
    expect(secretsOf(smallest, { settings })).toEqual(['token123']);
  });

  test('a credential from the environment, declared secret or not', () => {
    const text = `${smallest}env: [T]\nheaders: { authorization: "Bearer \${env.T}" }\n`;
    expect(secretsOf(text, { environment: { variables: { T: 'abcdef' }, flags: {} } })).toEqual(['abcdef']);
  });

  test('and nothing else', () => {
    expect(planOf(`${smallest}headers: { accept: text/html }\n`)).not.toHaveProperty('secrets');
  });
});

describe('problems hold no secret', () => {
  test('neither in their words nor in their line, where the caret stays', () => {
    expect(textOf(`${smallest}headers: { authorization: Bearer abcdef, x: "\${abcdef}", y: [] }\n`)).toBe(
      `shop.yaml:3:48  unknown name "***"
      headers: { authorization: Bearer ******, x: "\${******}", y: [] }
                                                     ^
    no names are known here

shop.yaml:3:61  expected text, got a list
      headers: { authorization: Bearer ******, x: "\${******}", y: [] }
                                                                  ^

2 problems in shop.yaml; nothing was sent.
`,
    );
  });

  test('nor where the file is no YAML', () => {
    const text = textOf('target: http://me:hunter2@x\nheaders: { authorization: "Bearer abcdef": }\n');
    expect(text).toContain('shop.yaml:2:');
    expect(text).not.toMatch(/abcdef|hunter2/u);
  });
});
