import { describe, expect, test } from 'vitest';
import { Keeping } from '../../../../src/measure/transport/connect/keeping.ts';

/** A target that closed so many connections, each after so many answers. */
const closer = (connections: number, answers: number, lost = 0): Keeping => {
  const keeping = new Keeping();
  for (let one = 0; one < connections; one++) {
    for (let count = 1; count <= answers; count++) keeping.answered(count);
    keeping.closed(answers, one < lost);
  }
  return keeping;
};

describe('what is known of how long a target keeps connections', () => {
  test('is nothing at first: a connection is used again, a POST a moment later', () => {
    const keeping = new Keeping();
    expect(keeping.isSpent(1, false)).toBe(false);
    expect(keeping.isDoubtful).toBe(true);
    keeping.answered(2);
    expect(keeping.isDoubtful).toBe(false);
  });

  test.each([1, 3, 100])(
    'is that it closes each after %i answers, once it closed two, and none was answered on longer',
    (after) => {
      expect(closer(1, after).isSpent(after, true)).toBe(false);
      const keeping = closer(2, after);
      expect([keeping.isSpent(after, true), keeping.isSpent(after - 1, true)]).toEqual([true, false]);
      keeping.answered(after + 1);
      expect(keeping.isSpent(after, true)).toBe(false);
      expect(keeping.counts.closed).toBe(0);
    },
  );

  test('is nothing of the kind where it closes them after more answers or fewer', () => {
    const keeping = closer(2, 3);
    keeping.closed(2, false);
    expect([keeping.isSpent(3, false), keeping.isSpent(2, false)]).toEqual([false, false]);
  });

  test('is that a POST had better take a new one where too many were lost, however long the others lived', () => {
    const keeping = closer(10, 5, 3);
    keeping.closed(2, false);
    expect([keeping.isSpent(1, false), keeping.isSpent(1, true), keeping.isSpent(0, false)]).toEqual([
      true,
      false,
      false,
    ]);
    expect(keeping.counts).toMatchObject({ closed: 11, closedAnswers: 0, closedLost: 3 });
    for (let count = 0; count < 200; count++) keeping.answered(2);
    expect(keeping.isSpent(1, false)).toBe(false);
  });

  test('is forgotten where a connection that was to be closed stays open', () => {
    const keeping = closer(10, 1, 10);
    keeping.refute();
    expect([keeping.isSpent(1, false), keeping.isSpent(1, true)]).toEqual([false, false]);
  });
});
