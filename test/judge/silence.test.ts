import { describe, expect, test } from 'vitest';
import type { FailureResult } from '../../src/core/result/result.ts';
import { nothingCompleted } from '../../src/judge/silence.ts';
import { iterations, modeWith } from './mode.ts';

const silent = (name: string, failure: string, found: FailureResult) =>
  modeWith({ name, iterations: iterations({ failed: found.count }), failuresByClass: { [failure]: found } });

const answered = (status: number, headers: { readonly [name: string]: string }, body: string): FailureResult => ({
  count: 20,
  example: 'read: the answer has no body.stock',
  samples: [{ step: 'read', status, headers, body }],
});

describe('that a mode completed nothing', () => {
  test('is not so where each completed something', () => {
    expect(nothingCompleted([modeWith(), modeWith()], false)).toBeUndefined();
  });

  test('is told with what came back: status, type and body, and no other header', () => {
    const headers = { 'content-type': 'application/json', 'x-request-id': '7', 'date': 'today' };
    const found = silent('api', 'capture', answered(200, headers, '{"balance":100}'));
    expect(nothingCompleted([modeWith(), found], false)).toEqual({
      code: 'ERR_NOTHING_COMPLETED',
      message:
        'no iteration of api completed: read: the answer has no body.stock (200, application/json, {"balance":100}).',
      hint: 'Compare "capture:" with the answer above.',
    });
  });

  test('is told with where a redirect leads', () => {
    const found = silent('api', 'capture', answered(302, { location: '/login' }, ''));
    const { message, hint } = nothingCompleted([found], true)!;
    expect(message).toBe(
      'no iteration of api completed: read: the answer has no body.stock (302, location: /login). Stopped there: more of the same would show nothing new.',
    );
    expect(hint).toContain('The answer is a redirect');
  });

  test.each([
    [401, 'requires credentials'],
    [404, 'Are the path and the method right'],
    [405, 'and the method'],
    [429, 'a lower rate'],
    [503, 'look at its log'],
    [418, 'Is that what the target answers'],
  ])('with %i is told what that says', (status, hint) => {
    const found = { ...answered(status, {}, ''), example: `read: status ${status}, expected one below 400` };
    expect(nothingCompleted([silent('api', 'check', found)], false)?.hint).toContain(hint);
  });

  test('whose answer fits but for another reason is told of that', () => {
    const found = silent('api', 'check', { ...answered(404, {}, ''), example: 'read: header etag is missing' });
    expect(nothingCompleted([found], false)?.hint).toContain('does "expect:" ask for something else');
  });

  test('names every mode of which that is so, and the commonest cause of the first', () => {
    const rare = { count: 3, example: 'read: status 500' };
    const first = modeWith({
      name: 'a',
      iterations: iterations({ failed: 10 }),
      failuresByClass: { check: rare, timeout: { count: 7, example: 'read: no answer within 300 ms' } },
    });
    expect(nothingCompleted([first, modeWith(), silent('b', 'check', rare)], false)).toMatchObject({
      message: 'no iteration of a, nor of b completed: read: no answer within 300 ms.',
      hint: 'A longer timeouts.request, or a target that answers.',
    });
  });

  test('may be so although nothing failed: none began, or all were still under way', () => {
    const none = modeWith({ iterations: iterations({}), throughputPerSecond: 0, failuresByClass: {} });
    const cut = modeWith({ iterations: iterations({ interrupted: 4 }), throughputPerSecond: 0, failuresByClass: {} });
    expect(nothingCompleted([none], false)?.message).toContain('none began');
    const late = modeWith({ ...none, iterations: iterations({ dropped: 246 }) });
    expect(nothingCompleted([late], false)?.message).toContain('none of 246 arrivals began, as no user was free');
    expect(nothingCompleted([cut], false)?.message).toContain('all were still under way at the end');
  });

  test('is told with what of the warm-up hung', () => {
    const mode = modeWith({
      iterations: iterations({}),
      throughputPerSecond: 0,
      failuresByClass: {},
      hung: {
        aborted: { count: 7, example: 'still under way when the drain was over' },
        timeout: { count: 1, example: 'read: no answer within 10000 ms' },
      },
    });
    expect(nothingCompleted([mode], false)).toMatchObject({
      message: 'no iteration of locked completed: 8 iterations of the warm-up hung: read: no answer within 10000 ms.',
      hint: 'A longer timeouts.request, or a target that answers.',
    });
  });

  test('is told with who wants credentials, where a proxy does', () => {
    const found = silent('api', 'check', { ...answered(407, {}, ''), example: 'GET /: status 407' });
    expect(nothingCompleted([found], false)?.hint).toContain('http://user:password@proxy:3128');
  });
});
