import { describe, expect, test } from 'vitest';
import { renderNotes } from '../../../src/scenario/text/problem.ts';
import { linesOf, read } from '../reading.ts';

const withStep = (step: string): string =>
  `target: http://shop.test\ndata: { id: 1..9, top: 1..3 }\nsteps:\n  - ${step}\n  - { get: /b, capture: { late: body.a } }\n`;

describe('what other tools write for a variable', () => {
  test.each([
    ["{ get: '/a/{id}' }", '{id}', '%7Bid%7D'],
    ["{ get: '/a/{{id}}/${top}' }", '{{id}}', '%7B%7Bid%7D%7D'],
    ['{ get: /a/$id }', '$id', '%24id'],
  ])('%s is refused where that is a name', (step, looks, asItStands) => {
    const [line, ...others] = linesOf(withStep(step));
    expect(others).toEqual([]);
    expect(line).toContain(
      ` "${looks}" is not a template (did you mean "\${${looks.replace(/\W/gu, '')}}"? to send it literally, write ${asItStands})`,
    );
  });

  test.each([
    ['another name', "{ get: '/a/{other}/$other/{{other}}' }"],
    ['a capture of a later step', "{ get: '/a/{late}' }"],
    ['what is no value itself', "{ get: '/a/{user}' }"],
    ['a field of a query, as OData has it', "{ get: '/a?$top=${top}' }"],
    ['a body, whose it may be', "{ put: /a, json: { query: '{ a(id: $id) {id} }', n: '{id}', m: $id } }"],
    ['what is escaped', "{ get: '/a/$${id}' }"],
    ['what is encoded', "{ put: '/a/%7Bid%7D/%24id' }"],
  ])('%s is let through', (_, step) => {
    expect(linesOf(withStep(step))).toEqual([]);
  });
});

const notesOf = (step: string): readonly string[] => {
  const found = read(withStep(step), { file: 'shop.yaml' });
  if (!('notes' in found)) throw new Error('it has problems');
  return found.notes.map(({ place, message, hint }) => `${place} ${message}: ${hint}`);
};

describe('a body or a header that is what other tools write for a variable', () => {
  test.each([
    ['json', "{ put: /a, json: { item: { id: '{id}' } } }", '{id}'],
    ['a list in json', "{ put: /a, json: [1, '{{id}}'] }", '{{id}}'],
    ['form', '{ put: /a, form: { id: $id } }', '$id'],
    ['query', "{ get: /a, query: { id: '{id}' } }", '{id}'],
    ['text', '{ put: /a, text: $id }', '$id'],
    ['a header', "{ get: /a, headers: { x-id: '{id}' } }", '{id}'],
    ['a header with its scheme', '{ get: /a, headers: { authorization: Bearer $id } }', '$id'],
  ])('is told in a note, and is no fault: %s', (_, step, looks) => {
    const [note, ...others] = notesOf(step);
    expect(others).toEqual([]);
    expect(note).toContain(looks);
    expect(note).toMatch(/^shop\.yaml:4:\d+ ".*" is sent literally: did you mean "\$\{id\}"\?$/u);
  });

  test('is shown with its line and a caret', () => {
    const found = read(withStep("{ put: /a, json: { id: '{id}' } }"), { file: 'shop.yaml' });
    expect('notes' in found && renderNotes(found.notes)).toBe(
      `shop.yaml:4:28  note: "{id}" is sent literally
        - { put: /a, json: { id: '{id}' } }
                                 ^
    did you mean "\${id}"?
`,
    );
  });

  test.each([
    ['a name that is not known', "{ put: /a, json: { id: '{other}', at: $other } }"],
    ['a part of a longer text', "{ put: /a, json: { text: 'costs $id or {id}', note: 'a {id}' } }"],
    [
      'GraphQL, with its variables',
      "{ post: /g, json: { query: 'query($id: ID!) { a(id: $id) { id } }', variables: {} } }",
    ],
    ['GraphQL, the shortest of all', "{ post: /g, json: { query: '{id}' } }"],
    ['MongoDB, where it is a field', '{ post: /a, json: [{ $group: { _id: $id, n: { $sum: $top } } }] }'],
    ['a template', "{ put: /a, json: { id: '${id}' }, headers: { x-id: 'a-${id}' } }"],
    ['what is escaped', "{ put: /a, json: { id: '$${id}' } }"],
    ['what is no value itself', "{ put: /a, json: { id: '{user}' } }"],
  ])('nothing is said of %s', (_, step) => {
    expect(notesOf(step)).toEqual([]);
  });
});

describe('"to" of rmw-counter and the body of its step', () => {
  const withUpdate = (json: string, to: string): string[] =>
    linesOf(`target: http://shop.test
steps:
  - critical: [{ get: /a, capture: { n: body.n, by: body.by } }, { name: write, put: /a, json: ${json} }]
consistency:
  rmw-counter:
    key: a
    update: { step: write, from: '\${n}', to: '${to}' }
    read: { get: /a, value: body.n }
`);

  test.each([
    ["{ n: '${n + 1}' }", '${n + 2}'],
    ["{ n: '${n - 1}' }", '${n + 1}'],
    ["{ deep: { n: ['${n}', '${ n-1 }'] } }", '${n - 2}'],
  ])('%s contradicts %s', (json, to) => {
    expect(withUpdate(json, to)).toEqual([expect.stringMatching(/^shop\.yaml:7:\d+ "to" is .*, and "write" sends/u)]);
  });

  test.each([
    ["{ n: '${n + 1}' }", '${n+1}'],
    ["{ n: '${n + 1}', was: '${n - 1}' }", '${n - 1}'],
    ["{ n: '${n}' }", '${n - 1}'],
    ["{ n: '${n - by}' }", '${n - 1}'],
    ["{ n: '${by + 1}' }", '${n + 2}'],
    ['{ add: 1 }', '${n + 1}'],
  ])('%s may go with %s', (json, to) => {
    expect(withUpdate(json, to)).toEqual([]);
  });
});
