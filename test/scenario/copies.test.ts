import { describe, expect, test } from 'vitest';
import { requestsOf } from '../../src/core/plan/plan.ts';
import { linesOf, modeOf } from './reading.ts';

const scenario = (more: string, top = ''): string => `target: http://x
${top}steps:
  - name: redeem
    post: /coupons/1
    copies: 2${more}
`;

describe('copies', () => {
  test('say how often a step is sent at the same moment; a conflict of the mode is not theirs', () => {
    const [step] = requestsOf(modeOf(scenario('', 'conflict: { status: 409 }\n'), 'lock-free').steps);
    expect(step).toMatchObject({ copies: 2 });
    expect(step).not.toHaveProperty('conflict');
  });

  test('may be what a mode adds, or takes away', () => {
    const modes =
      'modes: { one: { steps: { redeem: { copies: null } } }, three: { steps: { redeem: { copies: 3 } } } }\n';
    expect(requestsOf(modeOf(scenario('', modes), 'one').steps)[0]).not.toHaveProperty('copies');
    expect(requestsOf(modeOf(scenario('', modes), 'three').steps)[0]).toMatchObject({ copies: 3 });
  });

  test('of 1 are the request itself, with all that it may have', () => {
    const once = scenario('\n    conflict: { status: 409 }\n    retry: { on: 503 }').replace('copies: 2', 'copies: 1');
    const [step] = requestsOf(modeOf(once, 'lock-free').steps);
    expect(step).not.toHaveProperty('copies');
    expect(step).toMatchObject({ conflict: [409], retry: { statuses: [503] } });
    expect(linesOf(scenario('').replace('copies: 2', 'copies: 0')).join('\n')).toContain('expected at least 1');
  });

  test.each([
    ['\n    conflict: { status: 409 }', 'shop.yaml:6:5 "conflict" of one copy says nothing about the others'],
    ['\n    retry: { on: 503 }', 'shop.yaml:6:5 "retry" of one copy says nothing about the others'],
    ['\n    redirects: 2', 'shop.yaml:6:5 "redirects" of one copy says nothing about the others'],
    ['000', 'shop.yaml:5:13 '],
  ])('are refused beside%s', (more, message) => {
    expect(linesOf(scenario(more)).join('\n')).toContain(message);
  });

  test('are refused where a step is sent once', () => {
    expect(linesOf(scenario('', 'before: [{ post: /reset, copies: 2 }]\n'))).toEqual([
      'shop.yaml:2:26 a step of "before" is sent once (leave "copies" out)',
    ]);
  });
});
