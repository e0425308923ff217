import { describe, expect, test } from 'vitest';
import { decodeHistory } from '../../../../src/core/history/file.ts';
import { operations, outcomes, type OperationName } from '../../../../src/core/history/history.ts';
import type { Expect, Observation, RequestStep } from '../../../../src/core/plan/plan.ts';
import { micros } from '../../../../src/core/units.ts';
import { modelSections, type ModelSections } from '../../../../src/judge/consistency/syntax.ts';
import { compileContent, compileInTime } from '../../../../src/measure/iteration/answer.ts';
import { compileWatch, keptFor } from '../../../../src/measure/iteration/observe/observe.ts';
import { outcomeOf } from '../../../../src/measure/iteration/observe/outcome.ts';
import { observed } from '../../../../src/measure/iteration/run.ts';
import { HistoryLogs } from '../../../../src/measure/record/history-log.ts';
import { newUser, type Exchange } from '../../../../src/measure/user.ts';
import { memoryFiles } from '../../histories.ts';
import { requestStep } from '../../mode.ts';

/** What an operation says of its answers, and what its step makes of them. */
interface Said {
  readonly observation?: Partial<Observation>;
  readonly step?: Partial<RequestStep>;
}

interface Became {
  /** A word of `outcomes`; `none`: the operation is in no history. */
  readonly outcome: string;
  readonly unclear: string | undefined;
  readonly end: string;
  /** By when it was done, in ns. */
  readonly ret: number | undefined;
}

/** What became of one operation whose request was answered like this: by all that follows an answer. */
const became = async (answer: Partial<Exchange>, { observation = {}, step: more = {} }: Said = {}): Promise<Became> => {
  const files = memoryFiles();
  const logs = new HistoryLogs('slot', files.openFile);
  const step = requestStep({ name: 'act', path: '/', method: 'POST', ...more });
  const whole: Observation = {
    model: 'counter',
    step: 'act',
    operation: 'add',
    key: 'k',
    spansSection: false,
    ...observation,
  };
  const places = new Map([...new Set(['mine', ...Object.keys(step.capture)])].map((name, place) => [name, place]));
  const watch = compileWatch([step], [whole], places, (model) => logs.of(model))!.steps.get('act')!;
  const after = observed(watch, compileContent(step, places, keptFor('act', [whole])), compileInTime(step));
  const user = newUser(0, places.size);
  user.variables[0] = 'mine';
  watch.begin(user);
  Object.assign(user.exchange, { status: 200, body: '{}', ...answer });
  const end = after(user);
  const [log] = logs.finish();
  const bytes: Uint8Array[] = [];
  for await (const part of files.readBytes(log!.path)) bytes.push(part);
  const { length, status, ret } = decodeHistory(bytes);
  return { ret: ret[0], outcome: length === 0 ? 'none' : outcomes[status[0]!]!, unclear: log!.unclear?.example, end };
};

const outcome = async (answer: Partial<Exchange>, said?: Said): Promise<string> => (await became(answer, said)).outcome;

/** How a step takes its answer: as it should be, or not; `conflict`: somebody was faster. */
const takes: { readonly [how in 'fits' | 'fails' | 'conflict']: (status: number) => Partial<RequestStep> } = {
  fits: (status) => ({ expect: { status: [status] } }),
  fails: (status) => ({ expect: { status: [status], that: ['body.fit'] } }),
  conflict: (status) => ({ expect: { status: [status] }, conflict: [status] }),
};

/** Beside the answer `{ yes: true, no: false }`. */
const doings = { 'absent': undefined, 'true': 'body.yes', 'false': 'body.no', 'cannot tell': 'body.yes > 1' } as const;

/**
 * What became of a change, by the class of its answer's status, by what `done:` says, and by what the step made of it: that it
 * fits, fails, is a conflict. A word for all three is the same for each.
 */
const table: readonly (readonly [statuses: readonly number[], { readonly [done in keyof typeof doings]: string }])[] = [
  [[200, 201, 204], { 'absent': 'ok info info', 'true': 'ok', 'false': 'info', 'cannot tell': 'info' }],
  [[202, 207], { 'absent': 'info', 'true': 'ok', 'false': 'info', 'cannot tell': 'info' }],
  [[302, 303], { 'absent': 'ok info info', 'true': 'ok', 'false': 'info', 'cannot tell': 'info' }],
  [[400, 404, 409], { 'absent': 'fail', 'true': 'fail', 'false': 'fail', 'cannot tell': 'fail' }],
  [[408, 500, 503], { 'absent': 'info', 'true': 'info', 'false': 'info', 'cannot tell': 'info' }],
];

