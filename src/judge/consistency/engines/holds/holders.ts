import type { History } from '../../../../core/history/history.ts';
import { doubles, during, words } from '../columns/scratch.ts';
import { ValueTable } from '../columns/value-table.ts';
import { thingOf } from './grants.ts';

/** Who may hold what: a number for each pair of a holder and a thing. */
export interface Holders {
  /** That of an event, by its place. */
  readonly of: (event: number) => number;
  /** All numbers are below this. */
  readonly count: number;
  /** Holders are told apart by tokens, where every event has one, else by sessions. */
  readonly areByToken: boolean;
}

/**
 * Tells holders apart.
 *
 * @param events grants and releases
 * @cost a look into a table for each event and each of: a token, a name
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
  // Sessions are places in a column as they are, unless there are far more of them than events.
  if (!areByToken && !areNamed && sessions <= 2 * events.length + 1024)
    return { of: (event) => session[events[event]!]!, count: sessions, areByToken };
  const of = words(events.length);
  const count = during(() => {
    const holders = numbered(of, events, areByToken ? (row) => version[row]! : (row) => session[row]!);
    if (!areNamed) return holders;
    const pairs = doubles(events.length);
    for (let i = 0; i < events.length; i += 1) pairs[i] = of[i]!;
    const things = numbered(of, events, (row) => thingOf(history, row));
    for (let i = 0; i < events.length; i += 1) pairs[i] = pairs[i]! * things + of[i]!;
    const table = new ValueTable(events.length);
    for (let i = 0; i < events.length; i += 1) of[i] = table.add(pairs[i]!);
    return table.count;
  });
  return { of: (event) => of[event]!, count, areByToken };
};

/** Numbers the different ones of what the events say, and says how many there are. */
const numbered = (to: Uint32Array, events: Uint32Array, said: (row: number) => number): number =>
  during(() => {
    const table = new ValueTable(events.length);
    for (let i = 0; i < events.length; i += 1) to[i] = table.add(said(events[i]!));
    return table.count;
  });
