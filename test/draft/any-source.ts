import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ContendError } from '../../src/core/errors.ts';
import { draftFrom } from '../../src/draft/from.ts';
import { writeDraft } from '../../src/draft/write.ts';
import { renderProblems } from '../../src/scenario/text/problem.ts';
import { readScenario } from '../../src/scenario/read-scenario.ts';

const nasty = [
  '${',
  '$${',
  '${env.HOME}',
  '$${env.HOME}',
  '}',
  '$',
  '#',
  ' # c',
  ': ',
  '- x',
  '*a',
  '&a',
  '!t',
  '|',
  '>',
  '@',
  '`',
  '%d',
  "'",
  '"',
  '\\',
  '\n',
  '\r\n',
  '\t',
  '\u0000',
  '\u0085',
  '\u2028',
  '\ufeff',
  '\ud800',
  '\ue000X\ue001',
  'null',
  'true',
  '~',
  '1..2',
  '0x1f',
  '1e999',
  '<<',
  '__proto__',
  'constructor',
  'body',
  'env',
  'id',
  'user',
  'a'.repeat(300),
  'é',
  '中',
  '👍',
  '{{x}}',
  '',
  ' ',
  'token',
  '7',
  '-0',
  '../..',
  '//',
  '?',
  '%',
  '%zz',
  '%24%7B',
  'if-match',
  'etag',
];
const text = fc.oneof(
  fc.constantFrom(...nasty),
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.array(fc.constantFrom(...nasty), { maxLength: 4 }).map((parts) => parts.join('')),
);
const json = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    text,
    fc.double(),
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(text, tie('value'), { maxKeys: 3 }),
  ),
})).value;

/** The scenario that is made of a source; undefined where the source was refused in words. */
const scenarioOf = (source: string): string | undefined => {
  try {
    const { draft, names } = draftFrom({ text: source, file: 'source', tags: [], operations: [] });
    return writeDraft(draft, names.variable, 'scenario.schema.json');
  } catch (error) {
    if (!(error instanceof ContendError)) throw error;
    expect(error.message).not.toBe('');
    return undefined;
  }
};

/** Whether it made one; fails where what was made is no scenario. */
const isScenario = (source: string): boolean => {
  const made = scenarioOf(source);
  if (made === undefined) return false;
  const read = readScenario({ text: made, file: 'draft.yaml', settings: [], seed: 0 });
  expect('problems' in read ? `${renderProblems(read.problems)}\n${made}` : '').toBe('');
  return true;
};

const shellQuoted = (word: string): string => `'${word.replaceAll("'", String.raw`'\''`)}'`;

