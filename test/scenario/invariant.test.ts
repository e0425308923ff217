import { describe, expect, test } from 'vitest';
import { notesOf } from '../../src/cli/progress/notes.ts';
import { linesOf, modeOf, planOf, textOf } from './reading.ts';

const scenario = (invariant: string, top = ''): string => `target: http://x
${top}steps:
  - name: pay
    post: /payments
  - get: /report
consistency:
  invariant: ${invariant}
`;

const several = `
    steps:
      - { name: debits, get: /debits, capture: { sum: body.sum } }
      - { name: credits, get: /credits, capture: { sum: body.sum } }
    that: debits.sum == credits.sum`;

describe('an invariant', () => {
  test('is a question that a mode has, and every step that writes is a change', () => {
    const mode = modeOf(scenario('{ get: /report, that: body.debit == body.credit, every: 50ms }'), 'lock-free');
    expect(mode.invariant).toMatchObject({
      requests: [{ method: 'GET', path: '/report', headers: {} }],
      that: ['body.debit == body.credit'],
      everyUs: 50_000,
    });
    expect(mode.observe).toEqual([
      { model: 'invariant', step: 'pay', operation: 'change', key: 'pay', spansSection: false },
    ]);
    expect(planOf(scenario('{ get: /r, that: body.ok }')).consistency).toEqual(['invariant']);
  });

  test('has the headers and credentials of the scenario, where it knows their names, and its own', () => {
    const top = `headers: { x-a: '1', x-b: '2' }
login: [{ post: /login, capture: { token: body.token } }]
auth: { bearer: '\${token}' }
`;
    const { invariant } = modeOf(
      scenario('{ get: /r, that: body.ok, headers: { x-a: null, x-c: "${token}" } }', top),
      'lock-free',
    );
    expect(invariant!.requests[0]).toMatchObject({
      headers: { 'x-b': '2', 'x-c': '${token}' },
      auth: { kind: 'bearer', token: '${token}' },
    });
    expect(
      modeOf(scenario('{ get: /r, that: body.ok, auth: none }', top), 'lock-free').invariant!.requests[0],
    ).not.toHaveProperty('auth');
    expect(modeOf(scenario(several, top), 'lock-free').invariant!.requests).toMatchObject([
      { name: 'debits', headers: { 'x-a': '1' }, auth: { kind: 'bearer' }, capture: { sum: 'body.sum' } },
      { name: 'credits', headers: { 'x-a': '1' } },
    ]);
  });

  test('of a step without a name is told from a template', () => {
    const [change] = modeOf(
      `target: http://x\ndata: { id: 1..3 }\nsteps: [{ put: '/things/\${id}' }]\nconsistency: { invariant: { get: /r, that: body.ok } }\n`,
      'lock-free',
    ).observe;
    expect(change).toMatchObject({ step: 'PUT /things/${id}', key: 'PUT /things/$${id}' });
  });

  test.each([
    ['{ that: body.ok }', ['shop.yaml:7:14 "get" or "steps" is missing: what to ask (such as get: /report)']],
    ['{ get: /r, steps: [{ get: /s }], that: body.ok }', ['"get" and "steps" exclude each other']],
    ['{ steps: [], that: body.ok }', ['there is no step to ask with']],
    ['{ get: /r, that: body.ok, snapshot: true }', ['one answer shows a single state anyway']],
    ['{ get: /r, that: "1 == 1" }', ['"1 == 1" does not use the answer']],
    ['{ get: /r, that: boody.ok }', ['unknown name "boody"']],
    ['{ get: /r, that: "${body.ok}" }', ['this is an expression, without "${" and "}"']],
    ['{ get: "/r/${product}", that: body.ok }', ['unknown name "product"']],
    ['{ get: /r, that: body.ok, every: 0s }', ['expected a duration above 0']],
    ['{ get: /r, thta: body.ok }', ['unknown key "thta"']],
    [`${several}\n    every: 10ms`, ['answers to several steps come from different moments']],
    [`${several}\n    headers: { a: b }`, ['each of the steps has its own "headers"']],
    [several.replace('credits.sum', 'credits.smu'), ['"credits" has no "smu"']],
    [
      several.replace('capture: { sum: body.sum } }', 'conflict: { status: 409 } }'),
      ['there is no conflict', 'unknown name'],
    ],
  ])('%s', (invariant, messages) => {
    const lines = linesOf(scenario(invariant));
    for (const message of messages) expect(lines.join('\n')).toContain(message);
    for (const line of lines) expect(line).toMatch(/^shop\.yaml:\d+:\d+ /u);
  });

  test('of several steps that the target answers from one state may be asked during the load', () => {
    const mode = modeOf(scenario(`${several}\n    snapshot: true\n    every: 10ms`), 'lock-free');
    expect(mode.invariant).toMatchObject({ everyUs: 10_000, requests: [{ name: 'debits' }, { name: 'credits' }] });
  });

  test('that writes to another machine has to be meant', () => {
    const posted = scenario('{ steps: [{ post: /graphql, capture: { ok: body.ok } }], that: ok }').replace(
      'post: /payments',
      'get: /payments',
    );
    expect(
      textOf(posted.replace('http://x', 'http://shop.test'), {
        settings: [{ path: ['destructive'], value: false, from: 'a test' }],
      }),
    ).toContain('this writes to');
  });
});

describe('what is said of a plan', () => {
  const locked = (section: string, every = ', every: 5ms'): string => `target: http://x
steps:
  - critical: [${section}]
modes: { locked: mutex, free: none }
consistency:
  invariant: { get: /r, that: body.ok${every} }
`;
  const [debit, credit, look] = ['{ name: debit, put: /a }', '{ name: credit, put: /b }', '{ get: /a }'];

  test('where the invariant is asked while a locked section is between two writes', () => {
    expect(notesOf(planOf(locked(`${look}, ${debit}, ${credit}`)))).toEqual([
      'locked: the invariant is also checked between the writes of a critical section (debit, credit), because the check takes no lock. If a section may break it for a moment, leave "every" out.',
    ]);
  });

  test('is nothing for one write, without a lock, or without "every"', () => {
    expect(notesOf(planOf(locked(`${look}, ${debit}`)))).toEqual([]);
    expect(notesOf(planOf(locked(`${debit}, ${credit}`, '')))).toEqual([]);
    expect(notesOf(planOf(locked(`${debit}, ${credit}`).replace('locked: mutex, ', '')))).toEqual([]);
  });
});
