import { describe, expect, test } from 'vitest';
import { linesOf, textOf } from './reading.ts';

/** A scenario with these lines in place of its steps, or after them. */
const steps = (...lines: string[]): string =>
  ['target: http://x', 'data: { product: 1..20 }', 'steps:', ...lines.map((line) => `  ${line}`), ''].join('\n');
const top = (...lines: string[]): string => ['target: http://x', 'steps: [{ get: / }]', ...lines, ''].join('\n');

describe('what a user sees', () => {
  test('of a misspelt method', () => {
    expect(textOf(steps('- gett: /products'))).toMatchInlineSnapshot(`
      "shop.yaml:4:5  unknown key "gett"
              - gett: /products
                ^
          did you mean "get"?

      1 problem in shop.yaml; nothing was sent.
      "
    `);
  });

  test('of a name that nobody knows, at its very place', () => {
    expect(textOf(steps('- get: /products/${prodct}/${product}'))).toMatchInlineSnapshot(`
      "shop.yaml:4:22  unknown name "prodct"
              - get: /products/\${prodct}/\${product}
                                 ^
          did you mean "product"?

      1 problem in shop.yaml; nothing was sent.
      "
    `);
  });

  test('of a name that is captured too late', () => {
    expect(
      textOf(
        steps(
          '- name: write',
          '  put: /p',
          '  json: { stock: "${stock - 1}" }',
          '- name: read',
          '  get: /p',
          '  capture: { stock: body.stock }',
        ),
      ),
    ).toMatchInlineSnapshot(`
      "shop.yaml:6:23  unknown name "stock"
                json: { stock: "\${stock - 1}" }
                                  ^
          "stock" is captured from the answer to "read", not before it

      1 problem in shop.yaml; nothing was sent.
      "
    `);
  });

  test('of an unquoted ${ in a flow map', () => {
    expect(textOf(steps('- { get: /products/${product}, name: read }'))).toMatchInlineSnapshot(`
      "shop.yaml:4:12  YAML cannot read "\${" inside { } or [ ]
              - { get: /products/\${product}, name: read }
                       ^
          quote it: "/products/\${product}"

      1 problem in shop.yaml; nothing was sent.
      "
    `);
  });

  test('of a template that does not parse', () => {
    expect(textOf(steps('- { put: /, json: { n: "${product -}" } }'))).toMatchInlineSnapshot(`
      "shop.yaml:4:38  cannot be read: Expected expression after - in "product -"
              - { put: /, json: { n: "\${product -}" } }
                                                 ^

      1 problem in shop.yaml; nothing was sent.
      "
    `);
  });

  test('of a file with many faults: all of them at once, in the order of the file', () => {
    expect(
      textOf(`name: shop
taget: http://x
load:
  usres: 5
  duration: 10
steps:
  - get: /a
    put: /b
  - critical:
      - get: products
modes:
  locked: mutx
  free: { steps: { "GET /c": { timeout: 1s } } }
control: lockd
`),
    ).toMatchInlineSnapshot(`
      "shop.yaml:2:1  unknown key "taget"
            taget: http://x
            ^
          did you mean "target"?

      shop.yaml:4:3  unknown key "usres"
              usres: 5
              ^
          did you mean "users"?

      shop.yaml:5:13  expected a duration, got the number 10
              duration: 10
                        ^
          a duration needs a unit: "10s" or "10ms"

      shop.yaml:8:5  a step sends one request: "get" or "put"
                put: /b
                ^
          make it two steps

      shop.yaml:10:14  a path begins with "/"
                  - get: products
                         ^
          write "/products"

      shop.yaml:12:11  unknown lock "mutx"
              locked: mutx
                      ^
          did you mean "mutex"?

      shop.yaml:13:20  no step is called "GET /c"
              free: { steps: { "GET /c": { timeout: 1s } } }
                               ^
          did you mean "GET /a"?

      shop.yaml:14:10  no mode is called "lockd"
            control: lockd
                     ^
          did you mean "locked"?

      8 problems in shop.yaml; nothing was sent.
      "
    `);
  });

  test('of a key that belongs elsewhere', () => {
    expect(textOf(top('modes: { a: { seed: 5, lock: { request-response: { nestd: true } } } }')))
      .toMatchInlineSnapshot(`
      "shop.yaml:3:15  unknown key "seed"
            modes: { a: { seed: 5, lock: { request-response: { nestd: true } } } }
                          ^
          it is the same for all modes: move it to the top

      shop.yaml:3:52  unknown key "nestd"
            modes: { a: { seed: 5, lock: { request-response: { nestd: true } } } }
                                                               ^
          did you mean "nested"?

      2 problems in shop.yaml; nothing was sent.
      "
    `);
  });

  test('of a fault in the scenario with many modes: once', () => {
    expect(textOf(top('load: { users: none }', 'modes: { a: none, b: mutex, c: none }'))).toMatchInlineSnapshot(`
      "shop.yaml:3:16  expected a number, got text "none"
            load: { users: none }
                           ^

      1 problem in shop.yaml; nothing was sent.
      "
    `);
  });

  test('of what is missing', () => {
    expect(textOf('name: x\n')).toMatchInlineSnapshot(`
      "shop.yaml:1:1  "target" is missing
            name: x
            ^
          where requests go: target: https://api.example.com, or builtin:store

      shop.yaml:1:1  "steps" is missing
            name: x
            ^
          what one iteration does: steps: [{ get: /products }]

      2 problems in shop.yaml; nothing was sent.
      "
    `);
  });
});