const refusals = {
  'absent': undefined,
  'another status': [418],
  'does not hold': 'body.no',
  'this status': 'its own',
  'holds': 'body.yes',
};

describe('what became of a change: status × what the step made of it × done × refused', () => {
  const cases = table.flatMap(([statuses, byDone]) =>
    statuses.flatMap((status) => Object.entries(byDone).map(([done, words]) => ({ status, done, words }))),
  );
  test.each(cases)('$status, done $done: $words', async ({ status, done, words }) => {
    const expectedOf = words.split(' ');
    for (const [at, how] of (['fits', 'fails', 'conflict'] as const).entries()) {
      for (const [refusal, said] of Object.entries(refusals)) {
        const isRefused = refusal === 'this status' || refusal === 'holds';
        const doing = doings[done as keyof typeof doings];
        const got = await outcome(
          { status, body: '{"yes":true,"no":false}' },
          {
            step: takes[how](status),
            observation: {
              ...(doing !== undefined && { done: doing }),
              ...(said !== undefined && { refused: said === 'its own' ? [status] : said }),
            },
          },
        );
        const expected = isRefused ? 'fail' : (expectedOf[at] ?? expectedOf[0]);
        expect([how, refusal, got]).toEqual([how, refusal, expected]);
      }
    }
  });

  test.each([301, 302, 303, 304, 307])(
    '%d that the step does not name: nobody knows, unless done: says so',
    async (status) => {
      expect(await outcome({ status })).toBe('info');
      expect(await outcome({ status, body: '{"yes":1}' }, { observation: { done: 'body.yes' } })).toBe('ok');
    },
  );

  test.each<[string, Partial<Exchange>, string]>([
    ['a timeout after sending', { status: 0, failure: 'timeout', maybeApplied: true }, 'info'],
    ['a reset after sending', { status: 0, failure: 'reset', maybeApplied: true }, 'info'],
    ['an answer that broke off', { status: 200, failure: 'reset', maybeApplied: true }, 'info'],
    ['nobody there to send to', { status: 0, failure: 'connect', maybeApplied: false }, 'none'],
  ])('%s is no answer, whatever done: and refused: would say', async (_what, exchange, expected) => {
    for (const observation of [{}, { done: 'true || status' }, { refused: 'status < 600' }, { refused: [200] }])
      expect(await outcome(exchange, { observation })).toBe(expected);
  });
});

describe('202 where the scenario says how long it takes to settle', () => {
  const settleUs = micros(2000);
  const answer = { status: 202, doneUs: micros(10), body: '{"yes":true}' };

  test.each<[string, Partial<Observation>, object]>([
    ['is done by then', { settleUs }, { outcome: 'ok', ret: 2_010_000 }],
    ['is done at once where done: says so', { settleUs, done: 'body.yes' }, { outcome: 'ok', ret: 10_000 }],
    ['is open where done: says that it is not', { settleUs, done: 'body.no' }, { outcome: 'info', ret: Infinity }],
    ['is open where nobody says how long', {}, { outcome: 'info', ret: Infinity }],
  ])('%s', async (_, observation, expected) => {
    expect(await became(answer, { observation })).toMatchObject(expected);
  });

  test('is open all the same where the step does not accept it, as 207 is', async () => {
    expect(await outcome(answer, { observation: { settleUs }, step: takes.fails(202) })).toBe('info');
    expect(await outcome({ ...answer, status: 207 }, { observation: { settleUs } })).toBe('info');
    expect(await became({ ...answer, status: 200 }, { observation: { settleUs } })).toMatchObject({ ret: 10_000 });
  });
});

