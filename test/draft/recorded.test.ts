import { describe, expect, test } from 'vitest';
import { drafted, harOf, notesOf, type Recorded } from './drafted.ts';

describe('what an answer gave', () => {
  test('is found again by the tag around it, and no recorded value is part of how', () => {
    const csrf = 'c5rf-9f8e7d6c5b4a3f2e';
    const form = (value: string): string =>
      `<form data-user="ann-4711" data-sid="s1d-abcdef"><input type="hidden" name="authenticity_token" value="${value}"></form>`;
    const { draft, text } = drafted(
      harOf(
        { url: '/new', answer: form(csrf), answerType: 'text/html' },
        {
          method: 'POST',
          url: '/things',
          body: `authenticity_token=${csrf}&name=x`,
          type: 'application/x-www-form-urlencoded',
        },
      ),
    );
    expect(text).not.toMatch(/c5rf|ann-4711|s1d-/);
    const { text: pattern } = draft.steps[0]!.capture['authenticityToken'] as { readonly text: string };
    expect(new RegExp(pattern).exec(form('another'))?.[1]).toBe('another');
  });

  test('is found in a script by its name alone', () => {
    const script = (user: string, value: string): string => `var a = {user: "${user}", csrf: "${value}", x: 1}`;
    const { draft, text } = drafted(
      harOf(
        { url: '/new', answer: script('ann-4711-xyz', 'c5rf-9f8e7d6c5b4a'), answerType: 'text/javascript' },
        { url: '/page', answer: script('ann-4711-xyz', 'c5rf-9f8e7d6c5b4a'), answerType: 'text/html' },
        { method: 'POST', url: '/things', headers: { 'x-csrf-token': 'c5rf-9f8e7d6c5b4a' } },
      ),
    );
    expect(text).not.toMatch(/c5rf|ann-4711/);
    const { text: pattern } = Object.values(draft.steps[0]!.capture)[0] as { readonly text: string };
    expect(new RegExp(pattern).exec(script('bob', 'another'))?.[1]).toBe('another');
  });

  test.each([
    ['If-Match', 'ETag', 'W/"5"'],
    ['If-Unmodified-Since', 'Last-Modified', 'Thu, 26 Nov 2026 10:00:00 GMT'],
  ])('%s gives back the %s of a read, however short', (condition, header, value) => {
    const { draft, text } = drafted(
      harOf(
        { url: '/items/1', answerHeaders: { [header]: value }, answer: '{"id":1}' },
        { method: 'PUT', url: '/items/1', headers: { [condition]: value }, body: '{"stock":2}' },
      ),
    );
    expect(text).not.toContain(value);
    const [[name, expression]] = Object.entries(draft.steps[0]!.capture) as [[string, string]];
    expect(expression.toLowerCase()).toContain(header.toLowerCase());
    expect(draft.steps[1]!.headers[condition.toLowerCase()]).toBe(`\${${name}}`);
  });

  test('a thing that is read and written has one name, and is a critical section', () => {
    const { draft, text } = drafted(
      harOf({ url: '/items/1', answer: '{"id":1,"stock":3}' }, { method: 'PUT', url: '/items/1', body: '{"stock":2}' }),
    );
    expect(draft.steps.map(({ path }) => path)).toEqual(['/items/${itemId}', '/items/${itemId}']);
    expect(text).toContain('critical:');
    expect(text).toContain('keyed:');
  });

  test('a body of brackets alone is no error', () => {
    const { draft } = drafted(harOf({ method: 'POST', url: '/a', body: `${'['.repeat(2000)}${']'.repeat(2000)}` }));
    expect(draft.steps.length).toBe(1);
  });
});

test('what never ends is left out and told; a GET that is answered otherwise after a login is another one', () => {
  const { draft } = drafted(
    harOf(
      { url: '/me', status: 401 },
      { url: '/events', answerType: 'text/event-stream' },
      { url: '/me', headers: { authorization: 'Bearer abcdef123456' } },
      { url: '/me', headers: { authorization: 'Bearer abcdef123456' } },
    ),
  );
  expect(draft.steps.map(({ path, status }) => [path, status])).toEqual([
    ['/me', [401]],
    ['/me', [200]],
  ]);
  expect(notesOf(draft).join('\n')).toMatch(/a stream of events/);
});

test('a body with a number that no scenario holds is sent as it was, and told', () => {
  const { draft } = drafted(harOf({ method: 'POST', url: '/a', body: '{"id":12345678901234567890}' }));
  expect(draft.steps[0]!.body).toEqual({ text: '{"id":12345678901234567890}' });
  expect(notesOf(draft).join('\n')).toContain('captures in its body');
});

describe('the login', () => {
  const login = { method: 'POST', url: '/login', body: '{"password":"hunter2hunter2"}' };
  const order = { method: 'POST', url: '/orders', body: '{"a":1}' };
  const loginOf = (...entries: readonly Recorded[]): readonly string[] =>
    drafted(harOf(...entries)).draft.login.map(({ path }) => path);

  test('ends with what belongs to it', () => {
    expect(loginOf({ url: '/' }, login, { method: 'POST', url: '/mfa', body: '{"otp":"123456"}' }, order)).toEqual([
      '/',
      '/login',
      '/mfa',
    ]);
  });

  test('is none after another write, and none where a password is changed', () => {
    expect(loginOf(order, login, order)).toEqual([]);
    expect(loginOf({ method: 'POST', url: '/me', body: '{"newPassword":"hunter2hunter2"}' }, order)).toEqual([]);
  });
});

test('cookies from before the recording, and a header that gives back a cookie, are told once', () => {
  const { draft } = drafted(
    harOf(
      {
        url: '/',
        headers: { cookie: 'old=1; older=2' },
        answerHeaders: { 'set-cookie': 'XSRF-TOKEN=abcdef123%3D; Path=/' },
      },
      { method: 'POST', url: '/a', headers: { 'cookie': 'old=1', 'x-xsrf-token': 'abcdef123=' }, body: '{}' },
    ),
  );
  expect(notesOf(draft)).toEqual([
    'cookies that no recorded answer has set: old, older; → where one is needed, let a step get it first',
    'the header x-xsrf-token, which gives back the cookie XSRF-TOKEN: → capture it from the answer that sets it',
  ]);
});

test('more secrets than a scenario can declare are told', () => {
  const body = Object.fromEntries(Array.from({ length: 120 }, (_, at) => [`token${at}`, `s3cr3t-${at}-xyz`]));
  const { draft } = drafted(harOf({ method: 'POST', url: '/a', body: JSON.stringify(body) }));
  expect(draft.secrets.length).toBe(100);
  expect(notesOf(draft).join('\n')).toContain('secrets beyond the first hundred');
});

test('what a redirect names and later requests ask for is told', () => {
  const thanks = { url: '/orders/1002/thanks', answerType: 'text/html' };
  const order = {
    method: 'POST',
    url: '/orders',
    body: '{"a":1}',
    status: 302,
    answerHeaders: { location: thanks.url },
  };
  const notes = (...more: readonly Recorded[]): string =>
    notesOf(drafted(harOf(order, thanks, ...more)).draft).join('\n');
  expect(notes({ url: '/orders/1002/receipt' })).toContain('capture that from header.location');
  expect(notes({ url: '/orders' })).not.toContain('header.location');
});
