import type { History } from '../../../../core/history/history.ts';
import { during, words } from '../columns/scratch.ts';
import { ValueTable } from '../columns/value-table.ts';
import { thingOf } from './grants.ts';

/** Who may hold what: a number for each pair of a holder and a thing. */
export interface Holders {
  /** The number for an event, by its place. */
  readonly of: (event: number) => number;
  /** All numbers are below this. */
  readonly count: number;
  /** Whether holders are told apart by tokens, as every event has one; otherwise by sessions. */
  readonly areByToken: boolean;
}

/**
 * Tells holders apart.
 *
 * @param events grants and releases
 * @cost next to nothing for sessions; otherwise, for each event, a table lookup for its token, its name, and both
 */
export const holdersOf = (history: History, events: Uint32Array): Holders => {
  const { session, value, version } = history;
  let [areByToken, areNamed, sessions] = [true, false, 0];
  for (let i = 0; i < events.length; i += 1) {
    const row = events[i]!;
    areByToken &&= !Number.isNaN(version[row]!);
    areNamed ||= !Number.isNaN(value[row]!);
    sessions = Math.max(sessions, session[row]! + 1);
  }
  // Numbers are used as they are unless they are far larger than the number of events.
  const most = 2 * events.length + 1024;
  const areDense = !areByToken && sessions <= most;
  if (areDense && !areNamed) return { of: (event) => session[events[event]!]!, count: sessions, areByToken };
  const of = words(events.length);
  const count = during(() => {
    const holders = areDense ? sessions : numbered(of, (event) => (areByToken ? version : session)[events[event]!]!);
    if (areDense) for (let i = 0; i < of.length; i += 1) of[i] = session[events[i]!]!;
    if (!areNamed) return holders;
    const thing = words(events.length);
    const things = numbered(thing, (event) => thingOf(history, events[event]!));
    if (holders * things > most) return numbered(of, (event) => of[event]! * things + thing[event]!);
    for (let i = 0; i < of.length; i += 1) of[i] = of[i]! * things + thing[i]!;
    return holders * things;
  });
  return { of: (event) => of[event]!, count, areByToken };
};

/** Numbers the distinct values of `said` over all places, and gives how many there are. */
const numbered = (to: Uint32Array, said: (place: number) => number): number =>
  during(() => {
    const table = new ValueTable(to.length);
    for (let i = 0; i < to.length; i += 1) to[i] = table.add(said(i));
    return table.count;
  });
