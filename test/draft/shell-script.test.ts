import { describe, expect, test } from 'vitest';
import { drafted, notesOf } from './drafted.ts';

const stepsOf = (script: string) => drafted(script).draft.steps;

describe('the parts of a form', () => {
  test('a value in quotes, as Postman writes it, is what stands in them', () => {
    const [step] = stepsOf(
      String.raw`curl http://h.test/u --form 'title="Quarterly \"Q1\" report"' --form 'back="a\\b"' -F 'plain=a"b' -F "semi=\"a;b\"" --form-string 'raw="x"'`,
    );
    expect(step!.body).toEqual({
      multipart: { title: 'Quarterly "Q1" report', back: String.raw`a\b`, plain: 'a"b', semi: 'a;b', raw: '"x"' },
    });
  });

  test('types, names of files and names that come again', () => {
    const [step] = stepsOf(
      `curl http://h.test/u -F 'meta="{\\"a\\":1}";type=application/json' -F tag=x -F tag=y -F 'doc=@r.pdf;filename=report.pdf'`,
    );
    expect(step!.body).toEqual({
      multipart: {
        meta: { value: '{"a":1}', type: 'application/json' },
        tag: ['x', 'y'],
        doc: { file: 'r.pdf', name: 'report.pdf' },
      },
    });
  });

  test('a file goes by its own name, and is to be put beside the scenario', () => {
    const { draft } = drafted(
      `curl http://h.test/u -F 'doc=@"/C:/Users/me/report.pdf"' -F 'pic=@a/b.png;type=image/png'`,
    );
    expect(draft.steps[0]!.body).toEqual({
      multipart: { doc: { file: 'report.pdf' }, pic: { file: 'b.png', type: 'image/png' } },
    });
    expect(draft.guessed).toEqual(['given:1: of its form: → put report.pdf, b.png beside the scenario']);
  });
});

test('a body from a file is that file: without it nothing is sent', () => {
  const { draft } = drafted(
    `curl http://h.test/a -H 'content-type: application/json' -d @in/request.json\ncurl http://h.test/b --data-binary @{path}a.flac\ncurl http://h.test/c -d @-`,
  );
  expect(draft.steps.map(({ body }) => body)).toEqual([
    { body: { file: 'request.json', type: 'application/json' } },
    { body: { file: 'a.flac' } },
    { body: { file: 'stdin.txt' } },
  ]);
});

describe('what is sent', () => {
  test('-T into a folder is put under its own name', () => {
    expect(stepsOf('curl -T docs/report.pdf http://h.test/files/')).toMatchObject([
      { method: 'put', path: '/files/report.pdf' },
    ]);
    expect(stepsOf('curl -T report.pdf http://h.test/files/other.pdf')).toMatchObject([{ path: '/files/other.pdf' }]);
  });

  test('a content type without a body stays', () => {
    expect(stepsOf("curl -X PUT http://h.test/a -H 'Content-Type: application/json'")[0]!.headers).toEqual({
      'content-type': 'application/json',
    });
  });

  test("bytes in $'…' are UTF-8, in hex and in octal", () => {
    const [step] = stepsOf(
      String.raw`curl http://h.test/q --json $'{"a":"caf\xc3\xa9","b":"\303\274","c":"\u20ac","d":"\\n"}'`,
    );
    expect(step!.body).toEqual({ json: { a: 'café', b: 'ü', c: '€', d: '\n' } });
  });

  test('what stands in single quotes is sent as it stands, and nothing is said of it', () => {
    const { draft } = drafted("curl http://h.test/q -d 'statement=SELECT * FROM `a` WHERE x = $(1)'");
    expect([draft.left, draft.guessed]).toEqual([[], []]);
  });

  test('credentials that are made anew for every request are no basic ones', () => {
    for (const flag of ['--digest', '--ntlm', '--negotiate'])
      expect(stepsOf(`curl ${flag} -u ann:pw-123456 http://h.test/a`)[0]!.auth).toBeUndefined();
  });

  test('a proxy, limits of time and ways for connections are keys of the scenario', () => {
    const { draft, text } = drafted(
      'curl -x http://proxy.test:3128 -m 5 --connect-timeout 1.5 --resolve api.test:443:127.0.0.1 --connect-to a.test:80:b.test:8080 --cacert ca.pem -X POST https://api.test/a',
    );
    expect(draft.settings).toEqual({
      proxy: 'http://proxy.test:3128',
      timeouts: { connect: '1500ms', request: '5000ms' },
      connectTo: { 'api.test:443': '127.0.0.1:443', 'a.test:80': 'b.test:8080' },
      tls: { ca: 'ca.pem' },
    });
    expect(text).toContain('destructive: true');
    expect(drafted('curl -x proxy.test:3128 -X POST http://localhost:3000/a').text).toContain('destructive: true');
  });

  test('an address that begins with a name in braces is to be written', () => {
    for (const address of ['{url}/v1/a', '<hostname>/v1/a', 'https://{host}/v1/a']) {
      const { draft } = drafted(`curl -X POST "${address}"`);
      expect([draft.target.replace('https', 'http'), draft.steps[0]!.path]).toEqual(['http://localhost:8080', '/v1/a']);
      expect(draft.guessed.join('\n')).toMatch(/what (?:url|hostname|host) stands for/);
    }
  });
});