describe('what the step made of its answer', () => {
  const expects: readonly (readonly [Expect, Partial<Exchange>])[] = [
    [{ status: [201] }, { status: 200 }],
    [{ that: ['!body.errors'] }, { body: '{"errors":["sold out"]}' }],
    [{ body: { ok: true } }, { body: '{"ok":false}' }],
    [{ headers: { 'x-ok': { name: 'present', options: true } } }, { head: '' }],
    [{ size: { from: 1, to: 9 } }, { body: '' }],
    [{ that: ['body.ok'] }, { body: '<html>' }],
  ];
  test.each(expects)('%j is not met: nobody knows', async (expected, answer) => {
    expect(await became(answer, { step: { expect: expected } })).toMatchObject({ outcome: 'info', end: 'failed' });
  });

  test.each([
    ['body.data.id', '{"errors":["no"],"data":null}'],
    ['body.data.id', ''],
  ])('a capture %s of %s is not there: nobody knows', async (capture, body) => {
    expect(await became({ body }, { step: { capture: { id: capture } } })).toMatchObject({
      outcome: 'info',
      end: 'failed',
    });
  });

  test('it came later than it should: that fails the step, and was done all the same', async () => {
    const late = { sentUs: micros(0), doneUs: micros(2000) };
    const step = { expect: { withinUs: micros(1000) } };
    expect(await became(late, { step })).toMatchObject({ outcome: 'ok', end: 'failed' });
    const refused = { expect: { withinUs: micros(1000), that: ['body.ok'] } };
    expect(await became(late, { step: refused })).toMatchObject({ outcome: 'info', end: 'failed' });
  });
});

describe('done:', () => {
  const done = (expression: string, answer: Partial<Exchange>) => became(answer, { observation: { done: expression } });

  test.each([
    ['!body.errors', { body: '{"data":1}' }, 'ok'],
    ['!body.errors', { body: '{"errors":[]}' }, 'info'],
    ['body.ok', { body: '{"ok":false}' }, 'info'],
    ['body.id', { body: '{"id":7}' }, 'ok'],
    ['body.id', { body: '{"id":null}' }, 'info'],
    ['header["x-done"] == "yes"', { head: '\r\nx-done: yes' }, 'ok'],
    ['body.by == mine', { body: '{"by":"mine"}' }, 'ok'],
    ['status == 202', { status: 202 }, 'ok'],
  ])('%s of %j: %s', async (expression, answer, expected) => {
    expect((await done(expression, answer)).outcome).toBe(expected);
  });

  test('of an error it is asked only where it reads the status: an error has no "errors" either', async () => {
    expect((await done('!body.errors', { status: 404, body: '{"message":"no such thing"}' })).outcome).toBe('fail');
    expect((await done('!body.errors', { status: 500, body: '{}' })).outcome).toBe('info');
    expect((await done('status == 409 || body.ok', { status: 409, body: '{}' })).outcome).toBe('ok');
    expect((await done('status == 409 || body.ok', { status: 404, body: '{}' })).outcome).toBe('fail');
    expect((await done('status < 300 && !body.errors', { status: 500, body: '<' })).outcome).toBe('info');
    expect((await done('status == 500', { status: 500 })).outcome).toBe('ok');
  });

  test.each([
    ['!body.errors', '', 'the body is not JSON: Unexpected end of JSON input'],
    ['body.left > 0', '{}', '">" needs a number and was given missing'],
  ])('%s that cannot be evaluated over %j is unknown, and told', async (expression, body, why) => {
    expect(await done(expression, { body })).toMatchObject({
      outcome: 'info',
      unclear: `an answer to act: "done: ${expression}": ${why}`,
    });
  });

  test('reads a body only where it comes to it', async () => {
    expect(await done('status == 204 || body.ok', { status: 204, body: '' })).toMatchObject({
      outcome: 'ok',
      unclear: undefined,
    });
  });

  test('knows what the step knew, not what the answer brought', async () => {
    const said = { observation: { done: 'body.mine == mine' }, step: { capture: { mine: 'body.next' } } };
    expect(await outcome({ body: '{"mine":"mine","next":"other"}' }, said)).toBe('ok');
  });

  test('has the body, though the step reads none of it and fails', async () => {
    expect(
      await outcome(
        { status: 200, body: '{"ok":true}' },
        { observation: { done: 'body.ok' }, step: { expect: { status: [201] } } },
      ),
    ).toBe('ok');
  });
});

