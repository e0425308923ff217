import { describe, expect, test } from 'vitest';
import { linesOf, modeOf, planOf } from './reading.ts';

const text = (...lines: string[]): string => ['target: http://x', 'data: { product: 1..20 }', ...lines, ''].join('\n');
const steps = (...lines: string[]): string => text('steps:', ...lines.map((line) => `  ${line}`));
const stepsOf = (scenario: string) => planOf(scenario).modes[0].steps;

describe('steps that hold others', () => {
  test('are in the plan as they are in the file, the whole of them one critical section where none is critical', () => {
    const [section, ...others] = stepsOf(
      steps(
        '- think: 10ms..50ms',
        '- repeat: { times: 3, steps: [{ get: /a }] }',
        '- if: "${product > 5}"',
        '  then: [{ get: /b }]',
        '- choose: [{ weight: 3, steps: [{ get: /c }] }, { steps: [] }]',
      ),
    );
    expect(others).toEqual([]);
    expect(section).toMatchObject({
      kind: 'critical',
      steps: [
        { kind: 'think', us: [10_000, 50_000] },
        { kind: 'repeat', times: 3, steps: [{ kind: 'request', path: '/a' }] },
        { kind: 'if', test: '${product > 5}', yes: [{ path: '/b' }], no: [] },
        {
          kind: 'choose',
          branches: [
            { weight: 3, steps: [{ path: '/c' }] },
            { weight: 1, steps: [] },
          ],
        },
      ],
    });
  });

  test('may hold critical sections, and then nothing else is one', () => {
    expect(
      stepsOf(
        steps('- get: /a', '- repeat: { times: 2, steps: [{ critical: [{ think: 1ms }, { get: /b }] }, { get: /c }] }'),
      ),
    ).toMatchObject([
      { kind: 'request', path: '/a' },
      {
        kind: 'repeat',
        steps: [
          { kind: 'critical', steps: [{ kind: 'think' }, { path: '/b' }] },
          { kind: 'request', path: '/c' },
        ],
      },
    ]);
  });

  test('are met by a mode that changes their requests by name, or takes them away, and go when they are emptied', () => {
    const scenario =
      steps(
        '- repeat: { times: 2, steps: [{ name: look, get: /a }] }',
        '- choose: [{ steps: [{ name: buy, post: /b }] }, { steps: [{ name: sell, post: /c }] }]',
      ) + 'modes: { plain: none, other: { steps: { look: null, buy: { timeout: 1s }, sell: null } } }\n';
    expect(modeOf(scenario, 'other').steps).toMatchObject([
      { steps: [{ kind: 'choose', branches: [{ steps: [{ name: 'buy', timeoutUs: 1_000_000 }] }, { steps: [] }] }] },
    ]);
    expect(modeOf(scenario, 'plain').steps).toMatchObject([{ steps: [{ kind: 'repeat' }, { kind: 'choose' }] }]);
  });

  test('have conflicts in a critical section, and their requests can be gated', () => {
    const scenario =
      steps(
        '- critical:',
        '    - if: "${product > 1}"',
        '      then: [{ name: write, put: /a, conflict: { status: 412, retries: 3 } }]',
      ) + 'gates: ["service.p99(lock-free/write) < 1s"]\n';
    expect(stepsOf(scenario)).toMatchObject([{ conflict: { retries: 3 }, steps: [{ yes: [{ conflict: [412] }] }] }]);
  });
});