describe('a script', () => {
  test('what it sets is what its variables stand for', () => {
    const { draft, text } = drafted(
      `#!/usr/bin/env bash
set -euo pipefail
BASE_URL=\${BASE_URL:-http://localhost:28139}
AUTH="Authorization: Bearer \${TOKEN}"
export JSON="Content-Type: application/json"
OPTIONS="-s -S"
curl $OPTIONS -X PUT "\${BASE_URL}/a" -H "$AUTH" -H "$JSON" -d '{"text":"hello"}'
curl "$BASE_URL/b" -H "$AUTH" >/dev/null`,
    );
    expect(draft.target).toBe('http://localhost:28139');
    expect(draft.steps).toMatchObject([
      { method: 'put', path: '/a', body: { json: { text: 'hello' } } },
      { method: 'get', path: '/b' },
    ]);
    expect(text).toContain('auth: { bearer: "${env.TOKEN}" }');
    expect(notesOf(draft)).toEqual([]);
  });

  test('words of a list', () => {
    const [step] = stepsOf('H=(-H "x-a: 1"\n  -H "x-b: 2")\ncurl "${H[@]}" http://h.test/a');
    expect(step!.headers).toEqual({ 'x-a': '1', 'x-b': '2' });
  });

  test('a header that nobody knows is told', () => {
    expect(drafted('curl http://h.test/a -H "$HEADER"').draft.left).toEqual([
      'given:1: a header: what $HEADER stands for',
    ]);
  });

  test.each([
    ['ID=$(curl -s http://h.test/things -X POST | jq -r ".id")', 'body.id'],
    ['ID=`curl -s http://h.test/things -X POST | jq -r .data[0].id`', 'body.data[0].id'],
    ['export ID="$(curl -s http://h.test/things -X POST | jq .id)"', 'body.id'],
  ])('%s is a request whose answer is captured', (line, expression) => {
    const { draft } = drafted(`${line}\ncurl http://h.test/things/$ID -X DELETE`);
    expect(draft.steps.map(({ method, path }) => `${method} ${path}`)).toEqual([
      'post /things',
      'delete /things/${thingID}',
    ]);
    expect(draft.steps[0]!.capture).toEqual({ thingID: expression });
    expect(draft.env).toEqual([]);
  });

  test('all of an answer is captured where all of it is kept', () => {
    const { draft } = drafted(
      'export TOKEN=`curl -u "ann:pw-123456" http://h.test/token`\ncurl -H "Authorization: Bearer $TOKEN" http://h.test/hello',
    );
    const [[name, capture]] = Object.entries(draft.steps[0]!.capture) as [[string, { readonly text: string }]];
    expect(draft.steps[1]!.auth).toEqual({ bearer: `\${${name}}` });
    expect(/^\s*(.*?)\s*$/s.exec(' t-1\n')![1]).toBe('t-1');
    expect(capture.text).toBe(String.raw`(?s)^\s*(.*?)\s*$`);
  });

  test('a request in a test, or a command that nobody takes apart, is one all the same', () => {
    const { draft } = drafted(
      `if curl -f http://h.test/health; then echo ok; fi\nX=$(curl http://h.test/a | python3 -c 'print(1)')\ncurl http://h.test/b?x=$X`,
    );
    expect(draft.steps.map(({ path }) => path)).toEqual(['/health', '/a', '/b']);
    expect(draft.guessed.join('\n')).toContain('what X gets of its answer');
  });

  test('PowerShell takes the meaning away with a backtick', () => {
    const [step] = stepsOf('curl.exe -X POST "http://h.test/a" `\n  -d "{`"a`":1}"');
    expect(step!.body).toEqual({ json: { a: 1 } });
  });
});

describe('a function of a script', () => {
  const wrapper = `api() {
  local method="$1"; shift
  local path=$1 # don't
  shift
  curl -sS -X "$method" "\${BASE:-http://h.test}$path" -H "X-A: 1" "$@"
}
`;
  const stepsOf = (script: string) => drafted(script).draft.steps;

  test('is read with what it is called with, in place of each call', () => {
    const script = `${wrapper}function get { api GET "$1"; }
ID=$(api POST /orders --json '{"n": 1}' | jq -r '.id')
get "/orders/$ID"
api PUT "/orders/$ID" --json "{\\"n\\": 2}" >/dev/null
`;
    expect(stepsOf(script)).toMatchObject([
      {
        method: 'post',
        path: '/orders',
        headers: { 'x-a': '1' },
        body: { json: { n: 1 } },
        capture: { orderID: 'body.id' },
      },
      { method: 'get', path: '/orders/${orderID}', headers: { 'x-a': '1' } },
      { method: 'put', path: '/orders/${orderID}', body: { json: { n: 2 } } },
    ]);
  });

  test('that nobody calls is read with what it might be called with', () => {
    const { draft } = drafted('one() { curl "http://h.test/a/${1}/${2:-x}"; }\ncurl http://h.test/b');
    expect(draft.steps.map(({ path }) => path)).toEqual(['/b', '/a/${env.ARG1}/${env.ARG2}']);
  });

  test('that calls itself, or many others, ends', () => {
    const many = Array.from({ length: 60 }, () => 'f').join('; ');
    expect(stepsOf(`f() { ${many}; curl http://h.test/f; }\nf\ncurl http://h.test/g`).at(-1)!.path).toMatch(/^\/[fg]$/);
    expect(stepsOf('f() { curl http://h.test/a\ncurl http://h.test/b').map(({ path }) => path)).toEqual(['/a', '/b']);
  });
});
