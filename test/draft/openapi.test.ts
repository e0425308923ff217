import { describe, expect, test } from 'vitest';
import { drafted, openapiOf, notesOf } from './drafted.ts';

describe('a document with circles, or deeper than a scenario, is read all the same', () => {
  const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` });

  test('a schema put together of itself several times', () => {
    const A = {
      allOf: [ref('A'), ref('A'), ref('A'), ref('A'), { type: 'object', properties: { x: { type: 'string' } } }],
    };
    const { draft } = drafted(openapiOf({ schema: ref('A') }, { schemas: { A } }));
    expect(draft.steps[0]!.body).toMatchObject({ json: { x: expect.any(String) as string } });
  });

  test('layers that are each put together of the next one several times', () => {
    const layers = Array.from({ length: 12 }, (_, at): readonly [string, object] => [
      `L${at}`,
      { allOf: Array.from({ length: 6 }, () => ref(`L${at + 1}`)) },
    ]);
    const schemas = { ...Object.fromEntries(layers), L12: { type: 'object', properties: { y: { type: 'boolean' } } } };
    expect(drafted(openapiOf({ schema: ref('L0') }, { schemas })).draft.steps[0]!.body).toEqual({ json: { y: true } });
  });

  test('an example that is nested deeper than any scenario, told', () => {
    let example: object = { end: true };
    for (let depth = 0; depth < 80; depth++) example = { in: example };
    const { draft } = drafted(openapiOf({ example }));
    expect(notesOf(draft)).toContain('an example that is nested deeper than 40 levels');
  });

  test('an example and a schema that have themselves inside, by an alias of YAML', () => {
    const head = 'openapi: 3.0.3\ninfo: {title: x, version: "1"}\n';
    const body = (media: string): string =>
      `${head}paths: {/a: {post: {requestBody: {content: {application/json: ${media}}}, responses: {}}}}`;
    expect(drafted(body('{example: &x {a: *x}}')).draft.steps.length).toBe(1);
    expect(
      drafted(body('{schema: &x {type: object, required: [a], properties: {a: *x, b: *x}}}')).draft.steps.length,
    ).toBe(1);
  });
});

test('a document is one, whatever its description says of curl', () => {
  const info = 'info:\n  title: x\n  description: |\n    Try it:\n    curl http://localhost:8080/pets\n';
  const { draft } = drafted(`${info}"openapi": 3.0.3\npaths:\n  /pets: {get: {responses: {}}}\n`);
  expect(draft.steps.map(({ path }) => path)).toEqual(['/pets']);
  expect(drafted(`swagger: "2.0"\n${info}paths:\n  /pets: {get: {responses: {}}}\n`).draft.steps).toHaveLength(1);
});

test('what an operation has beside its own is told: servers, headers that may be left out, files', () => {
  const text = JSON.stringify({
    openapi: '3.0.3',
    servers: [{ url: 'https://{region}/v1' }],
    paths: {
      '/a': {
        servers: [{ url: 'https://files.test' }],
        post: {
          parameters: [
            { in: 'header', name: 'X-Trace', schema: { type: 'string' } },
            { in: 'cookie', name: 'theme', schema: { type: 'string' } },
          ],
          requestBody: {
            content: {
              'multipart/form-data': {
                schema: {
                  type: 'object',
                  properties: {
                    photos: { type: 'array', items: { type: 'string', format: 'binary' } },
                    title: { type: 'string' },
                  },
                },
              },
            },
          },
          responses: {},
        },
      },
    },
  });
  const { draft } = drafted(text);
  expect(draft.target).toBe('http://localhost:8080/v1');
  expect(draft.steps[0]!.comment).toContain('without X-Trace, theme');
  expect(Object.keys((draft.steps[0]!.body as { readonly multipart: object }).multipart)).toEqual(['title']);
  expect(notesOf(draft).join('\n')).toMatch(/the file photos of POST \/a[^]*the servers of POST \/a/);
});

test('a merge key of YAML lays in what it stands for', () => {
  const { draft } = drafted(
    `openapi: 3.0.3\nx-base: &base {post: {responses: {}}}\npaths:\n  /a: {<<: *base, get: {responses: {}}}`,
  );
  expect(draft.steps.map(({ method }) => method).sort()).toEqual(['get', 'post']);
});
