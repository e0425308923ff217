import { beforeEach, describe, expect, test } from 'vitest';
import { Answering, type Line } from '../../../../src/measure/transport/connect/answering.ts';

let all: Answering;
const asked = { kept: 0 };

beforeEach(() => {
  all = new Answering();
  asked.kept = 0;
});

/** A connection that is answered on, so often. */
const served = (times: number, line: Line = all.open()): Line => {
  for (let at = 0; at < times; at++) {
    if (line.isHeard) asked.kept++;
    else {
      line.asks(asked, 0);
      line.heard(0);
    }
  }
  return line;
};

/** One on which a request waits from the first moment on. */
const waiting = (): Line => {
  const line = all.open();
  line.asks(asked, 0);
  return line;
};

describe('a connection', () => {
  test('is starved that ends without a byte while the same request is answered on others again and again', () => {
    const [line, other] = [waiting(), waiting()];
    served(20);
    line.closed(3_000_000);
    other.closed(3_000_000);
    expect(all.counts).toEqual({ opened: 3, open: 3, answering: 1, starved: 2 });
  });

  test('is starved that is answered on once another has gone', () => {
    const line = waiting();
    served(20).closed(2_000_000);
    line.heard(2_100_000);
    expect(all.counts).toMatchObject({ starved: 1, answering: 1 });
  });

  test('is not starved that is answered on while the others are open: its request took long', () => {
    const line = waiting();
    served(20);
    line.heard(2_100_000);
    line.closed(2_200_000);
    expect(all.counts).toMatchObject({ starved: 0, answering: 2 });
  });

  test('is not starved that has not waited half a second', () => {
    const line = waiting();
    served(20);
    line.closed(400_000);
    expect(all.counts.starved).toBe(0);
  });

  test('is not starved where all wait alike, or are served in turn', () => {
    const lines = [waiting(), waiting()];
    served(5);
    for (const line of lines) line.closed(3_000_000);
    expect(all.counts.starved).toBe(0);
  });

  test('is not starved by another request than its own', () => {
    const line = all.open();
    line.asks({ kept: 0 }, 0);
    served(20);
    line.closed(3_000_000);
    expect(all.counts.starved).toBe(0);
  });

  test('is not starved where each answer closes its connection: whoever comes is served in turn', () => {
    const line = waiting();
    for (let at = 0; at < 100; at++) served(1).closed(at);
    line.closed(3_000_000);
    expect(all.counts).toMatchObject({ starved: 0, answering: 1 });
  });

  test('is not starved that was answered on before, or on which nothing was asked', () => {
    const line = served(1);
    const idle = all.open();
    served(30);
    line.closed(3_000_000);
    idle.closed(3_000_000);
    expect(all.counts).toEqual({ opened: 3, open: 3, answering: 2, starved: 0 });
  });
});
