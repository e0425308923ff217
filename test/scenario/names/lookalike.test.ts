import { describe, expect, test } from 'vitest';
import { linesOf } from '../reading.ts';

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
      ` "${looks}" is no template (is "\${${looks.replace(/\W/gu, '')}}" meant? what is to be sent as it stands is written ${asItStands})`,
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
