import { describe, expect, test } from 'vitest';
import { decodeHistory } from '../../../../src/core/history/file.ts';
import { nothing, operations, outcomes, valueOf, type History } from '../../../../src/core/history/history.ts';
import type { Observation } from '../../../../src/core/plan/plan.ts';
import { micros } from '../../../../src/core/units.ts';
import { compileWatch, keptFor } from '../../../../src/measure/iteration/observe/observe.ts';
import { newUser, type User } from '../../../../src/measure/user.ts';
import { HistoryLogs } from '../../../../src/measure/record/history-log.ts';
import { memoryFiles } from '../../histories.ts';
import { requestStep } from '../../mode.ts';

const places = new Map([
  ['product', 0],
  ['stock', 1],
]);
const steps = [requestStep({ name: 'read', path: '/' }), requestStep({ name: 'write', path: '/', method: 'PUT' })];

const observation = (more: Partial<Observation>): Observation => ({
  model: 'counter',
  step: 'write',
  operation: 'add',
  key: '${product}',
  spansSection: false,
  ...more,
});

const user = (index: number, product: unknown, stock: unknown): User =>
  Object.assign(newUser(index, 2), { variables: [product, stock] });

interface Rig {
  readonly pass: (who: User, answers: { readonly [step: string]: Partial<User['exchange']> }, askedUs: number) => void;
  readonly rows: (model?: string) => Promise<readonly object[]>;
  readonly unreadable: () => unknown;
}

/** A section of two steps, watched; its rows as words. */
const rig = (...all: readonly Observation[]): Rig => {
  const files = memoryFiles();
  const logs = new HistoryLogs('slot', files.openFile);
  const watch = compileWatch(steps, all, places, (model) => logs.of(model))!;
  let done: ReturnType<HistoryLogs['finish']> | undefined;
  return {
    pass: (who, answers, askedUs) => {
      let endedUs = askedUs;
      for (const { name } of steps) {
        const answer = answers[name];
        if (answer === undefined) continue;
        watch.steps.get(name)?.begin(who);
        Object.assign(who.exchange, { status: 200, failure: undefined, maybeApplied: false, body: '{}' }, answer);
        watch.steps.get(name)?.look?.(who);
        watch.steps.get(name)?.done(who, 'completed');
        endedUs = who.exchange.doneUs;
      }
      watch.passed(who, askedUs, endedUs);
    },
    rows: async (model = 'counter') => {
      done ??= logs.finish();
      const bytes: Uint8Array[] = [];
      for await (const part of files.readBytes(`slot.${model}.history`)) bytes.push(part);
      return wordsOf(decodeHistory(bytes));
    },
    unreadable: () => (done ??= logs.finish())[0]!.unreadable,
  };
};

const wordsOf = (history: History): object[] =>
  Array.from({ length: history.length }, (_, row): object => {
    const said = (['value', 'operand', 'version'] as const).flatMap((name) => {
      const value = valueOf(history, history[name][row]!);
      return value === undefined ? [] : [[name, value]];
    });
    return {
      key: history.keys[history.key[row]!],
      session: history.session[row],
      f: operations[history.f[row]!],
      status: outcomes[history.status[row]!],
      us: [history.call[row]! / 1000, history.ret[row]! / 1000],
      ...(Object.fromEntries(said) as object),
    };
  });

const at = (sentUs: number, doneUs: number): Partial<User['exchange']> => ({
  sentUs: micros(sentUs),
  doneUs: micros(doneUs),
});

