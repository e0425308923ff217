import { describe, expect, test } from 'vitest';
import { readScenario } from '../../src/scenario/read-scenario.ts';
import { drafted, harOf } from './drafted.ts';

/** The comment with which a file ends, taken out of it. */
const outOfComment = (text: string): string => text.replaceAll(/^# (?=consistency:| {2,}[\w-]+:)/gm, '');

const modelsOf = (text: string): readonly string[] => {
  const read = readScenario({ text: outOfComment(text), file: 'draft.yaml', settings: [], seed: 0 });
  if ('problems' in read) throw new Error(read.problems.map(({ message }) => message).join('\n'));
  return [...new Set(read.plan.modes.flatMap(({ observe }) => observe).map(({ model }) => model))];
};

describe('what was seen is proposed as a comment, and is part of a scenario as soon as it is none', () => {
  test('a number that is read and written back', () => {
    const { text } = drafted(
      harOf(
        { url: '/items/7', answer: '{"id":7,"name":"tea","stock":3}' },
        { method: 'PUT', url: '/items/7', body: '{"stock":2,"name":"tea"}' },
      ),
    );
    expect(text).toContain('#   rmw-counter:');
    expect(text).toContain('capture: { stock: body.stock }');
    expect(modelsOf(text)).toEqual(['rmw-counter']);
  });

  test('a value that is written and read, of a thing that the steps make', () => {
    const { text } = drafted(
      harOf(
        { method: 'POST', url: '/items', body: '{"name":"a"}', status: 201, answer: '{"id":4711}' },
        { url: '/items/4711', answer: '{"id":4711,"name":"a"}' },
        { method: 'PUT', url: '/items/4711', body: '{"name":"b"}' },
      ),
    );
    expect(text).toContain('#   register:');
    expect(modelsOf(text)).toEqual(['register']);
  });

  test('a key that says which requests are one', () => {
    const { text } = drafted(
      harOf({
        method: 'POST',
        url: '/payments',
        headers: { 'idempotency-key': 'a-key-of-its-own-1' },
        body: '{"amount":5}',
        status: 201,
        answer: '{"id":9}',
      }),
    );
    expect(text).toContain('copies: 2');
    expect(modelsOf(text)).toEqual(['once']);
  });

  test('nothing where nothing was seen', () => {
    const { text } = drafted(harOf({ url: '/a', answer: '{"n":1}' }, { method: 'POST', url: '/b', body: '{"n":1}' }));
    expect(text).not.toContain('consistency:\n');
  });
});

describe('locks that never meet are told', () => {
  const read = { url: '/items/4711', answer: '{"id":4711,"name":"a"}' };
  const write = { method: 'PUT', url: '/items/4711', body: '{"name":"b"}' };
  const make = { method: 'POST', url: '/items', body: '{"name":"a"}', status: 201, answer: '{"id":4711}' };
  const told = 'each iteration makes its own itemId and writes to nothing else, so these locks never meet';

  test('where each iteration makes its own thing', () => {
    expect(drafted(harOf(make, read, write)).text).toContain(told);
    expect(drafted(harOf(read, write)).text).not.toContain('never meet');
    expect(drafted(harOf(make, read, write, { method: 'PUT', url: '/shared/3', body: '{"a":1}' })).text).not.toContain(
      'never meet',
    );
  });

  test('of a document, too', () => {
    const thing = { type: 'object', properties: { id: { type: 'integer' }, name: { type: 'string' } } };
    const json = { content: { 'application/json': { schema: thing } } };
    const parameters = [{ name: 'id', in: 'path', required: true, schema: { type: 'integer' } }];
    const paths = {
      '/items': { post: { requestBody: json, responses: { 201: { description: 'x', ...json } } } },
      '/items/{id}': {
        parameters,
        get: { responses: { 200: { description: 'x', ...json } } },
        put: { requestBody: json, responses: {} },
      },
    };
    expect(drafted(JSON.stringify({ openapi: '3.0.3', paths })).text).toContain(told);
  });
});
