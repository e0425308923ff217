import { expect, test } from 'vitest';
import { drafted } from './drafted.ts';

test('the value of a flag is no address, of those that curl has and of those that nobody knows', () => {
  const { draft } = drafted(
    'curl --etag-save e.txt --hsts h.txt --doh-url https://dns.test/q --tlspassword x --new-flag f http://h.test/a',
  );
  expect(draft.steps.map(({ path }) => path)).toEqual(['/a']);
  expect(draft.notes.join('\n')).toContain('the flag --new-flag');
  expect(drafted('curl --new-switch localhost:3000/a').draft.steps.map(({ path }) => path)).toEqual(['/a']);
});

test('a here-document is the body that is read from stdin, with the variables of the shell', () => {
  const { draft } = drafted(
    `curl http://h.test/x --json @- <<-EOF\n\t{"user": "$NAME", "note": "don't"}\n\tEOF\ncurl http://h.test/y | jq .`,
  );
  expect(draft.steps.map(({ path, body }) => [path, body])).toEqual([
    ['/x', { json: { user: '${env.NAME}', note: "don't" } }],
    ['/y', undefined],
  ]);
});

test('a command that a browser copies for cmd.exe, and one of PowerShell that goes on after backticks', () => {
  const cmd = String.raw`curl ^"http://h.test/orders?a=1^&b=2^" ^
  -H ^"authorization: Bearer abcdef1234567890^" ^
  --data-raw ^"^{^\^"id^\^":7,^\^"name^\^":^\^"x^%^y^$z^\^"^}^"`;
  expect(drafted(cmd).draft.steps).toMatchObject([
    {
      method: 'post',
      path: '/orders',
      query: { a: '1', b: '2' },
      auth: { bearer: '${env.API_TOKEN}' },
      body: { json: { id: 7, name: 'x%y$z' } },
    },
  ]);
  const { draft } = drafted('curl.exe -X PUT http://h.test/a `\n  -H "X-A: 1" `\n  -d "{}"');
  expect(draft.steps).toMatchObject([{ method: 'put', headers: { 'x-a': '1' }, body: { json: {} } }]);
});
