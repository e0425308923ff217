import { atMost } from './sections/at-most.ts';
import { once } from './sections/once.ts';
import {
  amount,
  anyKey,
  field,
  key,
  type ModelSections,
  number,
  operation,
  optional,
  seenNumber,
  told,
  version,
} from './sections/parts.ts';
import { queue } from './sections/queue.ts';
import { set } from './sections/set.ts';

export { readWords } from './sections/parts.ts';
export type { FieldSyntax, ModelSections, OperationSyntax, PromiseSyntax } from './sections/parts.ts';

const registerOperations = {
  write: operation('write', 'a step that writes a value, each a different one', {
    value: field('template of the value that is written', 'sent', 'value'),
    version,
  }),
  see: operation('read', 'a step that reads the value', {
    value: field('expression over its answer that gives the value: body.text', 'answered', 'value'),
    version,
  }),
};

/** The models that a scenario can check its data against, by the word below `consistency:`. */
export const modelSections = {
  'counter': {
    summary: 'sums of changes: no update may be lost, and no read may see an impossible value',
    key,
    operations: {
      add: operation('add', 'which step adds how much to the value of the key', {
        by: amount,
        value: told('expression over its answer that gives the new value'),
      }),
      see: seenNumber,
    },
    read: number,
  },
  'rmw-counter': {
    summary: 'a number that is read, changed and written back: no two updates may be built on the same value',
    key,
    operations: {
      update: {
        ...operation('cas', 'which step writes the new value back', {
          from: field('template of the value that was read: "${stock}"', 'sent', 'operand', true),
          to: field('template of the value that is written: "${stock - 1}"', 'sent', 'value', true),
        }),
        spansSection: true,
      },
      see: seenNumber,
    },
    read: number,
  },
  'register': {
    summary: 'a value that is read and written: no read sees an old one once a new one is there',
    key,
    promises: {
      promise: {
        summary:
          'linearizable: a read after a change sees it; session: a session never sees anything older than what it has changed or read. Default linearizable',
        to: 'isOfSessions',
        is: { linearizable: false, session: true },
      },
    },
    operations: registerOperations,
    read: optional({ ...number, kind: 'scalar' }),
  },
  'cas-register': {
    summary: 'a register with compare-and-swap, such as If-Match: no two writes are built on the same value',
    key,
    operations: {
      cas: {
        ...operation('cas', 'a step that replaces one value by another, or is refused', {
          expect: field('template of the value that it is built on', 'sent', 'operand'),
          value: field('template of the value that is written', 'sent', 'value'),
          version,
        }),
        justifies: { to: 'areRefusalsJustified', refusedBy: [409, 412] },
      },
      write: optional(registerOperations.write),
      see: optional(registerOperations.see),
    },
    read: optional({ ...number, kind: 'scalar' }),
  },
  'stock': {
    summary: 'items of which never more are sold than there are',
    key,
    operations: {
      take: {
        ...operation('take', 'a step that takes items', {
          by: optional({ ...amount, summary: 'how many: a number or a template; default 1' }),
          value: told('expression over its answer that gives how many are left'),
        }),
        usuallyRefused: [409],
      },
      restock: optional(
        operation('restock', 'a step that puts items back', {
          by: optional({ ...amount, summary: 'how many: a number or a template; default 1' }),
          value: told('expression over its answer that gives how many there are'),
        }),
      ),
      see: seenNumber,
    },
    read: number,
  },
  'allocation': {
    summary: 'what only one may have at a time, such as a seat: never two',
    key: anyKey,
    operations: {
      acquire: operation('acquire', 'a step that gets it', {
        name: optional(field('expression over its answer that says which one: body.seat', 'answered', 'value')),
      }),
      release: optional(
        operation('release', 'a step that gives it back', {
          name: optional(field('template that says which one', 'sent', 'value')),
        }),
      ),
    },
  },
  'issue': {
    summary: 'numbers that are handed out once each',
    key: anyKey,
    promises: {
      ordered: { summary: 'whether later numbers are greater', to: 'isOrdered', is: 'flag' },
      dense: { summary: 'whether no number is left out', to: 'isDense', is: 'flag' },
    },
    operations: {
      issue: operation('issue', 'a step that gets a number', {
        value: field('expression over its answer that gives the number: body.id', 'answered', 'value'),
      }),
    },
  },
  'append-log': {
    summary: 'a list that only grows: no element is lost, none is there twice, and all reads see the same order',
    key: { ...anyKey, summary: 'template over data variables: the lists; one list if not given' },
    operations: {
      append: operation('append', 'a step that appends an element, each a different one', {
        value: field('template of the element', 'sent', 'value'),
        length: optional(field('expression over its answer: the length afterwards', 'answered', 'version')),
      }),
      see: optional({
        ...operation('read', 'a step that reads the list', {
          list: optional(field('expression over its answer: the whole list', 'answered', 'list')),
          length: optional(
            field('expression over its answer: the length, where it does not tell all', 'answered', 'version'),
          ),
          last: optional({
            ...field('expression over its answer, in addition to the length: the last element', 'answered', 'value'),
            isNoneAtZero: true,
          }),
        }),
        oneOf: ['list', 'length'],
      }),
    },
    read: optional({
      summary: 'how to read the whole list, before and after each slot',
      isRequired: true,
      kind: 'list',
    }),
  },
  'transfer': {
    summary: 'amounts that move between accounts, whose total never changes',
    key: { summary: 'template over data variables: its values are the accounts', isRequired: true, isOfReads: true },
    promises: {
      least: {
        summary: 'the least that an account may end with, such as 0; if not given, accounts may be overdrawn',
        to: 'least',
        is: 'whole number',
      },
    },
    operations: {
      move: operation('transfer', 'a step that moves an amount', {
        from: field('template of the account that pays', 'sent', 'value'),
        to: field('template of the account that is paid', 'sent', 'version'),
        by: amount,
      }),
      see: optional({
        ...operation('read', 'a step that reads all accounts at one moment', {
          total: field('expression over its answer that gives their total', 'answered', 'value'),
        }),
        maySum: true,
      }),
    },
    read: { ...number, summary: 'how to read the balance of an account, before and after each slot' },
  },
  'mutex': {
    summary: 'a lock or a lease that the target hands out: never two holders',
    key: anyKey,
    promises: {
      lease: {
        summary: 'how long after the request it lapses, at the earliest; default never',
        to: 'leaseNs',
        is: 'duration',
      },
    },
    operations: {
      acquire: operation('acquire', 'a step that gets the lock', {
        token: optional(field('expression over its answer that gives a token: body.token', 'answered', 'version')),
      }),
      release: operation('release', 'a step that gives it back', {
        token: optional(field('template of the token', 'sent', 'version')),
      }),
    },
  },
  'at-most': atMost,
  'once': once,
  'queue': queue,
  'set': set,
} as const satisfies { readonly [model: string]: ModelSections };