describe('each fault has its place and its words', () => {
  test.each<[text: string, ...problems: string[]]>([
    [
      steps('- { name: x }'),
      '4:5 a step needs one of get, post, put, patch, delete, head or options (such as get: /products)',
    ],
    [steps('- { get: /a, put: /b }'), '4:16 a step sends one request: "get" or "put" (make it two steps)'],
    [steps('- { get: /a, json: {} }'), '4:16 a GET sends no body (leave "json" out, or use post, put or patch)'],
    [steps('- 5'), '4:5 expected a step, got the number 5 (such as { get: /products })'],
    [steps('- { get: a }'), '4:12 a path begins with "/" (write "/a")'],
    [steps('- { get: "http://x/a" }'), '4:12 a path begins with "/" ("target" holds the host; write what follows it)'],
    [
      steps('- get: "/a b"'),
      '4:13 a path cannot contain this character unencoded: " " (percent-encode it; values of ${…} are encoded automatically)',
    ],
    [
      steps('- get: "/a\\r\\nx: y"'),
      '4:10 a path cannot contain this character unencoded: "\\r" (percent-encode it; values of ${…} are encoded automatically)',
    ],
    [
      steps('- get: /é'),
      '4:11 a path cannot contain this character unencoded: "é" (percent-encode it; values of ${…} are encoded automatically)',
    ],
    [steps('- { get: /a, headers: { x: "a\\nb" } }'), '4:30 a header cannot contain this character: "\\n"'],
    [steps('- { get: /a, headers: { "x y": a } }'), '4:27 "x y" cannot name a header'],
    [
      steps('- { get: /a, headers: { Content-Length: 5 } }'),
      '4:27 the header "content-length" cannot be set (leave it out: it follows from the body)',
    ],
    [
      steps('- { get: /a, headers: { Expect: 100-continue } }'),
      '4:27 the header "expect" cannot be set (leave it out: a body is sent at once, without waiting for 100 Continue)',
    ],
    [
      steps('- { get: /a, headers: { transfer-encoding: chunked } }'),
      '4:27 the header "transfer-encoding" cannot be set (leave it out: a body is sent with its length)',
    ],
    [
      steps('- { get: /a, headers: { A: 1, a: 2 } }'),
      '4:33 the header "a" is there twice: case does not count (leave one of them out)',
    ],
    [steps('- { get: /a, headers: { a: [] } }'), '4:30 expected text, got a list'],
    [steps('- { get: /a, expect: { status: 99 } }'), '4:34 expected at least 100, got the number 99'],
    [steps('- { get: /a, expect: { status: [200, abc] } }'), '4:40 expected a number, got text "abc"'],
    [steps('- { get: /a, expect: { status: [] } }'), '4:34 expected at least one item, got none'],
    [
      steps('- { get: /a, expect: { status: ok } }'),
      '4:34 expected a status or a list of them, got text "ok" (such as 200, or [200, 204])',
    ],
    [steps('- { get: /a, timeout: 0 }'), '4:25 expected a duration above 0'],
    [
      steps('- { get: /a, capture: { x: "${body.x}" } }'),
      '4:30 this is an expression, without "${" and "}" (write body.x)',
    ],
    [
      steps('- { get: /a, capture: { x: header.x-token } }'),
      '4:39 unknown name "token" (a name with a hyphen is written header["x-token"])',
    ],
    [
      steps('- { get: /a, capture: { x: "body.a[0].first-and-last" } }'),
      '4:47 unknown name "and" (a name with a hyphen is written body.a[0]["first-and-last"])',
      '4:51 unknown name "last" (a name with a hyphen is written body.a[0]["first-and-last"])',
    ],
    [steps('- { get: /a, capture: { x: bdy.x } }'), '4:30 unknown name "bdy" (did you mean "body"?)'],
    [steps('- { get: /a, capture: { x: body.x( } }'), '4:37 cannot be read: Expected ) in "body.x("'],
    [steps('- { get: /a, capture: { key: body } }'), '4:27 "key" is reserved (take another name)'],
    [
      steps('- { get: /a, capture: { a-b: body } }'),
      '4:27 "a-b" cannot name a variable (a letter or "_", then letters, digits and "_")',
    ],
    [
      steps('- { get: /a, capture: { product: body } }'),
      '4:27 "product" is a data variable: a capture cannot change it (take another name)',
    ],
    [steps('- { get: /a, capture: { x: 5 } }'), '4:30 expected an expression, got the number 5'],
    [steps('- { get: /a, capture: { x: { txt: a } } }'), '4:30 unknown way to capture "txt" (did you mean "text"?)'],
    [
      steps('- { get: /a, capture: { x: { text: "a(?=b)" } } }'),
      '4:38 cannot be read: invalid or unsupported Perl syntax: `(?=` (patterns are those of RE2: no look-around and no back-references)',
    ],
    [
      steps('- { get: /a, capture: { x: { jsonpath: items } } }'),
      '4:42 expected a JSONPath query, got text "items" (such as $.items[?(@.price > 10)].id)',
    ],
    [steps('- { get: /a, capture: { x: { jsonpath: "$.a[" } } }'), '4:47 cannot be read: unclosed bracketed selection'],
    [
      steps('- { get: /a, expect: { within: 5 } }'),
      '4:34 expected a duration, got the number 5 (a duration needs a unit: "5s" or "5ms")',
    ],
    [
      steps('- { get: /a, expect: { headers: { a: { conatins: b } } } }'),
      '4:40 unknown check of a header "conatins" (did you mean "contains"?)',
    ],
    [steps('- { get: /a, expect: { headers: { a: "${b}" } } }'), '4:43 unknown name "b" (known here: product)'],
    [
      steps('- { get: /a, expect: { headers: { a: { matches: "(" } } } }'),
      '4:51 cannot be read: missing closing ): `(` (patterns are those of RE2: no look-around and no back-references)',
    ],
    [
      steps('- { get: /a, expect: { size: big } }'),
      '4:32 expected a number of bytes or a range of them, got text "big" (such as 120, or 1..4096)',
    ],
    [
      steps('- { get: /a, expect: { body: { "a b": 5 } } }'),
      '4:34 cannot be read: more than one expression in "body.a b"',
    ],
    [
      steps('- { get: /a, expect: { body: { a: "${prodct}" } } }'),
      '4:40 unknown name "prodct" (did you mean "product"?)',
    ],
    [
      steps('- { get: /a, expect: { that: [body.a > prodct] } }'),
      '4:42 unknown name "prodct" (did you mean "product"?)',
    ],
    [steps('- { get: /a, expect: { that: 5 } }'), '4:32 expected an expression, got the number 5'],
    [
      steps('- { get: /a, expect: { that: "${body.a}" } }'),
      '4:32 this is an expression, without "${" and "}" (write body.a)',
    ],
    [steps('- { get: "/${product" }'), '4:14 cannot be read: "${" has no closing "}"'],
    [steps('- { get: "/${uper(product)}" }'), '4:16 unknown function "uper" (did you mean "upper"?)'],
    [
      steps('- { get: "/a/${1 + substring(product)}" }'),
      '4:22 cannot be read: "substring" takes (text, from, to?), and is given 1',
    ],
    [
      steps('- { get: /a, capture: { x: body.items.pop() } }'),
      '4:30 cannot be read: a call of something that is not a function in "body.items.pop()"',
    ],
    [steps('- { get: "/${constructor}" }'), '4:16 cannot be read: "constructor" in "constructor"'],
    [steps('- { get: /a, name: a }', '- { get: /b, name: a }'), '5:22 two steps are called "a"'],
    [steps('- { get: /a, name: "a\\eb" }'), '4:22 a name is one line without control characters'],
    [steps('- critical: []'), '4:15 expected at least one item, got none'],
    [
      steps('- critical: [{ critical: [{ get: / }] }]'),
      '4:28 critical sections are never nested (end the outer one before it: begin a new item of "steps")',
    ],
    [steps('- { critical: [{ get: / }], name: x }'), '4:31 unknown key "name" (known here: critical)'],
    [steps('- critcal: [{ get: / }]'), '4:5 unknown key "critcal" (did you mean "critical"?)'],
    ['target: http://x\nsteps: []\n', '2:8 expected at least one item, got none'],
    ['target: http://x\nsteps: { get: / }\n', '2:8 expected a list, got a map'],
    [
      'target: localhost:8080\nsteps: [{ get: / }]\n',
      '1:9 expected an address with http:// or https://, got text "localhost:8080" (such as https://api.example.com, http://localhost:8080 or builtin:store)',
    ],
    [
      'target: builtin:stor\nsteps: [{ get: / }]\n',
      '1:9 unknown target "builtin:stor" (did you mean "builtin:store"?)',
    ],
    [
      'target: http://x/?a=1\nsteps: [{ get: / }]\n',
      '1:9 an address has no "?" and no "#" (they belong in the paths of the steps)',
    ],
    ['target: "http://"\nsteps: [{ get: / }]\n', '1:9 "http://" is not a valid URL'],
    [
      top('lock: { mutex: {}, none: {} }'),
      '3:7 expected one lock, got "mutex" and "none" (it is none, mutex, request-response, keyed, read-write, semaphore or redis)',
    ],
    [top('lock: { mutex: { a: 1 } }'), '3:18 unknown key "a"'],
    [
      top('lock: 5'),
      '3:7 expected one lock, got the number 5 (it is none, mutex, request-response, keyed, read-write, semaphore or redis)',
    ],
    [top('load: 5'), '3:7 expected a map, got the number 5'],
    [top('load: { users: 0 }'), '3:16 expected at least 1, got the number 0'],
    [top('load: { users: 1.5 }'), '3:16 expected a whole number, got the number 1.5'],
    [top('load: { users: "5" }'), '3:16 expected a number, got text "5"'],
    [top('load: { duration: 0s }'), '3:19 expected a duration above 0'],
    [top('load: { duration: 25h }'), '3:19 "25h" is more than a day'],
    [top('load: { warmup: -1s }'), '3:17 expected a duration, got text "-1s" (such as 200us, 1ms, 1.5s, 2m or 1h)'],
    [
      top('load: { iterations: 5 }', 'rounds: 6'),
      '3:21 5 iterations cannot be shared out over 6 rounds (more iterations, or fewer rounds)',
    ],
    [top('timeouts: { lock: 0 }'), '3:19 expected a duration above 0'],
    [top('seed: 4294967296'), '3:7 expected at most 4294967295, got the number 4294967296'],
    [top('rounds: 0'), '3:9 expected at least 1, got the number 0'],
    [
      top('data: { a: 5 }'),
      '3:12 expected a range of whole numbers, got the number 5 (write 5..5 for that number alone)',
    ],
    [top('data: { a: 9..1 }'), '3:12 the range ends before it begins (write 1..9)'],
    [top('data: { 2a: 1..2 }'), '3:9 "2a" cannot name a variable (a letter or "_", then letters, digits and "_")'],
    [top('data: { status: 1..2 }'), '3:9 "status" is reserved (take another name)'],
    [top('data: { a: { pick: uniform } }'), '3:12 "range" is missing'],
    [
      top('data: { a: { range: 1..2, pick: zipf } }'),
      '3:33 "zipf" needs a value (write { zipf: … }: a few items most of the time; the exponent is the skew)',
    ],
    [top('data: { a: { range: 1..2, pick: { zipf: 0 } } }'), '3:41 expected more than 0, got the number 0'],
    [
      top('data: { a: { range: 1..1000001, pick: { zipf: 1 } } }'),
      '3:21 zipf takes at most 1,000,000 values, this range has 1,000,001',
    ],
    [top('data: { a: { fiel: x.csv } }'), '3:14 unknown key "fiel" (did you mean "file"?)'],
    [top('data: { a: { range: 1..2, list: [1] } }'), '3:12 expected one source, got "range" and "list"'],
    [top('data: { a: uuidd }'), '3:12 unknown source "uuidd" (did you mean "uuid"?)'],
    [top('data: { a: words }'), '3:12 "words" needs a value (write { words: … })'],
    [top('data: { a: { words: 0 } }'), '3:21 expected how many, 1 to 10000, got the number 0 (such as 3, or 2..5)'],
    [top('data: { a: { uuid: {}, pick: unique } }'), '3:24 unknown key "pick" (known here: uuid)'],
    [top('data: { a: { list: [] } }'), '3:20 expected at least one item, got none'],
    [
      top('data: { a: { file: /etc/passwd } }'),
      '3:20 a file lies in the folder of the scenario, or below it (such as data/users.csv)',
    ],
    [
      top('data: { a: { file: x.csv, delimiter: ab } }'),
      '3:38 expected one character that separates values, got text "ab" (such as ";" or "\\t")',
    ],
    [top('data: { a: { file: x.csv, columns: { a: int } } }'), '3:41 expected text, number or boolean, got text "int"'],
    [
      top('data: { a: { timestamp: 2026-02-30..2026-03-01 } }'),
      '3:25 expected two moments, got text "2026-02-30..2026-03-01" (such as 2026-01-01..2026-12-31)',
    ],
    [top('data: { a: { range: 1..2, pick: { hotset: { share: 0.1 } } } }'), '3:52 expected text, got the number 0.1'],
    [
      top('data: { a: { range: 1..2, pick: { hotset: { share: 110% } } } }'),
      '3:52 expected a share below 100%, such as 10%',
    ],
    [
      top('data: { a: { range: 1..4294967297, pick: shuffled } }'),
      '3:21 shuffled takes at most 4,294,967,296 values, this range has 4,294,967,297',
    ],
    [
      top('data: { a: { range: 1..5, pick: unique } }', 'load: { iterations: 6 }', 'rounds: 1'),
      '3:33 "unique" needs 6 items, "a" has 5: 1 × 1 slots (modes × rounds) take at least 6 each (more items, or fewer iterations, rounds or modes)',
    ],
    [steps('- get: "/${product.id}"'), '4:14 "product" has no "id" (it is a single value)'],
    [top('conflict: { retries: 5 }'), '3:11 "status" is missing'],
    [top('conflict: { status: 412, backoff: 5ms }'), '3:35 expected two durations, got text "5ms" (such as 1ms..20ms)'],
    [top('conflict: { status: 412, backoff: 5ms..1ms }'), '3:35 the range ends before it begins'],
    [
      top('process: { pause: 1ms, busy: 2ms }'),
      '3:10 expected one kind of processing, got "pause" and "busy" (it is pause or busy)',
    ],
    [top('process: fast'), '3:10 expected a duration, got text "fast" (such as 200us, 1ms, 1.5s, 2m or 1h)'],
    [top('violations: allow'), '3:13 expected forbidden or allowed, got text "allow" (did you mean "allowed"?)'],
    [
      top('before: [{ post: "/${product}" }]', 'data: { product: 1..2 }'),
      '3:22 unknown name "product" ("before" is sent once per slot, and has no variables)',
    ],
    [top('modes: {}'), '3:8 no mode is named (such as "locked: mutex")'],
    [top('modes: { "a b": none }'), '3:10 "a b" cannot name a mode (letters, digits, ".", "_" and "-", at most 64)'],
    [top('modes: { a: 5 }'), '3:13 expected a lock or a map of what changes, got the number 5'],
    [top('modes: { a: none, a: mutex }'), '3:19 the key "a" is there twice (leave one of them out)'],
    [top('modes: { a: none }', 'control: b'), '4:10 no mode is called "b" (the modes are "a")'],
    [top('modes: { a: { steps: [] } }'), '3:22 expected a map, got a list'],
    [top('modes: { a: { steps: { "GET /": { gett: /a } } } }'), '3:35 unknown key "gett" (did you mean "get"?)'],
    [
      top('modes: { a: { steps: { "GET /": { get: null } } } }'),
      '2:9 a step needs one of get, post, put, patch, delete, head or options (such as get: /products)',
    ],
    [top('rate: 5/s'), '3:1 unknown key "rate" (it belongs under "load")'],
  ])('%s', (text, ...problems) => {
    const expected = problems.map((problem) => `shop.yaml:${problem}`);
    expect(linesOf(text).sort()).toEqual(expected.sort());
  });
});

