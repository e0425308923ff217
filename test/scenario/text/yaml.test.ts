import { describe, expect, test } from 'vitest';
import { requestsOf } from '../../../src/core/plan/plan.ts';
import { linesOf, planOf, smallest, textOf } from '../reading.ts';

const laughs = [
  'a0: &a0 lol',
  ...Array.from({ length: 30 }, (_, i) => `a${i + 1}: &a${i + 1} [${`*a${i}, `.repeat(10)}]`),
];

describe('hostile text is refused with its place, and fast', () => {
  test.each<[what: string, text: string, problem: string]>([
    [
      'a billion laughs',
      laughs.join('\n'),
      'shop.yaml:1:1 too many values: a scenario has at most 10,000, aliases expanded',
    ],
    ['an alias to itself', `${smallest}headers: &h { a: *h }\n`, 'shop.yaml:3:18 "*h" contains itself'],
    ['an alias to nothing', `${smallest}headers: *h\n`, 'shop.yaml:3:10 no anchor "&h" before this alias'],
    [
      'aliases that nest',
      ['a0: &a0 []', ...Array.from({ length: 70 }, (_, i) => `a${i + 1}: &a${i + 1} [*a${i}]`)].join('\n'),
      'nested deeper than 64 levels',
    ],
    ['many documents', '---\n'.repeat(200_000), 'shop.yaml:1:1 the file is too long for a scenario'],
    ['brackets', '['.repeat(1_000_000), 'shop.yaml:1:1 the file is too long for a scenario'],
    ['commas', `{${','.repeat(39_000)}`, 'shop.yaml:1:3 YAML cannot read this: Unexpected , in flow map'],
    ['levels that overflow a stack', '- '.repeat(15_000), 'nested deeper than 64 levels'],
    ['levels', `${smallest}headers: ${'{ a: '.repeat(70)}1${' }'.repeat(70)}\n`, 'nested deeper than 64 levels'],
    ['2 MiB', 'a'.repeat(2 << 20), 'shop.yaml:1:1 the file is larger than 1 MiB'],
    [
      'parentheses in a template',
      `target: http://x\nsteps: [{ get: "/\${${'('.repeat(900_000)}}" }]`,
      'shop.yaml:2:20 cannot be read',
    ],
    [
      'a hundred thousand unknown names',
      `target: http://x\nsteps: [{ get: "/${Array.from({ length: 99_000 }, (_, i) => `\${a${i}}`).join('')}" }]`,
      'shop.yaml:2:20 unknown name "a0"',
    ],
    [
      'more steps than there may be, in 32 modes',
      `target: http://x\nsteps:\n${'- get: /${x}\n'.repeat(1100)}modes:\n${Array.from({ length: 32 }, (_, i) => `  m${i}: none\n`).join('')}`,
      'shop.yaml:3:1 expected at most 1000 steps, got 1100',
    ],
    [
      'three thousand modes',
      `${smallest}modes:\n${Array.from({ length: 3000 }, (_, i) => `  m${i}: none\n`).join('')}`,
      'shop.yaml:4:3 at most 32 modes, these are 3000',
    ],
  ])('%s', (_, text, problem) => {
    const begun = performance.now();
    const lines = linesOf(text);
    // Ten times what it takes here; a bomb that goes off takes minutes, or all memory.
    expect(performance.now() - begun).toBeLessThan(20_000);
    expect(lines.join('\n')).toContain(problem);
  });

  test('a billion laughs take seconds at most', () => {
    const begun = performance.now();
    expect(linesOf(laughs.join('\n'))).toHaveLength(1);
    expect(performance.now() - begun).toBeLessThan(5000);
  });
});

describe('keys and values that a plan must not carry', () => {
  test.each<[text: string, problem: string]>([
    [
      '__proto__: { polluted: yes }',
      'shop.yaml:3:1 the key "__proto__" is refused (it would reach the prototype of an object: take another name)',
    ],
    [
      'headers: { constructor: a }',
      'shop.yaml:3:12 the key "constructor" is refused (it would reach the prototype of an object: take another name)',
    ],
    [
      'modes: { a: { data: { prototype: 1..2 } } }',
      'shop.yaml:3:23 the key "prototype" is refused (it would reach the prototype of an object: take another name)',
    ],
    ['load: { users: 1, users: 2 }', 'shop.yaml:3:19 the key "users" is there twice (leave one of them out)'],
    ['headers: { 1: a }', 'shop.yaml:3:12 a key must be text (quote it: "1")'],
    ['headers: { ? [a] : b }', 'shop.yaml:3:14 a key must be text'],
    ['seed: !!int 5', 'shop.yaml:3:13 the tag "tag:yaml.org,2002:int" is refused (a scenario needs no tags)'],
    ['name: !secret x', 'shop.yaml:3:15 the tag "!secret" is refused (a scenario needs no tags)'],
    ['seed: .inf', 'shop.yaml:3:7 a number that JSON cannot carry exactly (quote it, if it is text)'],
    ['seed: 1e30', 'shop.yaml:3:7 a number that JSON cannot carry exactly (quote it, if it is text)'],
    ['seed: 12345678901234567890', 'shop.yaml:3:7 expected a number up to 2^53, got the number 12345678901234567890'],
    ['rounds: 9007199254740993', 'shop.yaml:3:9 expected a number up to 2^53, got the number 9007199254740993'],
    ['<<: { seed: 1 }', 'shop.yaml:3:1 unknown key "<<"'],
    ['---\na: 1', 'shop.yaml:3:1 a second document: a file holds one scenario (put it into a file of its own)'],
    [
      'load:\n\tusers: 5',
      'shop.yaml:4:1 YAML cannot read this: Tabs are not allowed as indentation (indent with spaces)',
    ],
  ])('%s', (text, problem) => expect(linesOf(smallest + text)).toEqual([problem]));

  test('a body with such a key reaches no prototype', () => {
    expect(linesOf(`target: http://x\nsteps: [{ post: /, json: { __proto__: { polluted: true } } }]`)).toEqual([
      'shop.yaml:2:28 the key "__proto__" is refused (it would reach the prototype of an object: take another name)',
    ]);
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });

  test('names that objects inherit are names like any other', () => {
    const text = `target: http://x\ndata: { toString: 1..2 }\nsteps: [{ get: "/\${toString}/\${hasOwnProperty}" }]`;
    expect(linesOf(text)).toEqual(['shop.yaml:3:32 unknown name "hasOwnProperty" (known here: toString)']);
  });

  test('-0, which JSON does not know, is 0', () => {
    const [section] = planOf('target: http://x\nsteps: [{ post: /, json: [-0, -0.0] }]').modes[0].steps;
    expect(section).toMatchObject({ steps: [{ json: [0, 0] }] });
  });
});