describe('an operation', () => {
  test('is a row with what was sent, and one of its section from asking for the lock to its end', async () => {
    const { pass, rows } = rig(observation({ operand: { sent: '-1', isAmount: true } }));
    pass(user(3, 7, 41), { read: at(10, 20), write: at(30, 40) }, 5);
    expect(await rows()).toEqual([
      { key: '7', session: 4, f: 'add', status: 'ok', us: [30, 40], operand: -1 },
      { key: '7', session: 4, f: 'section', status: 'ok', us: [5, 40] },
    ]);
  });

  test('between accounts names them by their texts: a number and its text are one account', async () => {
    const move = observation({
      model: 'transfer',
      operation: 'transfer',
      key: 'all',
      value: { sent: '${stock}', isAmount: false },
      version: { sent: '41', isAmount: false },
      operand: { sent: '5', isAmount: true },
    });
    const { pass, rows } = rig(move);
    pass(user(0, 'a', 41), { read: at(10, 20), write: at(30, 40) }, 5);
    expect((await rows('transfer'))[0]).toMatchObject({ f: 'transfer', value: 41, version: 41, operand: 5 });
  });

  test('of an amount that is no whole number is not sent: sums of fractions are not exact', () => {
    const { pass } = rig(observation({ operand: { sent: '${stock / 2}', isAmount: true } }));
    expect(() => pass(user(0, 'a', 41), { read: at(10, 20), write: at(30, 40) }, 5)).toThrow(
      '"${stock / 2}" is 20.5, which is not a whole number: count in the smallest unit',
    );
  });

  test('that is read and written back reaches from the first request of its section on', async () => {
    const update = observation({
      model: 'rmw-counter',
      operation: 'cas',
      operand: { sent: '${stock}', isAmount: true },
      value: { sent: '${stock - 1}', isAmount: true },
      spansSection: true,
    });
    const { pass, rows } = rig(update);
    pass(user(0, 'a', 41), { read: at(10, 20), write: at(30, 40) }, 5);
    expect((await rows('rmw-counter'))[0]).toEqual({
      key: 'a',
      session: 1,
      f: 'cas',
      status: 'ok',
      us: [10, 40],
      operand: 41,
      value: 40,
    });
  });

  test('has what the answer says, and is told where it does not say it', async () => {
    const see = observation({ step: 'read', operation: 'read', value: { answered: 'body.stock' } });
    const { pass, rows, unreadable } = rig(see);
    pass(user(0, 1, 0), { read: { ...at(1, 2), body: '{"stock":5}' } }, 0);
    pass(user(0, 1, 0), { read: { ...at(3, 4), body: '{"stock":null}' } }, 3);
    pass(user(0, 1, 0), { read: { ...at(5, 6), body: 'no JSON' } }, 5);
    const seen = (await rows()).filter((row) => 'f' in row && row.f === 'read');
    expect(seen.map((row) => ('value' in row ? row.value : 'not said'))).toEqual([5, null, 'not said']);
    expect(unreadable()).toEqual({ count: 1, example: 'an answer to read has no body.stock' });
    expect(nothing).toBe(-Infinity);
  });

  test('of which nobody knows never ends; one that was refused is there; one that was never sent is not', async () => {
    const { pass, rows } = rig(observation({ operand: { sent: '1', isAmount: true } }));
    const gone = { status: 0, failure: 'timeout' as const, maybeApplied: true };
    pass(user(0, 1, 0), { write: { ...at(1, 9), ...gone } }, 0);
    pass(user(0, 1, 0), { write: { ...at(10, 11), status: 412 } }, 10);
    pass(user(0, 1, 0), { write: { ...at(20, 21), ...gone, maybeApplied: false } }, 20);
    const told = (await rows()).filter((row) => 'f' in row && row.f === 'add');
    expect(told).toMatchObject([
      { status: 'info', us: [1, Infinity] },
      { status: 'fail', us: [10, 11] },
    ]);
  });

  test('a read that was not answered says nothing', async () => {
    const see = observation({ step: 'read', operation: 'read', value: { answered: 'body.stock' } });
    const { pass, rows } = rig(see);
    pass(user(0, 1, 0), { read: { ...at(1, 2), status: 500 } }, 0);
    expect((await rows()).map((row) => ('f' in row ? row.f : ''))).toEqual(['section']);
  });

  test('that reads a whole list is a row, and one for each element that no list before had at its place', async () => {
    const see = observation({ step: 'read', operation: 'read', list: { answered: 'body.list' } });
    const { pass, rows, unreadable } = rig(see);
    const read = (sentUs: number, list: unknown) =>
      pass(user(0, 1, 0), { read: { ...at(sentUs, sentUs + 1), body: JSON.stringify({ list }) } }, sentUs);
    read(1, ['a', 'b']);
    read(3, ['a', 'b', 'c']);
    read(5, ['x', 'b']);
    const told = (await rows()).filter((row) => 'f' in row && row.f !== 'section');
    expect(told).toMatchObject([
      { f: 'read', us: [1, 2], value: 'b', version: 2 },
      { f: 'element', value: 'a', version: 1 },
      { f: 'element', value: 'b', version: 2 },
      { f: 'read', us: [3, 4], value: 'c', version: 3 },
      { f: 'element', value: 'c', version: 3 },
      { f: 'read', us: [5, 6], value: 'b', version: 2 },
      { f: 'element', value: 'x', version: 1 },
    ]);
    expect(unreadable()).toMatchObject({ count: 0 });
  });

  test('that is to read a whole list and finds none cannot be read', () => {
    const { pass, unreadable } = rig(observation({ step: 'read', operation: 'read', list: { answered: 'body.list' } }));
    for (const body of ['{}', '{"list":7}']) pass(user(0, 1, 0), { read: { ...at(1, 2), body } }, 0);
    expect(unreadable()).toEqual({ count: 2, example: 'an answer to read has no list at body.list' });
  });

  test('that reads an empty list needs no last element, and one of any other does', () => {
    const { pass, unreadable } = rig(
      observation({
        step: 'read',
        operation: 'read',
        version: { answered: 'body.length' },
        value: { answered: 'body.last', isNoneAtZero: true },
      }),
    );
    pass(user(0, 1, 0), { read: { ...at(1, 2), body: '{"length":0}' } }, 0);
    pass(user(0, 1, 0), { read: { ...at(3, 4), body: '{"length":2}' } }, 0);
    expect(unreadable()).toEqual({ count: 1, example: 'an answer to read has no body.last' });
  });

  test('only the named status is a refusal where there is one', async () => {
    const take = observation({ operation: 'take', usuallyRefused: [409] });
    const { pass, rows } = rig(take);
    for (const status of [409, 404, 429]) pass(user(0, 1, 0), { write: { ...at(1, 2), status } }, 0);
    const told = (await rows()).filter((row) => 'f' in row && row.f === 'take');
    expect(told).toMatchObject([{ status: 'fail' }]);
  });
});

