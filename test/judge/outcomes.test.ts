import { expect, test } from 'vitest';
import type { Mode, Observation } from '../../src/core/plan/plan.ts';
import type { Slot } from '../../src/core/slot.ts';
import { micros } from '../../src/core/units.ts';
import { outcomeWarnings } from '../../src/judge/outcomes.ts';

const add: Observation = { model: 'counter', step: 'add', operation: 'add', key: 'k', spansSection: false };
const modeOf = (...observe: readonly Observation[]): Mode => ({ name: 'new', observe }) as unknown as Mode;
const slotOf = (byStatus: { readonly [status: string]: number }, ...unclear: readonly object[]): Slot =>
  ({
    recording: { steps: { add: { byStatus } }, histories: unclear.map((one) => ({ unclear: one })) },
  }) as unknown as Slot;

test('where every answer says what became of it, there is nothing to say', () => {
  expect(outcomeWarnings(modeOf(add), [slotOf({ 200: 5, 409: 1 })])).toEqual([]);
  expect(outcomeWarnings(modeOf(), [slotOf({ 202: 5 })])).toEqual([]);
});

test('202 and 207 say neither, of all slots together, once for a step of two models', () => {
  const slots = [slotOf({ 202: 1500 }), slotOf({ 202: 1, 207: 1 })];
  expect(outcomeWarnings(modeOf(add, { ...add, model: 'register' }), slots)).toEqual([
    {
      code: 'OUTCOME_UNKNOWN',
      message:
        'in new, 1,501 answers to add said 202, which means accepted, but not yet done: those changes may or may not have happened.',
      hint: 'If it is done soon after, say under "consistency:" how soon, as in settle: 2s; if it is already done, done: status == 202.',
    },
    {
      code: 'OUTCOME_UNKNOWN',
      message:
        'in new, 1 answer to add said 207, which has a status for each part in its body: those changes may or may not have happened.',
      hint: 'Say under "consistency:" what means done, such as done: body.items[0].status == 200.',
    },
  ]);
});

test('where "done:" tells them apart, and of reads, they are no matter', () => {
  const slots = [slotOf({ 202: 9 })];
  expect(outcomeWarnings(modeOf({ ...add, done: 'body.ok' }), slots)).toEqual([]);
  expect(outcomeWarnings(modeOf({ ...add, operation: 'read' }), slots)).toEqual([]);
});

test('where it is said how soon it is done, 202 is no matter', () => {
  const slots = [slotOf({ 202: 9 })];
  expect(outcomeWarnings({ ...modeOf(add), settleUs: micros(2_000_000) }, slots)).toEqual([]);
});

test('an expression that could not be evaluated is told with how often, and the first of them', () => {
  const told = { count: 2, example: 'an answer to add: "done: body.ok": the body is not JSON' };
  const [warning] = outcomeWarnings(modeOf(add), [slotOf({}, told, { count: 1, example: 'another' })]);
  expect(warning).toMatchObject({
    code: 'OUTCOME_UNCLEAR',
    message:
      'in new, "done:" or "refused:" could not be evaluated for 3 answers, whose outcome is unknown: an answer to add: "done: body.ok": the body is not JSON.',
  });
});
