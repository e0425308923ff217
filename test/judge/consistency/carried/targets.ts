import type { Json } from '../../../../src/core/json.ts';
import { type Target, transferOf } from './simulated.ts';

const keys = ['a', 'b'];

/** A number of its own for each key. */
const numbers = (first: number) => {
  const values = new Map<string, number>();
  const read = (key: string): number => values.get(key) ?? first;
  const add = (key: string, by: number): number => {
    values.set(key, read(key) + by);
    return read(key);
  };
  return { reset: () => values.clear(), read, add, set: (key: string, to: number) => void values.set(key, to) };
};

const counter = (tellsValue: boolean): Target => {
  const { reset, read, add } = numbers(100);
  return {
    model: 'counter',
    words: ['add', 'add', 'read'],
    keys,
    isLateAtHome: true,
    reset,
    read,
    apply: ({ f, key }) => {
      if (f === 'read') return { value: read(key) };
      const value = add(key, 1);
      return { operand: 1, ...(tellsValue && { value }) };
    },
  };
};

const stock = (): Target => {
  const { reset, read, add } = numbers(3);
  return {
    model: 'stock',
    words: ['take', 'take', 'restock', 'read'],
    keys,
    isLateAtHome: true,
    reset,
    read,
    apply: ({ f, key }) => {
      if (f === 'read') return { value: read(key) };
      if (f === 'take' && read(key) < 1) return 'refused';
      add(key, f === 'take' ? -1 : 1);
      return { operand: 1 };
    },
  };
};

/** Numbers are read and written back under a lock; what is written back late sets the number back. */
const rmwCounter = (): Target => {
  const { reset, read, set } = numbers(100);
  return {
    model: 'rmw-counter',
    words: ['cas'],
    keys: ['a', 'b'],
    isLateAtHome: false,
    reset,
    read,
    // Whoever is answered had the lock from before it read: it reads as it writes.
    send: ({ key }) => ({ operand: read(key), value: read(key) - 1 }),
    apply: ({ key, isOpen }, sent) => {
      const said = isOpen
        ? (sent as { readonly operand: number; readonly value: number })
        : { operand: read(key), value: read(key) - 1 };
      set(key, said.value);
      return said;
    },
  };
};

const register = (isCas: boolean, isRepeating = false): Target => {
  const values = new Map<string, string>();
  const read = (key: string): string => values.get(key) ?? 'first';
  return {
    model: isCas ? 'cas-register' : 'register',
    isRepeating,
    words: isCas ? ['cas', 'cas', 'write', 'read'] : ['write', 'read'],
    keys,
    isLateAtHome: true,
    reset: () => values.clear(),
    read,
    send: ({ f, key, value }) => (f === 'cas' ? { operand: read(key), value } : null),
    apply: ({ f, key, value }, sent) => {
      if (f === 'read') return { value: read(key) };
      const said = sent as { readonly operand: string; readonly value: string };
      if (f === 'cas' && said.operand !== read(key)) return 'refused';
      values.set(key, value);
      return f === 'cas' ? said : { value };
    },
  };
};

const log = (isRead: boolean, isRepeating = false): Target => {
  const lists = new Map<string, string[]>();
  const read = (key: string): string[] => lists.get(key) ?? [];
  return {
    model: 'append-log',
    isRepeating,
    words: ['append', 'append', 'read'],
    keys,
    isLateAtHome: true,
    reset: () => lists.clear(),
    ...(isRead && { read }),
    apply: ({ f, key, value }) => {
      if (f === 'read') return { version: read(key).length, ...(read(key).length > 0 && { value: read(key).at(-1)! }) };
      lists.set(key, [...read(key), value]);
      return { value };
    },
  };
};

const transfer = (): Target => {
  const { reset, read, add } = numbers(10);
  return {
    model: 'transfer',
    words: ['transfer'],
    keys,
    isLateAtHome: true,
    reset,
    read,
    apply: ({ choice }) => {
      const { value, version, operand } = transferOf(choice);
      add(value, -operand);
      add(version, operand);
      return { value, version, operand };
    },
  };
};

const issue = (): Target => {
  let last = 0;
  return {
    model: 'issue',
    promises: { isOrdered: true, isDense: true },
    words: ['issue'],
    keys: ['a', 'a'],
    isLateAtHome: true,
    reset: () => (last = 0),
    apply: () => ({ value: ++last }),
  };
};

/** Coupons, of which three of each are granted from one reset to the next. */
const grants = (): Target => {
  const { reset, read, add } = numbers(3);
  return {
    model: 'at-most',
    words: ['grant'],
    keys,
    isLateAtHome: true,
    reset,
    apply: ({ key }) => {
      if (read(key) < 1) return 'refused';
      add(key, -1);
      return { operand: 3 };
    },
  };
};

