import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { RequestStep } from '../../../src/core/plan/plan.ts';
import { compileRequest } from '../../../src/measure/iteration/request.ts';
import { newUser } from '../../../src/measure/user.ts';
import { TemplateValueError } from '../../../src/template/compile.ts';
import { requestStep } from '../mode.ts';

const places = new Map([['x', 0]]);

/** What is sent of a step where the variable `x` has that value. */
const sent = (step: Partial<RequestStep>, x: unknown = 'a&b=ü', files: { [path: string]: Buffer } = {}) => {
  const parts = compileRequest(
    requestStep({ name: 'step', method: 'POST', path: '/', ...step }),
    places,
    new Map(Object.entries(files)),
  );
  const user = newUser(0, 1);
  user.variables[0] = x;
  const { path, body } = parts;
  const headers = parts.headers.map(
    ([name, value]) => [name, typeof value === 'string' ? value : value(user)] as const,
  );
  return {
    path: typeof path === 'string' ? path : path(user),
    headers: new Map(headers),
    body: typeof body === 'function' ? body(user) : body,
    isConstant: typeof body !== 'function',
  };
};

/** Reads a form as a browser's or a server's own code would. */
const formOf = async (type: string, body: string | Buffer | undefined): Promise<FormData> =>
  new Response(body === undefined ? null : Uint8Array.from(Buffer.from(body)), {
    headers: { 'content-type': type },
  }).formData();

describe('a form', () => {
  test('has names and values encoded, whatever they hold, and its content type', () => {
    const { body, headers } = sent({ body: { kind: 'form', fields: { 'a b': ['1 + 1'], 'tags': ['x', '${x}'] } } });
    expect(body).toBe('a+b=1+%2B+1&tags=x&tags=a%26b%3D%C3%BC');
    expect(headers.get('content-type')).toBe('application/x-www-form-urlencoded');
  });

  test('is what URLSearchParams reads and writes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'binary' }), (name, value) => {
        if (name.includes('${') || name === '') return;
        const { body } = sent({ body: { kind: 'form', fields: { [name]: ['${x}'] } } }, value);
        expect(body).toBe(new URLSearchParams([[name, value]]).toString());
      }),
    );
  });

  test('keeps the content type that its step has', () => {
    const { headers } = sent({ headers: { 'content-type': 'x/y' }, body: { kind: 'form', fields: { a: ['1'] } } });
    expect([...headers]).toEqual([['content-type', 'x/y']]);
  });
});

