import { expect, test } from 'vitest';
import { drafted, notesOf } from './drafted.ts';

test('the value of a flag is no address, of those that curl has and of those that nobody knows', () => {
  const { draft } = drafted(
    'curl --etag-save e.txt --hsts h.txt --doh-url https://dns.test/q --tlspassword x --new-flag f http://h.test/a',
  );
  expect(draft.steps.map(({ path }) => path)).toEqual(['/a']);
  expect(notesOf(draft).join('\n')).toContain('the flag --new-flag');
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

test('an address that begins with a variable has a target to be written, and says which', () => {
  for (const address of [
    '$BASE_URL/orders',
    'https://$HOST/orders',
    'http://localhost:$PORT/orders',
    '{{baseUrl}}/orders',
  ]) {
    const { draft } = drafted(`curl "${address}"`);
    expect(draft.steps[0]!.path).toBe('/orders');
    expect(draft.target).toMatch(/^https?:\/\/localhost:8080$/);
    expect(notesOf(draft).join('\n')).toMatch(/what (?:BASE_URL|HOST|PORT|baseUrl) stands for, → write it into target/);
  }
});

test('-k, --http2 and --max-redirs are carried over', () => {
  const { draft, text } = drafted('curl -k --http2 -L --max-redirs 3 https://h.test/a');
  expect(text).toMatch(/^tls: \{ insecure: true \}/m);
  expect(text).toMatch(/^http2: true/m);
  expect(draft.steps[0]!.redirects).toBe(3);
  expect(drafted('curl -k --http2 http://h.test/a').text).not.toMatch(/^tls|^http2/m);
});

test('what is not carried over is told, without its values', () => {
  const { draft } = drafted(
    `curl http://h.test/a --digest -n -b cookies.txt -H @headers.txt -H 'X-Empty;' -F 'x={};type=application/json' -F y=1`,
  );
  expect(notesOf(draft).map((note) => note.replace('given:1: ', ''))).toEqual([
    'the flag --digest',
    'the flag --netrc',
    'headers that are read from a file',
    'the header X-Empty, which is empty',
    'cookies that are read from a file',
  ]);
});

test('data of files is left out of a query and of what is encoded, and told', () => {
  const { draft } = drafted(
    `curl -G http://h.test/s -d @params.txt --data-urlencode q@query.txt --data-urlencode 'n=a b'\ncurl http://h.test/t --data-urlencode q@query.txt -d a=1`,
  );
  expect(draft.steps).toMatchObject([{ query: { n: 'a b' } }, { body: { form: { a: '1' } } }]);
  expect(notesOf(draft)).toEqual(['given:1: data that is read from a file', 'given:2: data that is read from a file']);
});

test('what somebody else would put something in the place of is told', () => {
  const { draft } = drafted(`curl "http://h.test/orders/{orderId}" -H "x-date: $(date)" -d 'a=\${A:-1}'`);
  expect(notesOf(draft)[0]).toContain('$(…), ${…}, {…}: nothing is filled in');
  expect(notesOf(drafted(`curl http://h.test/orders/7 --json '{"a":["b-c"]}'`).draft)).toEqual([]);
});

test('a variable of the shell whose name no expression may have is given another one', () => {
  const { draft } = drafted('curl http://h.test/$constructor/${__proto__}/$prototype/$toString');
  expect(draft.steps.map(({ path }) => path)).toEqual([
    '/${env.CONSTRUCTOR}/${env.PROTO}/${env.PROTOTYPE}/${env.toString}',
  ]);
});
