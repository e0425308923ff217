import { expect, test } from 'vitest';
import { drafted, harOf, notesOf } from './drafted.ts';

test('a curl command with -I, or -X OPTIONS, is a step of its own', () => {
  const { draft } = drafted("curl -I http://api.test/a\ncurl -X OPTIONS http://api.test/a --data-raw 'x=1'\n");
  expect(draft.steps.map(({ method, path }) => `${method} ${path}`)).toEqual(['head /a', 'options /a']);
  expect(notesOf(draft)).toEqual([]);
});

test('a recorded HEAD is a step, from whose answer only headers are taken; what a browser asks by itself is told', () => {
  const { draft, text } = drafted(
    harOf(
      { method: 'OPTIONS', url: '/things/4711', status: 204 },
      { method: 'HEAD', url: '/things/4711', answerHeaders: { etag: '"v-81723"' }, answer: '{"id":"th-99123"}' },
      { method: 'PUT', url: '/things/4711', headers: { 'if-match': '"v-81723"' }, body: '{"owner":"th-99123"}' },
    ),
  );
  expect(draft.steps.map(({ method }) => method)).toEqual(['head', 'put']);
  expect(Object.values(draft.steps[0]!.capture)).toEqual(['header.etag']);
  expect(notesOf(draft).join('\n')).toContain('an OPTIONS, which a browser sends by itself');
  expect(text).not.toMatch(/body\./u);
});

const document = JSON.stringify({
  openapi: '3.0.0',
  info: { title: 'things', version: '1' },
  paths: {
    '/things/{id}': {
      get: { operationId: 'read', responses: { 200: {} } },
      head: { operationId: 'look', responses: { 200: {} } },
      options: { operationId: 'may', responses: { 204: {} } },
      trace: { responses: { 200: {} } },
      parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'integer' } }],
    },
  },
});

test('HEAD and OPTIONS of a document are listed, and steps where they are named', () => {
  const usual = drafted(document);
  expect(usual.draft.steps.map(({ method }) => method)).toEqual(['get']);
  expect(usual.draft.rest).toEqual(['OPTIONS /things/{id}  may', 'HEAD /things/{id}  look']);
  expect(usual.text).toContain('--operations or --tag choose others');
  expect(notesOf(usual.draft).join('\n')).toContain('methods that are not taken over: TRACE /things/{id}');
  const asked = drafted(document, { operations: ['HEAD /things/*', 'may'] });
  expect(asked.draft.steps.map(({ method }) => method).toSorted()).toEqual(['head', 'options']);
});

test('a document with nothing else has its HEAD for a step', () => {
  const { get: _, ...item } = (JSON.parse(document) as { paths: { [path: string]: object & { get?: unknown } } }).paths[
    '/things/{id}'
  ]!;
  const only = { ...(JSON.parse(document) as object), paths: { '/things/{id}': item } };
  expect(drafted(JSON.stringify(only)).draft.steps.map(({ method }) => method)).toContain('head');
});
