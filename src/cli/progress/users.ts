import type { Clock } from '../../core/clock.ts';
import { requestsOf, type ClosedLoad, type Mode, type Plan } from '../../core/plan/plan.ts';
import type { Watch } from '../../core/watch.ts';
import type { Key } from '../screen/keys.ts';

/** Beyond this multiple of the planned users, it is a different load. */
const mostTimes = 10;
/** The most users, however many are planned: each takes memory from the start. */
const mostUsers = 10_000;
/** Open files other than connections. */
const otherFiles = 200;
/** Changes that follow each other faster are merged. */
const togetherUs = 500_000;

/**
 * The plan with room for users added by hand during the run. `undefined` if they cannot be: with several modes, which would no
 * longer have the same load, under open load, and with stages, which already change the users.
 *
 * @param openFiles the limit of the process; `undefined` if it is not known
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

/** Adds and removes users of the only mode of a run, a tenth of those planned per key, and records when. */
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
    // Every thread must keep at least one user.
    this.#least = workers === 'auto' ? 1 : workers;
    this.#most = load.kind === 'closed' ? (load.mostUsers ?? load.users) : load.users;
  }

  /** Adds or removes users if the key asks for it, as far as there is room. */
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
