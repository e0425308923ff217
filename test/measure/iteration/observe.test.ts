import { expect, test } from 'vitest';
import { outcomes } from '../../../src/core/history/history.ts';
import type { FailureClass } from '../../../src/core/recording/failure.ts';
import { outcomeOf } from '../../../src/measure/iteration/observe.ts';
import { newUser } from '../../../src/measure/user.ts';

test.each([
  ['200', { status: 200 }, 'ok'],
  ['204', { status: 204 }, 'ok'],
  ['304, which nobody asked for: it may have been done', { status: 304 }, 'info'],
  ['303', { status: 303 }, 'info'],
  ['404', { status: 404 }, 'fail'],
  ['412: a conflict, so nothing happened', { status: 412 }, 'fail'],
  ['408: the server may have begun', { status: 408 }, 'info'],
  ['500', { status: 500 }, 'info'],
  ['503', { status: 503 }, 'info'],
  ['a timeout after sending', { failure: 'timeout' as FailureClass, maybeApplied: true }, 'info'],
  ['a reset after sending', { failure: 'reset' as FailureClass, maybeApplied: true }, 'info'],
  ['nobody there to send to', { failure: 'connect' as FailureClass, maybeApplied: false }, undefined],
] as const)('%s', (_what, exchange, effect) => {
  const outcome = outcomeOf({ ...newUser(0, 0).exchange, ...exchange });
  expect(outcome === undefined ? undefined : outcomes[outcome]).toBe(effect);
});

test('a redirect that the step expects is the answer to what was done', () => {
  const exchange = { ...newUser(0, 0).exchange, status: 303 };
  expect(outcomes[outcomeOf(exchange, [303])!]).toBe('ok');
});