const curlCommand = fc
  .record({
    path: text,
    query: fc.dictionary(text, text, { maxKeys: 3 }),
    headers: fc.dictionary(
      fc.oneof(text, fc.constantFrom('Authorization', 'Cookie', 'If-Match', 'Content-Type', 'X-Api-Key')),
      text,
      { maxKeys: 3 },
    ),
    method: fc.constantFrom('GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'get'),
    body: fc.option(
      fc.oneof(
        text,
        json.map((value) => JSON.stringify(value) ?? ''),
        fc.dictionary(text, text).map((form) => new URLSearchParams(form).toString()),
      ),
    ),
    more: fc.subarray([
      '-L',
      '-k',
      '--compressed',
      '-u a:b',
      '-G',
      '--json {}',
      '-F a=b',
      '-F f=@x.png',
      '--nonsense',
      '-H "x-a: $X"',
      '--data-raw "${Y} $"',
      '-I',
    ]),
  })
  .map(({ path, query, headers, method, body, more }) =>
    [
      'curl',
      '-X',
      method,
      shellQuoted(`http://127.0.0.1:8080/${path}?${new URLSearchParams(query).toString()}`),
      ...Object.entries(headers).flatMap(([name, value]) => ['-H', shellQuoted(`${name}: ${value}`)]),
      ...(body === null ? [] : ['-d', shellQuoted(body)]),
      ...more,
    ].join(' '),
  );

const pairs = fc.array(
  fc.record({
    name: fc.oneof(
      text,
      fc.constantFrom('set-cookie', 'cookie', 'authorization', 'etag', 'location', 'if-match', 'content-type'),
    ),
    value: text,
  }),
  { maxLength: 4 },
);
const entry = fc.record({
  request: fc.record({
    method: fc.constantFrom('GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'),
    url: fc
      .tuple(fc.constantFrom('https://api.test/', 'https://api.test/things/', 'https://other.test/', 'nonsense'), text)
      .map((parts) => parts.join('')),
    headers: pairs,
    postData: fc.option(
      fc.oneof(
        fc.record({
          mimeType: fc.constantFrom('application/json', 'application/x-www-form-urlencoded', 'text/xml', ''),
          text: fc.oneof(
            text,
            json.map((value) => JSON.stringify(value) ?? ''),
          ),
        }),
        fc.record({
          mimeType: fc.constantFrom('multipart/form-data', ''),
          params: fc.array(fc.record({ name: text, value: text }), { maxLength: 3 }),
        }),
      ),
      { nil: undefined },
    ),
  }),
  response: fc.record({
    status: fc.constantFrom(200, 201, 302, 304, 404, 0, 999),
    headers: pairs,
    content: fc.record({
      mimeType: fc.constantFrom('application/json', 'text/html', 'image/png'),
      text: fc.oneof(
        text,
        json.map((value) => JSON.stringify(value) ?? ''),
      ),
    }),
  }),
});

const reference = fc.constantFrom(
  '#/components/schemas/A',
  '#/components/schemas/B',
  '#/components/schemas/C',
  '#',
  '#/nowhere',
  'other.yaml#/x',
  '#/paths',
);
const schema = fc.letrec((tie) => ({
  schema: fc.oneof(
    { depthSize: 'small' },
    reference.map(($ref) => ({ $ref })),
    fc.record(
      {
        type: fc.constantFrom('string', 'integer', 'number', 'boolean', 'null', 'array', 'object', 'nonsense'),
        format: text,
        pattern: text,
        minimum: fc.double(),
        maximum: fc.integer(),
        minLength: fc.integer(),
        multipleOf: fc.double(),
        exclusiveMinimum: fc.oneof(fc.boolean(), fc.integer()),
      },
      { requiredKeys: [] },
    ),
    fc.record({ example: json }),
    fc.record({ enum: fc.array(json, { maxLength: 3 }), default: json }, { requiredKeys: [] }),
    fc.record({
      type: fc.constant('object'),
      required: fc.array(text, { maxLength: 2 }),
      properties: fc.dictionary(text, tie('schema'), { maxKeys: 4 }),
    }),
    fc.record({ type: fc.constant('array'), items: tie('schema'), minItems: fc.integer() }),
    fc.record({ allOf: fc.array(tie('schema'), { maxLength: 2 }) }),
    fc.record({ oneOf: fc.array(tie('schema'), { maxLength: 2 }), discriminator: fc.record({ propertyName: text }) }),
  ),
})).schema;
const parameter = fc.record({
  name: fc.oneof(text, fc.constantFrom('id', 'If-Match', 'api_key', 'petId')),
  in: fc.constantFrom('path', 'query', 'header', 'cookie'),
  required: fc.boolean(),
  schema,
  style: fc.constantFrom('form', 'deepObject'),
  explode: fc.boolean(),
});
const operation = fc.record(
  {
    tags: fc.array(text),
    operationId: text,
    summary: text,
    parameters: fc.array(parameter, { maxLength: 4 }),
    requestBody: fc.record({
      required: fc.boolean(),
      content: fc.dictionary(
        fc.oneof(
          text,
          fc.constantFrom(
            'application/json',
            'application/x-www-form-urlencoded',
            'multipart/form-data',
            'text/plain',
            'application/xml',
          ),
        ),
        fc.record({ schema }),
        { maxKeys: 2 },
      ),
    }),
    responses: fc.dictionary(
      fc.constantFrom('200', '201', '2XX', 'default', '999', 'x'),
      fc.record({
        headers: fc.constant({ ETag: {} }),
        content: fc.record({ 'application/json': fc.record({ schema }) }),
      }),
    ),
    security: fc.array(fc.dictionary(fc.constantFrom('s', 'none', '__proto__'), fc.constant([])), { maxLength: 2 }),
  },
  { requiredKeys: [] },
);
const path = fc.oneof(
  fc.constantFrom('/pets', '/pets/{id}', '/pets/{id}/x', '/a$/{b}', '/{c}.{d}'),
  text.map((part) => `/${part}`),
  text.map((part) => `/pets/{${part}}`),
);
const openapi = fc.record({
  openapi: fc.constantFrom('3.0.0', '3.1.0'),
  info: fc.record({ title: text, version: text }, { requiredKeys: [] }),
  servers: fc.array(fc.record({ url: fc.oneof(text, fc.constantFrom('https://api.test/v1', '/v2')) }), {
    maxLength: 2,
  }),
  paths: fc.dictionary(
    path,
    fc.dictionary(fc.constantFrom('get', 'post', 'put', 'patch', 'delete', 'head', 'parameters'), operation, {
      maxKeys: 4,
    }),
    { minKeys: 1, maxKeys: 5 },
  ),
  components: fc.record({
    schemas: fc.record({ A: schema, B: schema, C: schema }),
    securitySchemes: fc.record({
      s: fc.record({
        type: fc.constantFrom('http', 'apiKey', 'oauth2', 'x'),
        scheme: fc.constantFrom('basic', 'bearer', 'digest'),
        in: fc.constantFrom('header', 'query', 'cookie'),
        name: text,
      }),
    }),
  }),
});

/** The tests that hold every source to making a scenario without a problem; some hundreds of each kind, or so many times as many. */
export const anySource = (times: number) =>
  describe('whatever the source is, what is made of it is a scenario without a problem, or the source is refused in words', () => {
    test('curl commands', () => {
      let made = 0;
      fc.assert(
        fc.property(fc.array(curlCommand, { minLength: 1, maxLength: 3 }), (commands) => {
          if (isScenario(commands.join('\n'))) made++;
        }),
        { numRuns: 100 * times },
      );
      expect(made).toBeGreaterThan(30 * times);
    });

    test('any text behind "curl", and any text at all', () => {
      expect(isScenario('curl http://h.test/')).toBe(true);
      fc.assert(
        fc.property(text, text, (a, b) => void isScenario(`curl http://h.test/${a} ${b}`)),
        { numRuns: 100 * times },
      );
      fc.assert(
        fc.property(fc.string({ unit: 'binary' }), (a) => void isScenario(a)),
        { numRuns: 30 * times },
      );
    });

    test('recordings', () => {
      let made = 0;
      fc.assert(
        fc.property(fc.array(entry, { maxLength: 5 }), (entries) => {
          if (isScenario(JSON.stringify({ log: { entries } }))) made++;
        }),
        { numRuns: 100 * times },
      );
      expect(made).toBeGreaterThan(30 * times);
    });

    test('a recording of anything', () => {
      expect(isScenario('{"log":{"entries":[]}}')).toBe(false);
      fc.assert(
        fc.property(fc.array(json), (entries) => void isScenario(JSON.stringify({ log: { entries } }))),
        { numRuns: 30 * times },
      );
    });

    test('descriptions of an API', () => {
      let made = 0;
      fc.assert(
        fc.property(openapi, (document) => {
          if (isScenario(JSON.stringify(document))) made++;
        }),
        { numRuns: 100 * times },
      );
      expect(made).toBeGreaterThan(30 * times);
    });

    test('a description that is anything', () => {
      expect(isScenario('{"openapi":"3.1.0","paths":{}}')).toBe(false);
      fc.assert(
        fc.property(
          json,
          json,
          (paths, components) => void isScenario(JSON.stringify({ openapi: '3.1.0', paths, components })),
        ),
        { numRuns: 30 * times },
      );
    });
  });
