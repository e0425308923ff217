import { describe, expect, test } from 'vitest';
import type { Slot } from '../../../src/core/slot.ts';
import { unequalWork, type UnequalWork } from '../../../src/judge/compare/work.ts';
import { unequalWarning } from '../../../src/judge/unequal.ts';
import { planOf } from '../../scenario/reading.ts';
import { iterations } from '../mode.ts';

const booking = `
steps:
  - name: book
    post: /bookings
    expect: { status: [200, 201, 202, 409, 410] }
    capture: { seen: status }
  - if: "\${seen == 200}"
    then:
      - name: cancel
        delete: /bookings/1
`;

const two = 'modes:\n  before: none\n  after: none\n';

type Counts = { readonly [step: string]: { readonly [status: string]: number } };

const slotOf = (mode: string, round: number, steps: Counts, more: Partial<Slot['recording']> = {}): Slot => {
  const recorded = Object.entries(steps).map(([name, byStatus]) => [name, { byStatus, byError: {} }] as const);
  const recording = {
    iterations: iterations({ completed: Object.values(steps['book'] ?? {}).reduce((sum, count) => sum + count, 0) }),
    steps: Object.fromEntries(recorded),
    ...more,
  };
  return { mode, round, recording } as unknown as Slot;
};

/** What that scenario's modes did unlike the first, each with its counts in every round. */
const foundIn = (
  scenario: string,
  modes: { readonly [name: string]: (round: number) => Counts },
  rounds = 6,
): readonly UnequalWork[] =>
  unequalWork(
    planOf(`target: http://127.0.0.1:1\nload: { users: 4, duration: 12s }\n${scenario}`),
    Array.from({ length: rounds }, (_, round) => round).flatMap((round) =>
      Object.entries(modes).map(([name, counts]) => slotOf(name, round, counts(round))),
    ),
    'one look',
  );

/** A round in which that many of a thousand bookings were granted, and each of those cancelled. */
const granted =
  (of: number, status = 200, refused = 409) =>
  (round = 0): Counts => ({
    book: { [status]: of + (round % 3), [refused]: 1000 - of - (round % 3) },
    ...(status === 200 ? { cancel: { 200: of + (round % 3) } } : {}),
  });

describe('modes that answer alike', () => {
  test.each([
    ['in the same shares', granted(420), granted(420)],
    ['but for 4 of 100 answers', granted(420), granted(460)],
    ['by other statuses of the same class', granted(420, 201), granted(420, 201, 410)],
  ])('do the same work: %s', (_, before, after) => {
    expect(foundIn(booking + two, { before, after })).toEqual([]);
  });

  test('by chance do not: few answers, all rounds on one side', () => {
    const few = (of: number) => (): Counts => ({ book: { 201: of, 409: 10 - of } });
    expect(foundIn(booking + two, { before: few(5), after: few(6) })).toEqual([]);
  });

  test('by chance do not: rounds that differ as much among themselves', () => {
    const wild = (round: number): Counts => granted([100, 900, 300, 800, 200, 700][round]!, 201)();
    const other = (round: number): Counts => granted([900, 100, 800, 300, 700, 700][round]!, 201)();
    expect(foundIn(booking + two, { before: wild, after: other })).toEqual([]);
  });
});

describe('modes that answer unlike', () => {
  test('did different work, told at the first step that differs, with the answers that are alike', () => {
    const found = foundIn(booking + two, { before: granted(650), after: granted(420) });
    expect(found).toMatchObject([{ mode: 'after', control: 'before', step: 'book', status: '200', alike: 'cancel' }]);
    expect(unequalWarning(found)).toEqual([
      {
        code: 'UNEQUAL_WORK',
        message:
          'the modes did different work: 65 % of the answers to book were 200 in before, 42 % in after. Throughput, response times and CPU per iteration of after do not compare with those of before.',
        hint: "Let all modes find the same outcome, as with a key of its own for each user or stock enough for all, or compare a step's own time: service.p50(after/cancel).",
      },
    ]);
  });

  test.each([1, 3, 5])('did so also in %i rounds, too few for an interval, if in each of them', (rounds) => {
    expect(foundIn(booking + two, { before: granted(650), after: granted(420) }, rounds)).toHaveLength(1);
    const onceOnly = (round: number): Counts => granted(round === 0 ? 420 : 660)();
    expect(foundIn(booking + two, { before: granted(650), after: onceOnly }, rounds)).toHaveLength(
      rounds === 1 ? 1 : 0,
    );
  });

  test('did so where one accepts what the other does at once', () => {
    const [found] = foundIn(booking + two, { before: granted(900, 201), after: granted(900, 202) });
    expect(found).toMatchObject({ status: '202', other: 0 });
  });

  test('are told in one warning, each beside the control', () => {
    const three = `${two}  naive: none\n`;
    const found = foundIn(booking + three, { before: granted(650), after: granted(420), naive: granted(900) });
    expect(unequalWarning(found).map(({ message }) => message)).toEqual([
      expect.stringContaining(
        '65 % of the answers to book were 200 in before, 42 % in after, 90 % in naive. Throughput, response times and CPU per iteration of after and naive do not compare with',
      ),
    ]);
  });

  test('did so where answers are alike, but decide otherwise whether a step is sent', () => {
    const visit = (cancel: number) => (): Counts => ({ book: { 200: 1000 }, cancel: { 200: cancel } });
    const [warning] = unequalWarning(foundIn(booking + two, { before: visit(800), after: visit(300) }));
    expect(warning!.message).toContain('80 % of the iterations sent cancel in before, 30 % in after. ');
  });
});

describe('what a mode does by design is no other work:', () => {
  const section = `
steps:
  - critical:
      - name: book
        put: /bookings
        expect: { status: [200, 409, 412] }
        capture: { seen: status }
      - if: "\${seen == 200}"
        then:
          - name: cancel
            delete: /bookings/1
`;

  test('conflicts that it tries again, and the steps of those attempts', () => {
    const modes = 'modes:\n  before: mutex\n  after: { conflict: { status: 412, retries: 9, backoff: 1ms..20ms } }\n';
    const after = (): Counts => ({ book: { 200: 420, 409: 580, 412: 3000 }, cancel: { 200: 2000 } });
    expect(foundIn(section + modes, { before: granted(420), after })).toEqual([]);
    expect(foundIn(section + modes, { before: granted(650), after })).toHaveLength(1);
  });

  test('requests that are sent again', () => {
    const steps =
      'steps:\n  - name: book\n    get: /\n    expect: { status: [200, 503] }\n    retry: { on: [503], times: 9 }\n';
    const again = (of: number) => (): Counts => ({ book: { 200: 100, 503: of } });
    expect(foundIn(steps + two, { before: again(0), after: again(900) })).toEqual([]);
  });

  test('failures, which are told as such', () => {
    const steps = 'steps:\n  - name: book\n    get: /\n';
    expect(foundIn(steps + two, { before: granted(999), after: granted(100) })).toEqual([]);
  });

  test('a workload of its own', () => {
    const modes = 'modes:\n  before: none\n  after: { load: { users: 2 } }\n';
    expect(foundIn(booking + modes, { before: granted(650), after: granted(420) })).toEqual([]);
  });
});