describe('a text that is no YAML', () => {
  test.each([
    ['- { get: /p/${id} }', '/p/${id}', 5],
    ['- { name: read, get: /p/${id}/${other - 1}, timeout: 1s }', '/p/${id}/${other - 1}', 0],
    ['- [ ${id}, 2 ]', '${id}', 0],
  ])('an unquoted ${ in %s is reported once, with what to write', (line, word) => {
    const [problem, ...others] = linesOf(`steps:\n  ${line}\n  - { put: /q/\${b} }\n`);
    expect(others).toEqual([]);
    expect(problem).toBe(
      `shop.yaml:2:${line.indexOf(word) + 3} YAML cannot read "\${" inside { } or [ ] (quote it: "${word}")`,
    );
  });

  test('a ${ that is not to blame gets no hint', () => {
    expect(linesOf('steps:\n  - get: /p/${id}\n  name: x\n')[0]).not.toContain('quote it');
    expect(linesOf('a: "${x}" b\n')[0]).not.toContain('quote it');
    expect(linesOf('a: [ 1 # ${x}\n')[0]).not.toContain('quote it');
  });

  test('%directives are refused, which could change what words mean', () => {
    expect(linesOf('%YAML 1.1\n---\ntarget: x\n')).toEqual([
      'shop.yaml:1:1 a scenario takes no %directive (leave the line out, and the "---" below it)',
    ]);
  });

  test.each([
    ['', 'the file is empty'],
    ['# nothing\n', 'the file is empty'],
    ['~', 'the file is empty'],
    ['- a', 'a scenario is a map with keys such as "target" and "steps"'],
    ['hello', 'a scenario is a map with keys such as "target" and "steps"'],
  ])('%j has no scenario in it', (text, problem) => expect(linesOf(text)[0]).toContain(`shop.yaml:1:1 ${problem}`));
});

test('a byte order mark and Windows line ends change nothing, not even columns', () => {
  expect(planOf(`\ufeff${smallest.replaceAll('\n', '\r\n')}`)).toEqual(planOf(smallest));
  expect(textOf(`\ufefftarget: http://x\r\nfoo: 1\r\nsteps: [{ get: / }]\r\n`)).toBe(
    'shop.yaml:2:1  unknown key "foo"\n      foo: 1\n      ^\n\n1 problem in shop.yaml; nothing was sent.\n',
  );
});

test('aliases stand for their values, and problems are placed where these are written', () => {
  const text = 'target: http://x\nsteps:\n  - post: /a\n    json: &body { n: 1 }\n  - { post: /b, json: *body }\n';
  const [section] = planOf(text).modes[0].steps;
  expect(section).toMatchObject({ steps: [{ json: { n: 1 } }, { json: { n: 1 } }] });
  expect(linesOf(text.replace('n: 1', 'n: "${x}"'))).toEqual([
    'shop.yaml:4:25 unknown name "x" (no names are known here)',
  ]);
});

test('whole numbers beyond 2^53 keep their digits wherever a value may stand', () => {
  const { modes } = planOf(`
target: https://example.com
destructive: true
data: { k: { list: [1541815603606036481, -9007199254740993] } }
headers: { x-a: 1541815603606036481 }
steps:
  - post: /things
    query: { a: 1541815603606036481 }
    json: { id: 1541815603606036481, of: [{ n: -9007199254740993 }] }
    expect: { headers: { etag: 1541815603606036481 }, body: { id: 1541815603606036482 } }
`);
  const [mode] = modes;
  const [step] = requestsOf(mode.steps);
  expect(mode.data['k']!.options).toEqual([1541815603606036481n, -9007199254740993n]);
  expect(step).toMatchObject({
    headers: { 'x-a': '1541815603606036481' },
    query: { a: ['1541815603606036481'] },
    json: { id: 1541815603606036481n, of: [{ n: -9007199254740993n }] },
    expect: { headers: { etag: { options: '1541815603606036481' } }, body: { id: 1541815603606036482n } },
  });
});