describe('a group', () => {
  test('stands wherever other steps that hold steps may, in them and around them', () => {
    expect(
      stepsOf(
        steps(
          '- group: { name: visit, steps: [{ repeat: { times: 2, steps: [{ group: { name: look, steps: [{ get: /a }] } }] } }] }',
          '- critical: [{ group: { name: checkout, steps: [{ think: 1ms }, { get: /b }] } }]',
          '- group: { name: pay, steps: [{ critical: [{ get: /c }] }] }',
        ),
      ),
    ).toMatchObject([
      { kind: 'group', name: 'visit', steps: [{ kind: 'repeat', steps: [{ kind: 'group', name: 'look' }] }] },
      { kind: 'critical', steps: [{ kind: 'group', name: 'checkout', steps: [{ kind: 'think' }, { path: '/b' }] }] },
      { kind: 'group', name: 'pay', steps: [{ kind: 'critical', steps: [{ path: '/c' }] }] },
    ]);
  });

  test('in a scenario without a critical section is within the one that the whole is', () => {
    expect(stepsOf(steps('- group: { name: visit, steps: [{ get: /a }] }'))).toMatchObject([
      { kind: 'critical', steps: [{ kind: 'group', steps: [{ kind: 'request' }] }] },
    ]);
  });

  test('has captures that are known after it', () => {
    const captured = '- group: { name: sign in, steps: [{ get: /a, capture: { token: body.token } }] }';
    expect(linesOf(steps(captured, '- get: "/b/${token}"'))).toEqual([]);
  });

  test('is gated by its name like a step, its whole time alone', () => {
    const scenario = (gate: string): string =>
      `${steps('- group: { name: visit, steps: [{ name: look, get: /a }] }')}gates: ["${gate}"]\n`;
    expect(planOf(scenario('p99(lock-free/visit) < 1s')).gates).toMatchObject([{ metric: 'p99', step: 'visit' }]);
    expect(linesOf(scenario('service.p99(lock-free/visit) < 1s'))).toEqual([
      'shop.yaml:5:32 no step is called "visit" (the steps of "lock-free" are "look")',
    ]);
    expect(linesOf(scenario('p99(lock-free/vist) < 1s'))).toEqual([
      'shop.yaml:5:24 no step or group is called "vist" (did you mean "visit"?)',
    ]);
  });

  test('goes from a mode that takes all its steps away', () => {
    const scenario =
      steps('- group: { name: visit, steps: [{ name: look, get: /a }] }', '- get: /b') +
      'modes: { plain: none, other: { steps: { look: null } } }\n';
    expect(modeOf(scenario, 'other').steps).toMatchObject([{ kind: 'critical', steps: [{ path: '/b' }] }]);
  });

  test.each([
    [
      'the name of another',
      ['- group: { name: a, steps: [{ group: { name: a, steps: [{ get: /a }] } }] }'],
      '4:48 two groups are called "a" (give one another name)',
    ],
    [
      'the name of a step',
      ['- group: { name: a, steps: [{ get: /a }] }', '- { name: a, get: /b }'],
      '4:20 a step is called "a" as well (give one of them another name)',
    ],
    ['no name', ['- group: { steps: [{ get: /a }] }'], '4:12 "name" is missing'],
    ['no steps', ['- group: { name: a, steps: [] }'], '4:30 expected at least one item, got none'],
    [
      'a key that is none',
      ['- group: { name: a, steps: [{ get: /a }], time: 3 }'],
      '4:45 unknown key "time" (known here: name, parallel, steps)',
    ],
  ])('is refused with %s', (_, lines, told) => expect(linesOf(steps(...lines))).toEqual([`shop.yaml:${told}`]));
});

describe('a capture', () => {
  const captured = '{ get: /a, capture: { token: body.token } }';

  test.each([
    ['before an if, is known in it', [`- ${captured}`, '- if: "${token}"', '  then: [{ get: "/b/${token}" }]']],
    [
      'on both ways, is known where they meet',
      ['- if: "${product > 1}"', `  then: [${captured}]`, `  else: [${captured}]`, '- get: "/b/${token}"'],
    ],
    ['in what is repeated for certain', [`- repeat: { times: 2, steps: [${captured}] }`, '- get: "/b/${token}"']],
    [
      'on one way, with a default',
      [`- choose: [{ steps: [${captured}] }, { steps: [] }]`, '- get: \'/b/${token ?? "none"}\''],
    ],
    [
      'of the pass before, with a default for the first',
      [
        '- repeat: { times: 3, steps: [{ get: \'/p/${next ?? ""}\', capture: { next: body.next } }] }',
        '- get: "/b/${next}"',
      ],
    ],
  ])('%s', (_, lines) => expect(linesOf(steps(...lines))).toEqual([]));

  const onSome = 'only on some of the ways to this step: give it a default, ${token ?? "…"}';
  test.each([
    [
      'on one way of an if',
      ['- if: "${product > 1}"', `  then: [${captured}]`, '- get: "/b/${token}"'],
      `6:16 unknown name "token" ("token" is captured ${onSome})`,
    ],
    [
      'in one branch of a choice, even beside a use with a default',
      [`- choose: [{ steps: [${captured}] }, { steps: [] }]`, '- get: "/b/${token ?? 1}/${token}"'],
      `5:16 unknown name "token" ("token" is captured ${onSome})`,
    ],
    [
      'in what may be repeated no time at all',
      [`- repeat: { times: "\${product}", steps: [${captured}] }`, '- get: "/b/${token}"'],
      `5:16 unknown name "token" ("token" is captured ${onSome})`,
    ],
    [
      'on the other way',
      ['- if: "${product > 1}"', `  then: [${captured}]`, '  else: [{ get: "/b/${token}" }]'],
      '6:25 unknown name "token" ("token" is captured from the answer to "GET /a", not before it)',
    ],
  ])('%s, is not known', (_, lines, problem) => expect(linesOf(steps(...lines))).toEqual([`shop.yaml:${problem}`]));

  test('on some ways to a section is not known to the key of its lock', () => {
    const scenario = (...lines: string[]) => steps(...lines) + 'modes: { a: { lock: { keyed: "${token}" } } }\n';
    expect(linesOf(scenario(`- ${captured}`, '- critical: [{ get: /b }]'))).toEqual([]);
    expect(
      linesOf(
        scenario('- if: "${product > 1}"', `  then: [${captured}]`, '  else: [{ get: /}]', '- critical: [{ get: /b }]'),
      ),
    ).toEqual([
      'shop.yaml:8:33 unknown name "token" ("token" is captured from the answer to "GET /a": it is not known when the lock is asked for)',
    ]);
  });
});