describe('what the steps mean for the data', () => {
  const counter = (section: string): string =>
    [
      'target: http://x',
      'data: { product: 1..2000, shelf: 1..510 }',
      'steps: [{ name: read, get: /, capture: { stock: body } }, { name: write, put: / }]',
      `consistency: { counter: { ${section} } }`,
    ].join('\n');
  const read = 'read: { get: "/${key}", value: body.stock }';

  test.each<[section: string, ...problems: string[]]>([
    [
      `key: "\${product}", add: { step: wirte, by: -1 }, ${read}`,
      '4:59 no step is called "wirte" (did you mean "write"?)',
    ],
    [
      `key: "\${stock}", add: { step: write, by: -1 }, ${read}`,
      '4:35 unknown name "stock" (a key can only use data variables)',
    ],
    [
      `key: "\${product}", add: { step: write, by: some }, ${read}`,
      '4:70 "some" is not a number (such as -1 or "${-amount}")',
    ],
    [
      `key: "\${product}", add: { step: write, by: 0.1 }, ${read}`,
      '4:70 "0.1" is not a whole number (count in the smallest unit: sums of fractions are not exact)',
    ],
    [
      `key: "\${product}", add: { step: read, by: "\${stock}" }, ${read}`,
      '4:72 unknown name "stock" ("stock" is captured from the answer to "read", not before it)',
    ],
    [
      `key: "\${product}/\${shelf}", add: { step: write, by: 1 }, ${read}`,
      '4:32 1,020,000 keys are more than the 1,000,000 that can be read before and after each slot',
    ],
    [
      'key: "${product}", add: { step: write, by: 1 }, read: { get: "/${product}", value: stock }',
      '4:92 unknown name "product" (the read of a value can only use "key")',
      '4:110 unknown name "stock" (known here: body, header, status, key)',
    ],
    ['key: "${product}"', '4:25 "add" is missing', '4:25 "read" is missing'],
  ])('%s', (section, ...problems) => {
    expect(linesOf(counter(section)).sort()).toEqual(problems.map((problem) => `shop.yaml:${problem}`).sort());
  });

  test.each([
    ['{}', '4:14 no model is named (such as counter, rmw-counter, register)'],
    [
      '{ register: { key: "${product}", write: { step: wrte, value: 1 }, see: { step: read, value: bdy.x } } }',
      '4:62 no step is called "wrte" (did you mean "write"?)',
      '4:106 unknown name "bdy" (did you mean "body"?)',
    ],
    [
      '{ rmw-counter: { key: "${product}", update: { step: write, from: "${stok}", to: 1 }, read: { get: "/${key}", value: body } } }',
      '4:82 unknown name "stok" (did you mean "stock"?)',
    ],
    ['{ issue: { issue: { step: write } } }', '4:32 "value" is missing'],
    [
      '{ issue: { key: "${nobody}", issue: { step: write, value: body.id } } }',
      '4:33 unknown name "nobody" (known here: product, shelf, stock)',
    ],
    [
      '{ transfer: { key: "${product}", move: [] } }',
      '4:53 expected at least one item, got none',
      '4:26 "read" is missing',
    ],
    [
      '{ stock: { key: "${product}", take: write } }',
      '4:50 expected a map with "step", got text "write"',
      '4:23 "read" is missing',
    ],
    [
      '{ append-log: { append: { step: write, value: 1 }, see: { step: read } } }',
      '4:70 "list" or "length" is missing (one of them)',
    ],
    [
      '{ append-log: { append: { step: write, value: 1 }, see: { step: read, list: body, length: body.n } } }',
      '4:104 "list" and "length" exclude each other (leave one out)',
    ],
    [
      '{ mutex: { lease: 100, acquire: { step: read }, release: { step: write } } }',
      '4:32 expected a duration, got the number 100 (a duration needs a unit: "100s" or "100ms")',
    ],
    ['{ mutex: { lease: 0s, acquire: { step: read }, release: { step: write } } }', '4:32 expected a duration above 0'],
    [
      '{ issue: { ordered: 1, issue: { step: read, value: body.id } } }',
      '4:34 expected true or false, got the number 1',
    ],
    ['{ allocation: { acquire: { step: write, nme: body.seat } } }', '4:54 unknown key "nme" (did you mean "name"?)'],
  ])('a section that is wrong: %s', (section, ...problems) => {
    const found = linesOf(counter('').replace(/consistency: .*/u, `consistency: ${section}`));
    expect(found.sort()).toEqual(problems.map((problem) => `shop.yaml:${problem}`).sort());
  });

  test('a model that nobody knows', () => {
    expect(linesOf(top('consistency: { countr: {} }'))).toEqual([
      'shop.yaml:3:16 unknown key "countr" (did you mean "counter"?)',
    ]);
  });

  test('a step that a mode removes', () => {
    const text = counter(`key: "\${product}", add: { step: write, by: -1 }, ${read}`);
    expect(linesOf(`${text}\nmodes: { a: { steps: { write: null } } }\n`)).toEqual([
      'shop.yaml:4:59 no step is called "write" (the steps are "read")',
    ]);
  });
});
