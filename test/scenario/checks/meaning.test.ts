import { describe, expect, test } from 'vitest';
import { modelSections, type ModelSections } from '../../../src/judge/consistency/syntax.ts';
import { linesOf, modeOf } from '../reading.ts';

const scenario = (said: string, see = 'see: { step: look, value: body.n }'): string => `target: http://x
data: { id: 1..3 }
steps:
  - { name: look, get: "/\${id}", capture: { seen: body.n } }
  - { name: act, post: "/\${id}" }
consistency:
  counter:
    key: "\${id}"
    add: { step: act, by: 1, ${said} }
    ${see}
    read: { get: "/\${key}", value: body.n }
`;

describe('what an operation says of its answers', () => {
  test.each([
    'done: "!body.errors"',
    'done: status == 202',
    `done: 'header["x-done"] == "1"'`,
    'done: body.n == seen + 1',
    'refused: 200',
    'refused: [200, 303, 503]',
    'refused: body.ok == false',
    'refused: 409, done: body.ok',
  ])('%s is taken', (said) => expect(linesOf(scenario(said))).toEqual([]));

  test.each([
    ["refused: '409'", 'shop.yaml:9:39 expected a status, got text "409" (write 409 without quotes)'],
    ['refused: 4xx', 'shop.yaml:9:39 expected a status, got text "4xx" (write "status >= 400 && status < 500")'],
    ['refused: 100', 'shop.yaml:9:39 expected at least 200, got the number 100'],
    ['refused: [409, 600]', 'shop.yaml:9:45 expected at most 599, got the number 600'],
    ['refused: []', 'shop.yaml:9:39 expected at least one item, got none'],
    [
      'refused: true',
      'shop.yaml:9:39 expected a status, a list of them or an expression over the answer, got true (such as 409, [409, 410] or "!body.ok")',
    ],
    [
      'refused: seen == 0',
      'shop.yaml:9:39 "seen == 0" does not use the answer (such as "!body.errors", or "status == 200")',
    ],
    ["done: 'true'", 'shop.yaml:9:36 "true" does not use the answer (such as "!body.errors", or "status == 200")'],
    [
      'done: true',
      'shop.yaml:9:36 expected an expression over the answer, got true (such as "!body.errors" or "body.ok")',
    ],
    ['done: "${body.ok}"', 'shop.yaml:9:36 this is an expression, without "${" and "}" (write body.ok)'],
    ['done: bdy.ok', 'shop.yaml:9:36 unknown name "bdy" (did you mean "body"?)'],
    ['refused: body.ok ==', 'shop.yaml:9:49 cannot be read: Expected expression after == in "body.ok =="'],
  ])('%s is refused', (said, line) => expect(linesOf(scenario(said))).toEqual([line]));

  test('an expression that YAML takes for a tag is to be quoted', () => {
    expect(linesOf(scenario('done: !body.errors'))).toContain(
      'shop.yaml:9:49 the tag "!body.errors" is refused (an expression that begins with "!" is quoted: "!body.errors")',
    );
  });

  test('a read is done or not, and never refused', () => {
    expect(linesOf(scenario('done: body.ok', 'see: { step: look, value: body.n, done: body.ok }'))).toEqual([]);
    expect(linesOf(scenario('done: body.ok', 'see: { step: look, value: body.n, refused: 404 }'))).toEqual([
      'shop.yaml:10:39 unknown key "refused" (known here: step, value, done)',
    ]);
  });
});

/** What each field must be given, so that a section is valid. */
const fields = (of: ModelSections['operations'][string]): string =>
  Object.entries(of.fields)
    .filter(([name, { isRequired }]) => isRequired || name === of.oneOf?.[0])
    .map(([name, { from }]) => `, ${name}: ${from === 'sent' ? '1' : 'body.n'}`)
    .join('');

test.each(
  Object.entries<ModelSections>(modelSections).flatMap(([model, sections]) =>
    Object.keys(sections.operations).map((word) => [model, word, sections] as const),
  ),
)('%s, %s: may say so in every model', (model, word, { key, common = {}, operations, read }) => {
  const needed = Object.entries(operations).filter(([name, { isRequired }]) => isRequired && name !== word);
  const isRead = operations[word]!.f === 'read';
  const text = `target: http://x
data: { id: 1..3 }
steps:
  - { name: act, post: "/\${id}" }
  - { name: other, post: "/\${id}" }
consistency:
  ${model}:
    ${key.isRequired ? 'key: "${id}"' : 'key: all'}
${Object.keys(common)
  .map((name) => `    ${name}: 1\n`)
  .join('')}\
    ${word}: { step: act${fields(operations[word]!)}, done: body.ok${isRead ? '' : ', refused: "!body.ok"'} }
${needed.map(([name, one]) => `    ${name}: { step: other${fields(one)} }\n`).join('')}${read?.isRequired === true ? '    read: { get: "/${key}", value: body.n }\n' : ''}`;
  expect(linesOf(text)).toEqual([]);
  const observation = modeOf(text, 'lock-free').observe.find(({ step }) => step === 'act');
  expect(observation).toMatchObject({ model, done: 'body.ok', ...(isRead ? {} : { refused: '!body.ok' }) });
});