describe('what is wrong with a step that holds others', () => {
  test.each([
    ['- repaet: { times: 2, steps: [{ get: / }] }', '4:5 unknown key "repaet" (did you mean "repeat"?)'],
    [
      '- repeat: { times: 0, steps: [{ get: / }] }',
      '4:22 expected a whole number from 1 to 1,000,000, got the number 0 (or a template that gives one: "${pages}")',
    ],
    ['- repeat: { times: 2, steps: [] }', '4:32 expected at least one item, got none'],
    ['- repeat: { steps: [{ get: / }] }', '4:13 "times" is missing'],
    ['- { get: /, think: 5ms }', '4:22 "think" is a separate step (begin a new item of the list with it)'],
    ['- think: fast', '4:12 expected a duration or two, got text "fast" (such as 10ms, or 10ms..50ms)'],
    ['- { if: yes, then: [{ get: / }] }', '4:11 expected a condition, got text "yes" (such as "${stock > 0}")'],
    [
      '- { if: "${product}0", then: [{ get: / }] }',
      '4:11 "if" is one expression, a condition (such as "${stock > 0}")',
    ],
    [
      '- { if: "${1 > 2}", then: [{ get: / }] }',
      '4:11 "${1 > 2}" is the same for every iteration ("if" takes an expression over variables)',
    ],
    ['- { if: "${stok}", then: [{ get: / }] }', '4:14 unknown name "stok" (known here: product)'],
    ['- { if: "${product}" }', '4:5 "then" is missing'],
    ['- choose: []', '4:13 expected at least one item, got none'],
    ['- choose: [{ weight: 0, steps: [{ get: / }] }]', '4:24 expected more than 0, got the number 0'],
    ['- choose: [{ weight: 1, steps: [{ gett: / }] }]', '4:37 unknown key "gett" (did you mean "get"?)'],
    [
      '- critical: [{ repeat: { times: 2, steps: [{ critical: [{ get: / }] }] } }]',
      '4:58 critical sections are never nested (end the outer one before it: begin a new item of "steps")',
    ],
    [
      '- critical: [{ get: /, name: a }]\n  - choose: [{ steps: [{ get: /, name: a }] }]',
      '5:40 two steps are called "a"',
    ],
  ])('%s', (line, problem) => expect(linesOf(steps(line))).toEqual([`shop.yaml:${problem}`]));
});

describe('a login', () => {
  const login = 'login: [{ post: "/login/${user.number}", capture: { token: body.token } }]';

  test('is in the plan, and its captures are known in the steps', () => {
    const mode = planOf(text(login, 'steps: [{ get: "/a/${token}/${user.number}" }]')).modes[0];
    expect(mode.login).toMatchObject([{ method: 'POST', capture: { token: 'body.token' } }]);
  });

  test('leaves the name "user" to a variable', () => {
    const own = text('login: [{ get: "/${product}" }]', 'steps: [{ get: "/a/${user}" }]').replace('product', 'user');
    expect(linesOf(own)).toEqual(['shop.yaml:3:20 unknown name "product" (known here: user)']);
    expect(linesOf(text('steps: [{ get: "/a/${user}" }]'))).toEqual([
      'shop.yaml:3:22 "user" is not a value (write ${user.number})',
    ]);
  });

  test('does not know the captures of the steps, nor do "before" and "after" know anything of it', () => {
    const known = 'is sent once per slot, and has no variables';
    expect(
      linesOf(
        text(
          'before: [{ post: "/${token}" }]',
          login,
          'after: [{ post: "/${token}" }]',
          'steps: [{ get: /, capture: { a: body } }]',
        ),
      ),
    ).toEqual([
      `shop.yaml:3:22 unknown name "token" ("before" ${known})`,
      `shop.yaml:5:21 unknown name "token" ("after" ${known})`,
    ]);
  });

  test('is no place for a conflict', () => {
    expect(linesOf(text('login: [{ get: /, conflict: { status: 409 } }]', 'steps: [{ get: / }]'))).toEqual([
      'shop.yaml:3:19 there is no conflict in a step of "login": it is sent once, before the load (leave "conflict" out)',
    ]);
  });
});

test('"after" knows what "before" has captured, and "before" what it has captured so far', () => {
  const mode = planOf(
    text(
      'before: [{ post: /shops, capture: { shop: body.id } }, { post: "/shops/${shop}/stock" }]',
      'after: [{ delete: "/shops/${shop}" }]',
      'steps: [{ get: / }]',
    ),
  ).modes[0];
  expect(mode.after).toMatchObject([{ method: 'DELETE', path: '/shops/${shop}' }]);
});
