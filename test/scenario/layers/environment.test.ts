import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { requestsOf } from '../../../src/core/plan/plan.ts';
import { linesOf, modeOf, planOf } from '../reading.ts';

const smallest = 'target: http://shop.test\n';
const environment = (variables: { [name: string]: string }, flags: { [name: string]: string } = {}) => ({
  environment: { variables, flags },
});
const tokenStep = `${smallest}secrets: [API_TOKEN]\nsteps: [{ get: /, headers: { authorization: "Bearer \${env.API_TOKEN}" } }]\n`;
const headersOf = (text: string, more: object) => requestsOf(modeOf(text, 'lock-free', more).steps)[0];

describe('a value of the environment', () => {
  test('stands as a literal where its template stood', () => {
    expect(headersOf(tokenStep, environment({ API_TOKEN: 'abc"}\\d' }))).toMatchObject({
      headers: { authorization: 'Bearer ${"abc\\"}\\\\d"}' },
    });
  });

  test('is that of a flag, then of the environment, then the default', () => {
    const text = `${smallest}env: { REGION: eu, PORT: 80 }\nsteps: [{ get: "/\${env.REGION}/\${env['PORT']}" }]\n`;
    const pathOf = (more: object) => headersOf(text, more)?.path;
    expect(pathOf(environment({}))).toBe('/${"eu"}/${"80"}');
    expect(pathOf(environment({ REGION: 'us' }))).toBe('/${"us"}/${"80"}');
    expect(pathOf(environment({ REGION: 'us' }, { REGION: 'asia' }))).toBe('/${"asia"}/${"80"}');
    expect(pathOf(environment({ REGION: '' }))).toBe('/${"eu"}/${"80"}');
  });

  test('is read in bodies, keys of locks and inside expressions, and nowhere in a text', () => {
    const text = `${smallest}env: [A]\ndata: { id: 1..3 }\nlock: { keyed: "\${id}\${env.A}" }
steps: [{ name: "\${env.A}", post: /, json: { a: "\${env.A + ' env.A'}", b: "$\${env.A} env.A" } }]\n`;
    const mode = modeOf(text, 'keyed', environment({ A: '1' }));
    expect(mode.lock.options).toEqual({ key: '${id}${"1"}' });
    expect(mode.steps).toMatchObject([
      { steps: [{ name: '${env.A}', json: { a: '${"1" + \' env.A\'}', b: '$${env.A} env.A' } }] },
    ]);
  });

  test('is read below whatever key the scenario chose itself: name, step and target of a body, a header and a form', () => {
    const text = `${smallest}env: [A]\nsteps:
  - { post: /, json: { name: "\${env.A}", in: [{ step: "\${env.A}" }] }, headers: { target: "\${env.A}" } }
  - { post: /, multipart: { picture: { file: shop.yaml, name: "\${env.A}" } } }\n`;
    expect(requestsOf(modeOf(text, 'lock-free', environment({ A: '1' })).steps)).toMatchObject([
      { json: { name: '${"1"}', in: [{ step: '${"1"}' }] }, headers: { target: '${"1"}' } },
      { body: { fields: { picture: [{ name: '${"1"}' }] } } },
    ]);
  });

  test('is not asked for where nothing will be sent', () => {
    expect(linesOf(tokenStep)).toEqual([]);
  });
});

describe('refused, each at its place:', () => {
  test('a declared name without a value', () => {
    expect(linesOf(tokenStep, environment({}))).toEqual([
      'shop.yaml:2:11 "API_TOKEN" has no value (set it in the environment, or say -e API_TOKEN=…)',
    ]);
  });

  test('a name that is not declared, in a template and from a flag', () => {
    const text = `${smallest}env: [REGION]\nsteps: [{ get: "/\${env.REGOIN}/\${env.HOME}/\${env}" }]\n`;
    expect(linesOf(text, environment({ REGION: 'eu', HOME: '/root' }, { TOKEN: 'x' }))).toEqual([
      '-e the scenario declares no "TOKEN" (declare it: env: [TOKEN])',
      'shop.yaml:3:20 "env" has no "REGOIN" (did you mean "REGION"?)',
      'shop.yaml:3:20 "env" is not a value (write ${env.REGION})',
      'shop.yaml:3:34 "env" has no "HOME" (declare it at the top: env: [HOME])',
    ]);
  });

  test('in a capture, which knows the answer alone', () => {
    expect(linesOf(`${smallest}env: { A: b }\nsteps: [{ get: /, capture: { x: env.A } }]\n`)).toEqual([
      'shop.yaml:3:33 unknown name "env" (known here: body, header, status)',
    ]);
  });

  test('line breaks, and secrets that any text would hold', () => {
    expect(linesOf(tokenStep, environment({ API_TOKEN: 'abc\r\nx-admin: 1' }))[0]).toMatch(
      /^shop\.yaml:2:11 the value of "API_TOKEN" has a line break/u,
    );
    expect(linesOf(tokenStep, environment({}, { API_TOKEN: 'abc' }))[0]).toMatch(
      /^-e the value of "API_TOKEN" is too short/u,
    );
  });

  test('names that are none', () => {
    expect(linesOf(`${smallest}env: { A-B: 1 }\nsecrets: [2, "x y"]\nsteps: [{ get: / }]\n`)).toEqual([
      'shop.yaml:2:8 "A-B" cannot name a variable of the environment (a letter or "_", then letters, digits and "_")',
      'shop.yaml:3:11 expected the name of a variable, got the number 2',
      'shop.yaml:3:14 "x y" cannot name a variable of the environment (a letter or "_", then letters, digits and "_": API_TOKEN)',
    ]);
  });
});

test('any value comes through the template as it is', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', minLength: 4 }), (value) => {
      fc.pre(!/\p{Cc}|\p{Cs}/u.test(value));
      const plan = planOf(tokenStep, environment({ API_TOKEN: value }));
      const header = requestsOf(plan.modes[0].steps)[0]?.headers['authorization'];
      expect(JSON.parse(header!.slice('Bearer ${'.length, -1))).toBe(value);
      expect(plan.secrets).toContain(value);
    }),
  );
});
