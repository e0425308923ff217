import type { ModeResult, UsersChanged } from '../core/result/result.ts';
import type { Warning } from '../core/result/warning.ts';
import type { Slot } from '../core/slot.ts';
import type { UserChange } from '../core/watch.ts';
import { many } from './figure.ts';

/** The changes of a mode's users that its slots felt, and what cannot be known because of them. Empty if there were none. */
export const usersChanged = (
  changes: readonly UserChange[],
  slots: readonly Slot[],
): Partial<Pick<ModeResult, 'usersChanged' | 'fairness'>> => {
  const lastRound = Math.max(...slots.map(({ round }) => round + 1));
  const felt = changes.flatMap(({ round, atUs, users }): UsersChanged[] => {
    const window = slots.find((slot) => slot.round + 1 === round)?.recording.window;
    if (window === undefined) return [];
    // After the end of the last slot there is no load left to feel it.
    if (round === lastRound && atUs >= window.toUs) return [];
    return [{ round, second: Math.round((atUs - window.fromUs) / 1e5) / 10, users }];
  });
  // A user added later was not meant to complete as much.
  return felt.length === 0 ? {} : { usersChanged: felt, fairness: null };
};

/** Why no gate may rest on the times and rates of a mode whose users were changed by hand; `undefined` if they were not. */
export const byHand = ({ name, users, usersChanged: changes = [] }: ModeResult): string | undefined =>
  changes.length === 0
    ? undefined
    : `the users of ${name} were changed by hand while it ran, from ${users} to ${changes
        .map(({ users: then }) => then)
        .slice(0, mostTold)
        .join(', ')}${changes.length > mostTold ? ' …' : ''}`;

const mostTold = 4;

/** The warning about such changes, shown next to the figures. */
export const changedWarning = (mode: ModeResult): Warning[] => {
  const why = byHand(mode);
  const { usersChanged: changes = [] } = mode;
  if (why === undefined) return [];
  const when = changes
    .slice(0, mostTold)
    .map(({ round, second, users }) => `${users} at ${second} s of round ${round}`)
    .join(', ');
  return [
    {
      code: 'USERS_CHANGED',
      message: `${why} (${many(changes.length, 'change')}: ${when}${changes.length > mostTold ? ' …' : ''}): its times and rates mix all of these.`,
      hint: 'Gates on them are undecided. For a gate, leave the users alone, or write them as stages.',
    },
  ];
};
