import { describe, expect, test } from 'vitest';
import { requestsOf } from '../../src/core/plan/plan.ts';
import { linesOf, modeOf } from './reading.ts';

const scenario = (retry: string, more = '', top = ''): string => `target: http://x
${top}steps:
  - name: pay
    post: /payments
    retry: ${retry}${more}
`;

const retryOf = (text: string, mode = 'lock-free') => requestsOf(modeOf(text, mode).steps)[0]!.retry;

describe('retry', () => {
  test('says after what, how often and after which pause', () => {
    expect(retryOf(scenario('{ on: [timeout, 503, reset], times: 2, backoff: 10ms }'))).toEqual({
      statuses: [503],
      failures: ['timeout', 'reset'],
      times: 2,
      backoffUs: [10_000, 10_000],
    });
    expect(retryOf(scenario('{ on: 429, backoff: 1ms..20ms }'))).toEqual({
      statuses: [429],
      failures: [],
      times: 1,
      backoffUs: [1000, 20_000],
    });
  });

  test('is what a mode may change in a step, or take away', () => {
    const modes = `
modes:
  plain: { steps: { pay: { retry: null } } }
  often: { steps: { pay: { retry: { times: 5 } } } }
`;
    const text = scenario('{ on: timeout }') + modes.slice(1);
    expect(retryOf(text, 'plain')).toBeUndefined();
    expect(retryOf(text, 'often')).toMatchObject({ failures: ['timeout'], times: 5 });
  });

  test.each([
    ['{ on: [] }', '', ''],
    ['{ times: 2 }', '', '"on" is missing'],
    ['{ on: slow }', '', 'expected a status or a failure, got text "slow"'],
    ['{ on: aborted }', '', 'expected a status or a failure, got text "aborted"'],
    ['{ on: 503, times: 0 }', '', ''],
    ['{ on: 503, backoff: 20ms..1ms }', '', 'the range ends before it begins'],
    [
      '{ on: [503, 409] }',
      '\n    conflict: { status: 409 }',
      '409 is a conflict: after it the critical section runs again',
    ],
  ])('%s', (retry, more, message) => {
    const lines = linesOf(scenario(retry, more));
    expect(lines[0]).toMatch(/^shop\.yaml:\d+:\d+ /u);
    expect(lines.join('\n')).toContain(message);
  });

  test('is refused on what is a conflict of the mode, and outside of "steps"', () => {
    const top = 'modes: { a: none, b: { conflict: { status: [409, 412] } } }\n';
    expect(linesOf(scenario('{ on: 412 }', '', top))).toEqual([
      'shop.yaml:6:18 412 is a conflict: after it the critical section runs again (leave it out here, or out of "conflict")',
    ]);
    expect(linesOf(scenario('{ on: 503 }', '', 'login: [{ post: /login, retry: { on: 503 } }]\n'))).toEqual([
      'shop.yaml:2:25 only "steps" send a request again: what fails in "login" should be seen (leave "retry" out)',
    ]);
  });
});
