import type { OperationName } from '../../core/history/history.ts';

/** What a model expects of a history file. */
export interface ModelSyntax {
  readonly summary: string;
  /** The operations that it knows. */
  readonly f: readonly OperationName[];
  /** Whether its values are amounts, so that no text will do. */
  readonly isOfNumbers: boolean;
}

/** The models that a history can be checked against, by the word after `--model`. */
export const modelSyntax = {
  'register': { summary: 'a value that is read and written', f: ['read', 'write'], isOfNumbers: false },
  'cas-register': {
    summary: 'a register with compare-and-swap, such as If-Match',
    f: ['read', 'write', 'cas'],
    isOfNumbers: false,
  },
  'counter': { summary: 'a number that is added to', f: ['read', 'add'], isOfNumbers: true },
  'rmw-counter': {
    summary: 'a number that clients read, change and write back',
    f: ['read', 'cas', 'add'],
    isOfNumbers: true,
  },
  'stock': { summary: 'items that are never oversold', f: ['read', 'take', 'restock'], isOfNumbers: true },
  'allocation': { summary: 'one holder at a time, such as a seat', f: ['acquire', 'release'], isOfNumbers: false },
  'issue': { summary: 'numbers that are handed out once', f: ['issue'], isOfNumbers: false },
  'append-log': { summary: 'a list that only grows', f: ['read', 'append'], isOfNumbers: false },
  'transfer': { summary: 'amounts that move, of a total that stays', f: ['read', 'transfer'], isOfNumbers: false },
  'mutex': { summary: 'a lock or a lease', f: ['acquire', 'release'], isOfNumbers: false },
  'at-most': {
    summary: 'what may be granted a number of times, or a number of times per period',
    f: ['grant'],
    isOfNumbers: false,
  },
  'once': {
    summary: 'what is done once per key, however often it is requested',
    f: ['do', 'read'],
    isOfNumbers: false,
  },
  'queue': { summary: 'what is put in is taken out once', f: ['put', 'take'], isOfNumbers: false },
  'set': { summary: 'elements that are there or not', f: ['read', 'add', 'remove'], isOfNumbers: false },
  'custom': {
    summary: 'your own module: --module',
    f: ['read', 'write', 'cas', 'add', 'take', 'restock', 'acquire', 'release', 'issue', 'append', 'transfer'],
    isOfNumbers: false,
  },
} as const satisfies { readonly [name: string]: ModelSyntax };

/** The word after `--model`. */
export type ModelName = keyof typeof modelSyntax;