describe('a section', () => {
  test('is one row for each key and model, however many of its steps are watched', async () => {
    const { pass, rows } = rig(
      observation({ operand: { sent: '1', isAmount: true } }),
      observation({ step: 'read', operation: 'read', value: { answered: 'status' } }),
      observation({ model: 'register', operation: 'write', value: { sent: '${stock}', isAmount: false } }),
    );
    pass(user(0, 1, 'x'), { read: at(1, 2), write: at(3, 4) }, 0);
    const of = async (model: string): Promise<unknown[]> =>
      (await rows(model)).map((row) => ('f' in row ? row.f : undefined));
    expect(await of('counter')).toEqual(['read', 'add', 'section']);
    expect(await of('register')).toEqual(['write', 'section']);
  });

  test('that never came to a watched step is none', async () => {
    const { pass, rows } = rig(observation({ operand: { sent: '1', isAmount: true } }));
    pass(user(0, 1, 0), { read: at(1, 2) }, 0);
    expect(await rows()).toEqual([]);
  });
});

test('only as much of an answer is kept as somebody reads', () => {
  const read = (answered: string): Observation => observation({ step: 'read', operation: 'read', value: { answered } });
  expect(keptFor('read', [read('body.stock')])).toBe('body');
  expect(keptFor('read', [read('header.etag')])).toBe('head');
  expect(keptFor('read', [read('status')])).toBe('status');
  expect(keptFor('write', [read('body.stock')])).toBe('status');
  expect(keptFor('read', [observation({ step: 'read', done: 'body.ok' })])).toBe('body');
  expect(keptFor('read', [observation({ step: 'read', refused: 'header.x == "1"' })])).toBe('head');
  expect(keptFor('read', [observation({ step: 'read', refused: [409] })])).toBe('status');
});
