import type { User } from '../../user.ts';
import type { Access, Guard, GuardSpec, Hold } from '../lock.ts';
import { aborted } from './waiters.ts';

/** Room for any number of readers: a writer takes all of it. */
const everybody = 2 ** 30;

/** One lock and the users that wait for it: a whole guard, or one of many lines in it. */
export interface Line {
  /** As {@link Guard.acquire}; `share`: how much of the room the user takes. */
  enter(user: User, share: number): Hold | Promise<Hold>;
}

/** How much room a lock has. */
export const roomOf = ({ room }: GuardSpec): number => (room === 'readers' ? everybody : room);

/** How much of the room a user takes if it does not only read. */
const exclusiveShare = ({ room }: GuardSpec): number => (room === 'readers' ? everybody : 1);

/** What guards have in common, whatever their lines are. */
export interface LineParts {
  readonly spec: GuardSpec;
  readonly signal: AbortSignal;
  /** How many wait now, in all lines. */
  readonly waiting: () => number;
}

/** One line for all users. */
export class OneLine implements Guard {
  readonly name: string;
  readonly #exclusive: number;
  readonly #signal: AbortSignal;
  readonly #waiting: () => number;
  readonly #line: Line;

  constructor({ spec, signal, waiting }: LineParts, line: Line) {
    this.name = spec.name;
    this.#exclusive = exclusiveShare(spec);
    this.#signal = signal;
    this.#waiting = waiting;
    this.#line = line;
  }

  get waiting(): number {
    return this.#waiting();
  }

  acquire(user: User, access: Access): Hold | Promise<Hold> {
    if (this.#signal.aborted) return aborted;
    return this.#line.enter(user, access === 'exclusive' ? this.#exclusive : 1);
  }
}

/** Where lines come from, and how they are told apart. */
export interface LineSource<Key, KeyedLine extends Line> {
  readonly keyOf: (user: User) => Key;
  /** Makes a line; it calls `idle` whenever no user is inside or waiting any more. */
  readonly newLine: (idle: () => void) => KeyedLine;
  /** Turns an idle line into the one of this key. */
  readonly give: (line: KeyedLine, key: Key) => void;
}

interface Entry<Key, KeyedLine> {
  key: Key;
  readonly line: KeyedLine;
}

/**
 * A line for each key, as long as a user is inside or waits. After that it is kept for another key, so there are never more
 * lines than users.
 */
export class LinePerKey<Key, KeyedLine extends Line> implements Guard {
  readonly name: string;
  readonly #exclusive: number;
  readonly #signal: AbortSignal;
  readonly #waiting: () => number;
  readonly #source: LineSource<Key, KeyedLine>;
  readonly #entries = new Map<Key, Entry<Key, KeyedLine>>();
  readonly #idle: Entry<Key, KeyedLine>[] = [];

  constructor({ spec, signal, waiting }: LineParts, source: LineSource<Key, KeyedLine>) {
    this.name = spec.name;
    this.#exclusive = exclusiveShare(spec);
    this.#signal = signal;
    this.#waiting = waiting;
    this.#source = source;
  }

  get waiting(): number {
    return this.#waiting();
  }

  /** How many keys are held or waited for, and how many lines are kept for other keys. */
  get size(): { readonly keys: number; readonly idle: number } {
    return { keys: this.#entries.size, idle: this.#idle.length };
  }

  acquire(user: User, access: Access): Hold | Promise<Hold> {
    if (this.#signal.aborted) return aborted;
    const key = this.#source.keyOf(user);
    const { line } = this.#entries.get(key) ?? this.#open(key);
    return line.enter(user, access === 'exclusive' ? this.#exclusive : 1);
  }

  #open(key: Key): Entry<Key, KeyedLine> {
    const entry = this.#idle.pop() ?? this.#newEntry(key);
    entry.key = key;
    this.#source.give(entry.line, key);
    this.#entries.set(key, entry);
    return entry;
  }

  #newEntry(key: Key): Entry<Key, KeyedLine> {
    const entry: Entry<Key, KeyedLine> = {
      key,
      line: this.#source.newLine(() => {
        this.#entries.delete(entry.key);
        this.#idle.push(entry);
      }),
    };
    return entry;
  }
}
