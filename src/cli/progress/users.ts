import type { Clock } from '../../core/clock.ts';
import { requestsOf, type ClosedLoad, type Mode, type Plan } from '../../core/plan/plan.ts';
import type { Watch } from '../../core/watch.ts';
import type { Key } from '../screen/keys.ts';

/** More than so many times as many is another load. */
const mostTimes = 10;
/** No more than that, however many are planned; each takes memory from the beginning. */
const mostUsers = 10_000;
/** Files that are open beside connections. */
const otherFiles = 200;
/** Changes that follow each other faster are one. */
const togetherUs = 500_000;

/**
 * The plan with room for users that are added by hand while it runs; undefined where they cannot be: with several modes, which
 * would no longer have the same load, under open load, and with stages, which change them already.
 *
 * @param openFiles how many the process may have; undefined: nobody knows
 */
export const withRoomForUsers = (plan: Plan, openFiles: number | undefined): Plan | undefined => {
  const [mode, ...others] = plan.modes;
  const { load } = mode;
  if (others.length > 0 || load.kind !== 'closed' || load.stages.length > 0) return undefined;
  const copies = Math.max(1, ...requestsOf(mode.steps).map(({ copies: each = 1 }) => each));
  const connections = openFiles === undefined ? Infinity : Math.floor((openFiles - otherFiles) / copies);
  const most = Math.min(load.users * mostTimes, mostUsers, connections);
  const roomy: ClosedLoad = { ...load, mostUsers: Math.max(load.users, most) };
  return { ...plan, modes: [{ ...mode, load: roomy }] };
};

/** Adds and takes users of the one mode of a run, a tenth of those planned with each key, and keeps when. */
export class Users {
  readonly #watch: Watch;
  readonly #clock: Clock;
  readonly #planned: number;
  readonly #least: number;
  readonly #most: number;

  constructor({ load, workers }: Mode, watch: Watch, clock: Clock) {
    this.#watch = watch;
    this.#clock = clock;
    this.#planned = load.users;
    // None of the threads that share them may be left without one.
    this.#least = workers === 'auto' ? 1 : workers;
    this.#most = load.kind === 'closed' ? (load.mostUsers ?? load.users) : load.users;
  }

  /** Does what the key asks for, if it is one of these, as far as there is room. */
  press(key: Key): void {
    if (key !== 'more users' && key !== 'fewer users') return;
    const { live, changes, round } = this.#watch;
    const before = live.users || this.#planned;
    const step = Math.max(1, Math.round(this.#planned / 10)) * (key === 'more users' ? 1 : -1);
    const users = Math.max(this.#least, Math.min(this.#most, before + step));
    if (users === before) return;
    live.users = users;
    const atUs = this.#clock.now();
    const last = changes.at(-1);
    if (last !== undefined && last.round === round && atUs - last.atUs < togetherUs) changes.pop();
    changes.push({ round, atUs, users });
  }
}