/** Charges by idempotency keys, which a reset forgets together with what was charged. */
const once = (isRead: boolean): Target => {
  const charges = new Map<string, string>();
  const { reset, read, add } = numbers(0);
  return {
    model: 'once',
    words: ['do'],
    keys,
    isLateAtHome: true,
    reset: () => {
      reset();
      charges.clear();
    },
    ...(isRead && { read }),
    apply: ({ key, value }) => {
      if (!charges.has(key)) add(key, 1);
      charges.set(key, charges.get(key) ?? value);
      return { value: charges.get(key)! };
    },
  };
};

/** Jobs, of which every slot may put in the same. */
const queue = (isRead: boolean, isRepeating: boolean): Target => {
  const jobs = new Map<string, string[]>();
  const read = (key: string): string[] => jobs.get(key) ?? [];
  return {
    model: 'queue',
    isRepeating,
    words: ['put', 'put', 'take'],
    keys,
    isLateAtHome: true,
    reset: () => jobs.clear(),
    ...(isRead && { read }),
    apply: ({ f, key, value }) => {
      if (f === 'take') {
        const [first = null, ...others] = read(key);
        jobs.set(key, others);
        return { value: first };
      }
      jobs.set(key, [...read(key), value]);
      return { value };
    },
  };
};

/** Elements that are added and removed. */
const set = (isRepeating: boolean): Target => {
  const sets = new Map<string, Set<string>>();
  const of = (key: string): Set<string> => {
    const known = sets.get(key) ?? new Set();
    sets.set(key, known);
    return known;
  };
  const read = (key: string): string[] => [...of(key)].toSorted();
  return {
    model: 'set',
    isRepeating,
    words: ['add', 'add', 'remove', 'read'],
    keys,
    isLateAtHome: true,
    reset: () => sets.clear(),
    read,
    send: ({ f, key, value }) => (f === 'remove' ? (read(key)[0] ?? value) : value),
    apply: ({ f, key }, sent) => {
      if (f === 'read') return { value: read(key) };
      if (f === 'add') of(key).add(sent as string);
      else of(key).delete(sent as string);
      return { value: sent };
    },
  };
};

/** @param by by what a holder is known: a token, who asks, or not at all, so that anybody's release ends a hold */
const lock = (model: 'mutex' | 'allocation', by: 'token' | 'session' | 'nobody'): Target => {
  const holders = new Map<string, { readonly session: number; readonly token: number }>();
  const tokens = new Map<number, number>();
  let last = 0;
  const isReleased = (key: string, session: number, token: Json): boolean => {
    const holder = holders.get(key);
    return by === 'nobody' || (by === 'token' ? holder?.token === token : holder?.session === session);
  };
  return {
    model,
    tellsToken: by === 'token',
    words: ['acquire', 'release'],
    keys: ['a', 'a'],
    isLateAtHome: by !== 'nobody',
    reset: () => {
      holders.clear();
      tokens.clear();
      last = 0;
    },
    send: ({ f, session }) => {
      const token = tokens.get(session) ?? 0;
      if (f === 'release') tokens.delete(session);
      return f === 'release' ? token : null;
    },
    apply: ({ f, key, session, isOpen }, sent) => {
      if (f === 'release') {
        // Who holds nothing gives nothing back.
        if (sent === 0) return 'refused';
        if (isReleased(key, session, sent)) holders.delete(key);
        return by === 'token' ? { version: sent } : {};
      }
      if (holders.has(key)) return 'refused';
      holders.set(key, { session, token: ++last });
      if (!isOpen) tokens.set(session, last);
      return by === 'token' ? { version: last } : {};
    },
  };
};

/** Targets that are right, of every model. */
export const targets: { readonly [name: string]: () => Target } = {
  'a counter': () => counter(false),
  'a counter that tells its value': () => counter(true),
  'a stock': stock,
  'a number that is written back': rmwCounter,
  'a register': () => register(false),
  'a register with compare-and-swap': () => register(true),
  'a log that is read around a slot': () => log(true),
  'a log that is not': () => log(false),
  'a register of values that come again': () => register(false, true),
  'compare-and-swap of values that come again': () => register(true, true),
  'a log of elements that come again': () => log(true, true),
  'accounts': transfer,
  'issued numbers': issue,
  'a lock with tokens': () => lock('mutex', 'token'),
  'a lock that knows its holder': () => lock('mutex', 'session'),
  'a lock that anybody may give back': () => lock('mutex', 'nobody'),
  'grants': grants,
  'a set': () => set(false),
  'a set of elements that come again': () => set(true),
  'a queue': () => queue(false, false),
  'a queue of jobs that come again': () => queue(false, true),
  'a queue that is read around a slot': () => queue(true, true),
  'idempotency keys': () => once(false),
  'idempotency keys whose effect is read': () => once(true),
  'a seat': () => lock('allocation', 'nobody'),
};
