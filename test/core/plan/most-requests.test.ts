import { describe, expect, test } from 'vitest';
import { mostRequests } from '../../../src/core/plan/most-requests.ts';
import { planOf } from '../../scenario/reading.ts';

const most = (load: string, steps = '[{ get: /x }]', more = ''): number | undefined =>
  mostRequests(planOf(`target: http://shop.test\nload: ${load}\nsteps: ${steps}\n${more}`));

describe('the most requests of a run', () => {
  test.each([
    ['{ rate: 200/s, duration: 10s, warmup: 0s }', 2000],
    ['{ rate: 200/s, duration: 10s, warmup: 1s }', 2200],
    ['{ rate: 200/s, iterations: 300 }', 300],
    ['{ users: 8, iterations: 300 }', 300],
    ['{ stages: [{ duration: 10s, rate: 100/s }, { duration: 10s, rate: 100/s..300/s }], warmup: 0s }', 3000],
  ])('%s: %d', (load, requests) => {
    expect(most(load)).toBe(requests);
  });

  test('of several modes and rounds is that of all slots, each with its warm-up', () => {
    const modes = 'modes: { a: none, b: mutex }\nrounds: 6';
    expect(most('{ rate: 100/s, duration: 6s, warmup: 1s }', undefined, modes)).toBe(2 * (600 + 600));
  });

  test.each([
    ['[{ get: /x }, { get: /y }]', 20],
    ['[{ post: /x, copies: 3 }]', 30],
    ['[{ get: /x, retry: { on: 503, times: 2 } }]', 30],
    ['[{ get: /x, redirects: 4 }]', 50],
    ['[{ repeat: { times: 5, steps: [{ get: /x }] } }]', 50],
    [
      '[{ get: /x, capture: { n: body.n } }, { if: "${n > 1}", then: [{ get: /x }], else: [{ get: /x }, { get: /y }] }]',
      30,
    ],
    ['[{ critical: [{ get: /x }, { put: /x, conflict: { status: 409, retries: 4 } }] }]', 100],
  ])('counts what an iteration sends at most: %s', (steps, requests) => {
    expect(most('{ users: 2, iterations: 10 }', steps)).toBe(requests);
  });

  test('is not known where the target decides', () => {
    expect(most('{ users: 8, duration: 10s }')).toBeUndefined();
    expect(most('{ users: 8, iterations: 10, warmup: 1s }')).toBeUndefined();
    const repeated = '[{ get: /x, capture: { n: body.n } }, { repeat: { times: "${n}", steps: [{ get: /y }] } }]';
    expect(most('{ users: 8, iterations: 10 }', repeated)).toBeUndefined();
  });
});
