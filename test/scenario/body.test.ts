import { describe, expect, test } from 'vitest';
import { linesOf, modeOf, planOf } from './reading.ts';

const text = (step: string, ...lines: string[]): string =>
  ['target: http://x', 'data: { product: 1..20 }', `steps: [${step}]`, ...lines, ''].join('\n');
const requestOf = (scenario: string) => {
  const [section] = planOf(scenario).modes[0].steps;
  return section?.kind === 'critical' ? section.steps[0] : undefined;
};

describe('a body', () => {
  test('may be a form, a form with files, a text or a file', () => {
    expect(requestOf(text('{ post: /, form: { a: 1, tags: [x, "${product}"], gone: null } }'))).toMatchObject({
      body: { kind: 'form', fields: { a: ['1'], tags: ['x', '${product}'], gone: [] } },
    });
    expect(
      requestOf(text('{ post: /, multipart: { note: hi, doc: { file: a/b.pdf, type: application/pdf } } }')),
    ).toMatchObject({
      body: { kind: 'multipart', fields: { note: ['hi'], doc: [{ file: 'a/b.pdf', type: 'application/pdf' }] } },
    });
    expect(requestOf(text('{ post: /, text: "p ${product}" }'))).toMatchObject({
      body: { kind: 'text', text: 'p ${product}' },
    });
    expect(requestOf(text('{ post: /, body: { file: a.bin } }'))).toMatchObject({
      body: { kind: 'file', file: 'a.bin', type: 'application/octet-stream' },
    });
  });

  test('of a mode takes the place of another kind', () => {
    const scenario = text('{ name: a, post: /, json: { a: 1 } }', 'modes: { b: { steps: { a: { text: hello } } } }');
    const [section] = modeOf(scenario, 'b').steps;
    expect(section).toMatchObject({ steps: [{ body: { kind: 'text', text: 'hello' } }] });
    expect(JSON.stringify(section)).not.toContain('json');
  });

  const hint = 'such as payload.bin, or bodies/order.json';
  test.each([
    ['{ post: /, json: 1, form: { a: 1 } }', '3:29 a request has one body: "json" or "form"'],
    ['{ get: /, text: a }', '3:19 a GET sends no body (leave "text" out, or use post, put or patch)'],
    ['{ post: /, body: { file: ../a } }', `3:34 a file lies in the folder of the scenario (${hint})`],
    ['{ post: /, body: { file: b/../../a } }', `3:34 a file lies in the folder of the scenario (${hint})`],
    ['{ post: /, body: { file: /etc/passwd } }', `3:34 a file is named from the folder of the scenario (${hint})`],
    ['{ post: /, body: payload.bin }', '3:26 expected a map, got text "payload.bin"'],
    [
      '{ post: /, body: { file: a, type: pdf } }',
      '3:43 expected a media type, got text "pdf" (such as application/pdf)',
    ],
    [
      '{ post: /, multipart: { a: b }, headers: { Content-Type: x/y } }',
      '3:52 "multipart" sets its own content type, with the boundary (leave it out)',
    ],
    ['{ post: /, form: { a: "${prodct}" } }', '3:34 unknown name "prodct" (did you mean "product"?)'],
    ['{ get: /, query: { a: ["${prodct}"] } }', '3:35 unknown name "prodct" (did you mean "product"?)'],
    ['{ get: /, query: { a: { b: 1 } } }', '3:31 expected text, got a map'],
  ])('%s is refused', (step, problem) => expect(linesOf(text(step))).toEqual([`shop.yaml:${problem}`]));
});

describe('auth', () => {
  test('of the scenario is that of every request that knows the names in it', () => {
    const mode = planOf(
      text(
        '{ get: /a }, { get: /b, auth: none }, { get: /c, auth: { basic: { user: me, password: secret } } }',
        'before: [{ post: /reset }, { post: /admin, capture: { token: body } }, { post: /stock }]',
        'login: [{ post: /login, capture: { token: body.token } }]',
        'auth: { bearer: "${token}" }',
      ),
    ).modes[0];
    const bearer = { kind: 'bearer', token: '${token}' };
    expect(mode.before.map(({ auth }) => auth)).toEqual([undefined, undefined, bearer]);
    expect(mode.login?.map(({ auth }) => auth)).toEqual([undefined]);
    expect(mode.steps).toMatchObject([
      { steps: [{ auth: bearer }, { path: '/b' }, { auth: { kind: 'basic', user: 'me', password: 'secret' } }] },
    ]);
    expect(JSON.stringify(mode.steps)).not.toContain('none');
  });

  test('of a mode takes the place of the scenario’s', () => {
    const scenario = text(
      '{ get: / }',
      'auth: { bearer: a }',
      'modes: { b: { auth: { basic: { user: u, password: p } } } }',
    );
    expect(modeOf(scenario, 'b').steps).toMatchObject([{ steps: [{ auth: { kind: 'basic', user: 'u' } }] }]);
  });

  test.each([
    [
      text('{ get: /, headers: { Authorization: x } }', 'auth: { bearer: a }'),
      '3:30 "auth" already sets the header "authorization" (leave one of them out)',
    ],
    [
      text('{ get: / }', 'auth: { bearer: "${token}" }'),
      '4:7 no step has what it needs: "token" (capture them in "login", or in a step before the others)',
    ],
    [text('{ get: /, auth: { bearer: "${token}" } }'), '3:38 unknown name "token" (known here: product)'],
    [
      text('{ get: /, auth: { basic: { user: "a:b", password: p } } }'),
      '3:42 a user name in "basic" credentials cannot contain a colon',
    ],
    [
      text('{ get: /, auth: secret }'),
      '3:25 expected credentials, got text "secret" (such as { bearer: "${token}" }, { basic: { user: …, password: … } }, or none)',
    ],
  ])('%s is refused', (scenario, problem) => expect(linesOf(scenario)).toEqual([`shop.yaml:${problem}`]));
});

describe('redirects', () => {
  test('of the scenario are those of every request that says nothing else', () => {
    const scenario = text('{ get: /a }, { get: /b, redirects: 0 }, { get: /c, redirects: 1 }', 'redirects: 5');
    expect(planOf(scenario).modes[0].steps).toMatchObject([{ steps: [{ redirects: 5 }, {}, { redirects: 1 }] }]);
    expect(linesOf(text('{ get: /a, redirects: 99 }'))).toEqual([
      'shop.yaml:3:31 expected at most 20, got the number 99',
    ]);
  });

  test('are not followed by the step whose changes are counted', () => {
    const counter =
      'consistency: { counter: { key: "${product}", add: { step: add, by: 1 }, read: { get: "/${key}", value: body } } }';
    const scenario = (step: string) => text(`{ name: add, post: /add${step} }`, counter, 'redirects: 5');
    expect(linesOf(scenario(''))).toEqual([
      'shop.yaml:5:12 the step that "consistency" counts cannot follow redirects: its own answer must say what it did (write redirects: 0 in that step)',
    ]);
    expect(linesOf(scenario(', redirects: 0'))).toEqual([]);
  });
});
