import { expect, test } from 'vitest';
import type { FailureClass } from '../../../src/core/failure.ts';
import { effectOf } from '../../../src/measure/iteration/observe.ts';
import { newUser } from '../../../src/measure/iteration/user.ts';

test.each([
  ['200', { status: 200 }, 'acknowledged'],
  ['204', { status: 204 }, 'acknowledged'],
  ['304: nothing was changed', { status: 304 }, 'none'],
  ['404', { status: 404 }, 'none'],
  ['412: a conflict, so nothing happened', { status: 412 }, 'none'],
  ['408: the server may have begun', { status: 408 }, 'unknown'],
  ['500', { status: 500 }, 'unknown'],
  ['503', { status: 503 }, 'unknown'],
  ['a timeout after sending', { failure: 'timeout' as FailureClass, maybeApplied: true }, 'unknown'],
  ['a reset after sending', { failure: 'reset' as FailureClass, maybeApplied: true }, 'unknown'],
  ['nobody there to send to', { failure: 'connect' as FailureClass, maybeApplied: false }, 'none'],
] as const)('%s', (_what, exchange, effect) => {
  expect(effectOf({ ...newUser(0, 0).exchange, ...exchange })).toBe(effect);
});