describe('a form with files', () => {
  const photo = Buffer.from([0, 255, 13, 10, 45, 45]);

  test('is read by others as it was meant', async () => {
    const fields = { 'note': ['${x}'], 'the "photo"': [{ file: 'in/ph"oto.jpg', type: 'image/jpeg' }] };
    const { headers, body, isConstant } = sent({ body: { kind: 'multipart', fields } }, 'hällo\r\n--', {
      'in/ph"oto.jpg': photo,
    });
    expect(isConstant).toBe(false);
    const form = await formOf(headers.get('content-type')!, body);
    expect(form.get('note')).toBe('hällo\r\n--');
    const file = form.get('the "photo"') as File;
    expect([file.name, file.type]).toEqual(['ph"oto.jpg', 'image/jpeg']);
    expect(Buffer.from(await file.arrayBuffer())).toEqual(photo);
  });

  test('has names that come again, values with a type, and files that templates name', async () => {
    const fields = {
      tag: ['a', '${x}'],
      meta: [{ value: '{"x":"${x}"}', type: 'application/json' }],
      docs: [
        { file: 'in/${x}.txt', type: 'text/plain', name: 'cv-${x}.txt' },
        { file: 'in/${x}.txt', type: 'text/plain' },
      ],
    };
    const files = { 'in/one.txt': Buffer.from('1'), 'in/two.txt': Buffer.from('2') };
    const { headers, body } = sent({ body: { kind: 'multipart', fields } }, 'two', files);
    const form = await formOf(headers.get('content-type')!, body);
    expect(form.getAll('tag')).toEqual(['a', 'two']);
    expect(body!.toString()).toContain('name="meta"\r\ncontent-type: application/json\r\n\r\n{"x":"two"}\r\n');
    const docs = form.getAll('docs') as File[];
    expect(docs.map(({ name }) => name)).toEqual(['cv-two.txt', 'two.txt']);
    expect(await docs[0]!.text()).toBe('2');
    expect(() => sent({ body: { kind: 'multipart', fields } }, 'three', files)).toThrow(
      'in/three.txt is not one of the files',
    );
  });

  test('is put together once where nothing in it changes, and is the same each time', () => {
    const step: Partial<RequestStep> = { body: { kind: 'multipart', fields: { a: ['b'] } } };
    expect(sent(step).isConstant).toBe(true);
    expect(sent(step).body).toEqual(sent(step).body);
  });

  test('takes another boundary where a file holds the usual one, and refuses a value that holds it', () => {
    const boundary = /boundary=(.*)/.exec(
      sent({ body: { kind: 'multipart', fields: {} } }).headers.get('content-type')!,
    )![1]!;
    const step: Partial<RequestStep> = { body: { kind: 'multipart', fields: { a: [{ file: 'a', type: 'x/y' }] } } };
    expect(sent(step, '', { a: Buffer.from(`..${boundary}..`) }).headers.get('content-type')).not.toContain(boundary);
    expect(() => sent({ body: { kind: 'multipart', fields: { a: ['${x}'] } } }, boundary)).toThrow(TemplateValueError);
  });
});

test('a text and a file are sent as they are, each with its type', () => {
  const text = sent({ body: { kind: 'text', text: 'a ${x}\n' } });
  expect([text.body, text.headers.get('content-type')]).toEqual(['a a&b=ü\n', 'text/plain; charset=utf-8']);
  const bytes = Buffer.from([0, 1, 255]);
  const file = sent({ body: { kind: 'file', file: 'a.bin', type: 'application/x-a' } }, '', { 'a.bin': bytes });
  expect([file.body, file.headers.get('content-type')]).toEqual([bytes, 'application/x-a']);
});

describe('a query', () => {
  test.each([
    ['/p', '/p?page=1&tags=a&tags=a%26b%3D%C3%BC'],
    ['/p?q=2', '/p?q=2&page=1&tags=a&tags=a%26b%3D%C3%BC'],
  ])('is put behind %s', (path, whole) => {
    expect(sent({ path, query: { page: ['1'], tags: ['a', '${x}'] } }).path).toBe(whole);
  });

  test('without a value is none', () => expect(sent({ path: '/p', query: { a: [] } }).path).toBe('/p'));

  test('goes behind a path that is a value', () => {
    expect(sent({ path: '${x}', query: { a: ['1'] } }, '/next?cursor=7').path).toBe('/next?cursor=7&a=1');
  });
});

describe('credentials', () => {
  test('become the Authorization header', () => {
    expect(sent({ auth: { kind: 'bearer', token: '${x}' } }, 't0ken').headers.get('authorization')).toBe(
      'Bearer t0ken',
    );
    const basic = sent({ auth: { kind: 'basic', user: 'Aladdin', password: '${x}' } }, 'open sesame');
    // The example of RFC 7617.
    expect(basic.headers.get('authorization')).toBe('Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==');
  });

  test('never bring a header of their own along', () => {
    expect(() => sent({ auth: { kind: 'bearer', token: '${x}' } }, 'a\r\nx: y')).toThrow(/control characters/);
    const basic = sent({ auth: { kind: 'basic', user: 'a', password: '${x}' } }, 'a\r\nx: y');
    expect(basic.headers.get('authorization')).not.toMatch(/[\r\n]/);
  });
});