describe('refused:', () => {
  const refused = async (by: readonly number[] | string, answer: Partial<Exchange>, more: Partial<Observation> = {}) =>
    became(answer, { observation: { refused: by, ...more } });

  test.each([
    [[200], { status: 200 }, 'fail'],
    [[200], { status: 201 }, 'ok'],
    [[303, 503], { status: 503 }, 'fail'],
    [[303, 503], { status: 303 }, 'fail'],
    ['body.errors', { body: '{"errors":["no"]}' }, 'fail'],
    ['body.errors', { body: '{}' }, 'ok'],
    ['!body.ok', { body: '{"ok":false}' }, 'fail'],
    ['body.replay', { status: 500, body: '{"replay":true}' }, 'fail'],
    ['body.replay', { status: 500, body: '<' }, 'info'],
  ])('%j of %j: %s', async (by, answer, expected) => {
    expect((await refused(by, answer)).outcome).toBe(expected);
  });

  test('that cannot be evaluated leaves the outcome unknown, and is told; what done: says counts all the same', async () => {
    expect(await refused('body.code == "X"', { body: '' })).toMatchObject({
      outcome: 'info',
      unclear: 'an answer to act: "refused: body.code == "X"": the body is not JSON: Unexpected end of JSON input',
    });
    expect(await refused('body.code == "X"', { status: 204, body: '' }, { done: 'status == 204' })).toMatchObject({
      outcome: 'ok',
      unclear: undefined,
    });
    expect(await refused('body.code == "X"', { status: 404, body: '' })).toMatchObject({
      outcome: 'fail',
      unclear: undefined,
    });
  });

  describe('of a stock says "sold out"', () => {
    const take = (more: Partial<Observation> = {}): Partial<Observation> => ({
      model: 'stock',
      operation: 'take',
      usuallyRefused: [409],
      ...more,
    });
    test.each([
      [take(), 409, 'fail'],
      [take(), 404, 'none'],
      [take(), 200, 'ok'],
      [take({ refused: [200] }), 200, 'fail'],
      [take({ refused: [200] }), 201, 'ok'],
      [take({ refused: [200] }), 409, 'none'],
      [take({ refused: 'body.yes' }), 200, 'fail'],
      [take({ refused: 'body.yes' }), 422, 'fail'],
      [take({ refused: 'body.no' }), 422, 'none'],
      [take({ done: 'body.no' }), 200, 'info'],
    ])('%j %d: %s', async (observation, status, expected) => {
      expect(await outcome({ status, body: '{"yes":true}' }, { observation })).toBe(expected);
    });

    test('and not where 409 is a conflict, unless it is named', async () => {
      const step = { conflict: [409] };
      expect(await outcome({ status: 409 }, { observation: take(), step })).toBe('none');
      expect(await outcome({ status: 409 }, { observation: take({ refused: [409] }), step })).toBe('fail');
    });
  });
});

const all = Object.entries<ModelSections>(modelSections).flatMap(([model, { operations: of }]) =>
  Object.entries(of).map(([word, { f, usuallyRefused }]) => ({ model, word, f, usuallyRefused })),
);

test('there are fourteen models', () => expect(new Set(all.map(({ model }) => model)).size).toBe(14));

test.each(all)(
  '$model, $word: what it says of its answers is what became of it',
  async ({ model, f, usuallyRefused }) => {
    const one = {
      model,
      operation: f satisfies OperationName,
      ...(usuallyRefused === undefined ? {} : { usuallyRefused }),
    };
    const isRead = f === 'read';
    const of = async (status: number, body: string, more: Partial<Observation>, step: Partial<RequestStep> = {}) =>
      outcome({ status, body }, { observation: { ...one, ...more }, step });
    expect(operations).toContain(f);
    // A read that was not answered is none.
    expect(await of(200, '{}', {})).toBe('ok');
    expect(await of(200, '{"errors":[1]}', { done: '!body.errors' })).toBe(isRead ? 'none' : 'info');
    expect(await of(200, '{"errors":[1]}', {}, { expect: { that: ['!body.errors'] } })).toBe(isRead ? 'none' : 'info');
    expect(await of(202, '{}', {})).toBe(isRead ? 'none' : 'info');
    expect(await of(202, '{"ok":1}', { done: 'body.ok' })).toBe('ok');
    expect(await of(422, '{}', {})).toBe(isRead || usuallyRefused !== undefined ? 'none' : 'fail');
    if (isRead) return;
    for (const status of [200, 303, 404, 503]) {
      expect(await of(status, '{}', { refused: [status] })).toBe('fail');
      expect(await of(status, '{"no":1}', { refused: 'body.no' })).toBe('fail');
    }
  },
);

test('a read whose answer the step refuses says nothing, and what it lacks is no matter', async () => {
  const see: Partial<Observation> = { operation: 'read', value: { answered: 'body.data.n' } };
  expect(await became({ body: '{"errors":[1]}' }, { observation: { ...see, done: '!body.errors' } })).toMatchObject({
    outcome: 'none',
  });
});

test('an answer alone, without what an operation says of it', () => {
  const { exchange } = newUser(0, 0);
  expect(outcomes[outcomeOf({ ...exchange, status: 303 }, 'completed', [303])!]).toBe('ok');
  expect(outcomes[outcomeOf({ ...exchange, status: 303 }, 'completed')!]).toBe('info');
});
