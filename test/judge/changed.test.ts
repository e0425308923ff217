import { expect, test } from 'vitest';
import type { Gate } from '../../src/core/plan/plan.ts';
import type { ModeResult } from '../../src/core/result/result.ts';
import type { Slot } from '../../src/core/slot.ts';
import { byHand, changedWarning, usersChanged } from '../../src/judge/changed.ts';
import { differencesOf } from '../../src/judge/compare/comparable.ts';
import { judgeGates } from '../../src/judge/gate/gate.ts';
import { lostWith, modeWith } from './mode.ts';
import { runOf } from './runs.ts';

const slot = (round: number, fromUs: number, toUs: number): Slot =>
  ({ round, recording: { window: { fromUs, toUs } } }) as Slot;
const slots = [slot(0, 1_000_000, 2_000_000), slot(1, 3_000_000, 4_000_000)];

test('a change is told by its round and the second of its measured part, in the warm-up below 0', () => {
  const changes = [
    { round: 1, atUs: 750_000, users: 10 },
    { round: 1, atUs: 1_250_000, users: 12 },
    // Between the slots: the second one has it from its beginning.
    { round: 1, atUs: 2_400_000, users: 14 },
    { round: 2, atUs: 3_900_000, users: 11 },
    { round: 2, atUs: 4_000_000, users: 99 },
    { round: 3, atUs: 5_000_000, users: 99 },
  ];
  expect(usersChanged(changes, slots)).toEqual({
    fairness: null,
    usersChanged: [
      { round: 1, second: -0.2, users: 10 },
      { round: 1, second: 0.3, users: 12 },
      { round: 1, second: 1.4, users: 14 },
      { round: 2, second: 0.9, users: 11 },
    ],
  });
  expect(usersChanged([], slots)).toEqual({});
  expect(usersChanged(changes.slice(4), slots)).toEqual({});
});

const changed: Partial<ModeResult> = { users: 10, usersChanged: [{ round: 1, second: 2.5, users: 12 }] };
const right = lostWith(0, 0, 'consistent');
const limit = (
  metric: 'p99' | 'throughput' | 'errors' | 'lost' | 'lockWait.p50',
  op: '<' | '>',
  than: number,
): Gate => ({
  text: metric,
  metric,
  mode: 'locked',
  op,
  limit: than,
});

test('no gate on times or rates is decided then, neither way; those on data and errors are', () => {
  const gates: readonly Gate[] = [
    limit('p99', '<', 1e9),
    limit('p99', '<', 1),
    limit('throughput', '>', 0.001),
    limit('lockWait.p50', '<', 1e9),
    limit('errors', '<', 0.5),
    limit('lost', '<', 0.5),
    { text: 'right', metric: 'consistency', mode: 'locked' },
  ];
  const verdicts = (mode: ModeResult): string[] =>
    judgeGates(gates, {
      modes: [mode],
      generator: { cpuShare: 0.1, eventLoopDelayP99Us: 1, warnings: [] },
      looks: 'one look',
    }).map(({ verdict }) => verdict);
  const [before, after] = [verdicts(modeWith(right)), verdicts(modeWith({ ...right, ...changed }))];
  expect(after.slice(0, 4)).toEqual(['undecided', 'undecided', 'undecided', 'undecided']);
  expect(before.slice(0, 4)).toEqual(['pass', 'fail', 'pass', 'pass']);
  expect(after.slice(4)).toEqual(before.slice(4));
});

test('it is told with the figures, and so many changes that nobody reads them all are cut', () => {
  expect(changedWarning(modeWith())).toEqual([]);
  expect(changedWarning(modeWith(changed))[0]?.message).toBe(
    'the users of locked were changed by hand while it ran, from 10 to 12 (1 change: 12 at 2.5 s of round 1): its times and rates mix all of these.',
  );
  const often = Array.from({ length: 50 }, (_, at) => ({ round: 1, second: at, users: at + 1 }));
  expect(byHand(modeWith({ users: 9, usersChanged: often }))).toMatch(/from 9 to 1, 2, 3, 4 …$/u);
});

test('such a run is compared with no other', () => {
  const [as, by] = [runOf([modeWith()]), runOf([modeWith(changed)])].map((run) => ({
    ...run,
    modes: run.modes.map((mode) => ({ ...mode, users: 10 })),
  }));
  expect(differencesOf(as!, as!)).toEqual([]);
  expect(differencesOf(as!, by!)).toEqual(['the users of locked were changed by hand after']);
  expect(differencesOf(by!, as!)).toEqual(['the users of locked were changed by hand before']);
});
