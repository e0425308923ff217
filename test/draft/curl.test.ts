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
