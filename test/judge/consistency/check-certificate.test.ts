import { describe, expect, test } from 'vitest';
import { fail, info } from '../../../src/core/history/history.ts';
import { checkCertificate, type Subject } from '../../../src/judge/consistency/check-certificate.ts';
import type { Evidence } from '../../../src/core/result/finding.ts';
import type { Contradiction, Known } from '../../../src/judge/consistency/engines/engine.ts';
import { historyOf, type Row } from './histories.ts';

interface Claim {
  readonly rule: string;
  readonly subject: Subject;
  readonly evidence?: Evidence;
  readonly rows: readonly Row[];
  readonly operations: readonly number[];
  readonly known?: Partial<Known>;
  readonly atLeast?: number;
  /** The same claim of operations of which it is not true. */
  readonly forged: {
    readonly [how: string]: Partial<Pick<Claim, 'rows' | 'operations' | 'known' | 'evidence' | 'atLeast' | 'subject'>>;
  };
}

const check = ({
  rule,
  subject,
  evidence = 'clock-free',
  rows,
  operations,
  known = {},
  atLeast = 1,
}: Claim): boolean => {
  const finding: Contradiction = { rule, evidence, operations, because: [], atLeast, atMost: null };
  return checkCertificate(historyOf(rows), { initial: NaN, final: NaN, ...known }, subject, finding);
};

const values: Subject = { is: 'values' };
const versions: Subject = { is: 'versions' };
const amounts: Subject = { is: 'amounts' };
const holds: Subject = { is: 'holds', leaseNs: Infinity };
const issued: Subject = { is: 'issued' };

const [writeA, writeB]: readonly Row[] = [
  { f: 'write', value: 1, call: 0, ret: 1 },
  { f: 'write', value: 2, call: 2, ret: 3 },
];
const stale: Row = { f: 'read', value: 1, call: 4, ret: 5 };
const add = (call: number, ret: number, more: Partial<Row> = {}): Row => ({ f: 'add', call, ret, operand: 1, ...more });
const take = (call: number, ret: number, more: Partial<Row> = {}): Row => ({
  f: 'take',
  call,
  ret,
  operand: 1,
  ...more,
});
const swap = (operand: number, value: number, more: Partial<Row> = {}): Row => ({
  f: 'cas',
  operand,
  value,
  call: 0,
  ret: 9,
  ...more,
});
const append = (value: number, more: Partial<Row> = {}): Row => ({ f: 'append', value, call: 0, ret: 9, ...more });
const acquire = (call: number, ret: number, more: Partial<Row> = {}): Row => ({
  f: 'acquire',
  session: call,
  call,
  ret,
  ...more,
});
const logOf = (...list: number[]): Subject => ({
  is: 'log',
  lists: { initial: undefined, final: Float64Array.from(list) },
});

/** One account, and what it may not fall below. */
const accounts = (known: Known, least: number): Subject => ({
  is: 'transfers',
  balances: new Map([[1, known]]),
  least,
});

const claims: readonly Claim[] = [
  {
    rule: 'stale-read',
    subject: values,
    evidence: 'same-host',
    rows: [writeA!, writeB!, stale],
    operations: [0, 1, 2],
    forged: {
      'the later write was under way': { rows: [writeA!, { ...writeB!, ret: 4 }, stale] },
      'without the write in between': { operations: [0, 2] },
      'that needs no clock': { evidence: 'clock-free' },
    },
  },
  {
    rule: 'phantom-read',
    subject: values,
    rows: [{ ...stale, value: 7 }],
    operations: [0],
    known: { initial: 0 },
    forged: { 'it was there at first': { known: { initial: 7 } }, 'nobody knows what was': { known: {} } },
  },
  {
    rule: 'aborted-read',
    subject: values,
    rows: [{ ...writeA!, status: fail }, stale],
    operations: [0, 1],
    known: { initial: 0 },
    forged: { 'nobody knows what became of it': { rows: [{ ...writeA!, status: info, ret: Infinity }, stale] } },
  },
  {
    rule: 'lost-update',
    subject: values,
    rows: [swap(1, 2), swap(1, 3), writeA!],
    operations: [0, 1, 2],
    known: { initial: 0 },
    forged: {
      'built on another value': { rows: [swap(1, 2), swap(2, 3), writeA!] },
      'the value may have been there at first, too': { known: {} },
    },
  },
  {
    rule: 'forked-version',
    subject: versions,
    rows: [
      { ...writeA!, version: 5 },
      { ...writeB!, version: 5 },
    ],
    operations: [0, 1],
    forged: {
      'two versions': {
        rows: [
          { ...writeA!, version: 5 },
          { ...writeB!, version: 6 },
        ],
      },
    },
  },
  {
    rule: 'monotonic-reads',
    subject: values,
    evidence: 'session',
    rows: [
      writeA!,
      { ...writeB!, session: 0 },
      { f: 'read', value: 2, session: 1, call: 6, ret: 7 },
      { ...stale, session: 1, call: 8, ret: 9 },
    ],
    operations: [0, 1, 2, 3],
    known: { initial: 0 },
    forged: {
      'the value may have been there at first, too': { known: {} },
      'of two sessions': {
        rows: [
          writeA!,
          { ...writeB!, session: 2 },
          { f: 'read', value: 2, session: 1, call: 6, ret: 7 },
          { ...stale, session: 3 },
        ],
      },
    },
  },
  {
    rule: 'lost-update',
    subject: amounts,
    rows: [add(0, 1), add(2, 3)],
    operations: [0, 1],
    known: { initial: 5, final: 6 },
    forged: {
      'the sums agree': { known: { initial: 5, final: 7 } },
      'more than that says': { atLeast: 2 },
      'the last one may not have happened': { rows: [add(0, 1), add(2, Infinity, { status: info })] },
    },
  },
  {
    rule: 'lost-update',
    subject: amounts,
    rows: [swap(41, 42), swap(41, 42)],
    operations: [0, 1],
    forged: {
      'a value that comes back': { rows: [swap(41, 42), swap(41, 42), swap(42, 41)] },
      'built on different values': { rows: [swap(41, 42), swap(42, 43)] },
      'one with itself': { operations: [0, 0] },
      'three of one pair': { atLeast: 2 },
    },
  },
  {
    rule: 'more-than-acknowledged',
    subject: amounts,
    rows: [add(0, 1)],
    operations: [0],
    known: { initial: 0, final: 2 },
    forged: { 'a second one may have happened': { rows: [add(0, 1), add(0, Infinity, { status: info })] } },
  },
  {
    rule: 'unexplained-change',
    subject: amounts,
    rows: [add(0, 1, { operand: 2 })],
    operations: [0],
    known: { initial: 0, final: 1 },
    forged: { 'it is as it must be': { known: { initial: 0, final: 2 } } },
  },
  {
    rule: 'stale-read',
    subject: amounts,
    evidence: 'same-host',
    rows: [add(0, 1), { f: 'read', value: 0, call: 2, ret: 3 }],
    operations: [1, 0],
    known: { initial: 0 },
    forged: { 'the add was under way': { rows: [add(0, 2), { f: 'read', value: 0, call: 2, ret: 3 }] } },
  },
  {
    rule: 'read-ahead',
    subject: amounts,
    evidence: 'same-host',
    rows: [add(5, 6), { f: 'read', value: 1, call: 2, ret: 3 }],
    operations: [1],
    known: { initial: 0 },
    forged: { 'the add had begun': { rows: [add(3, 6), { f: 'read', value: 1, call: 2, ret: 3 }] } },
  },
  {
    rule: 'went-backwards',
    subject: amounts,
    evidence: 'same-host',
    rows: [add(0, 9), { f: 'read', value: 6, call: 1, ret: 2 }, { f: 'read', value: 5, call: 3, ret: 4 }],
    operations: [1, 2],
    forged: {
      'both were at once': {
        rows: [add(0, 9), { f: 'read', value: 6, call: 1, ret: 3 }, { f: 'read', value: 5, call: 3, ret: 4 }],
      },
    },
  },
  {
    rule: 'told-twice',
    subject: amounts,
    rows: [add(0, 9, { value: 3 }), add(0, 9, { value: 3 })],
    operations: [0, 1],
    forged: { 'another number': { rows: [add(0, 9, { value: 3 }), add(0, 9, { value: 4 })] } },
  },
  {
    rule: 'impossible-value',
    subject: amounts,
    rows: [add(0, 9, { operand: 2 }), { f: 'read', value: 3, call: 0, ret: 9 }],
    operations: [1],
    known: { initial: 0 },
    forged: { 'a possible one': { known: { initial: 1 } } },
  },
  {
    rule: 'oversold',
    subject: amounts,
    rows: [take(0, 1), take(0, 2)],
    operations: [0, 1],
    known: { initial: 1 },
    forged: {
      'there were two': { known: { initial: 2 } },
      'one failed': { rows: [take(0, 1), take(0, 2, { status: fail })] },
    },
  },
  {
    rule: 'false-sold-out',
    subject: amounts,
    evidence: 'same-host',
    rows: [take(0, 1), take(2, 3, { status: fail })],
    operations: [1],
    known: { initial: 2 },
    forged: { 'there was one': { known: { initial: 1 } } },
  },
  {
    rule: 'held-twice',
    subject: holds,
    evidence: 'same-host',
    rows: [acquire(0, 1), acquire(2, 3), { f: 'release', session: 0, call: 5, ret: 6 }],
    operations: [0, 1, 2],
    forged: {
      'it may have been given back': {
        rows: [acquire(0, 1), acquire(2, 3), { f: 'release', session: 0, call: 2, ret: 6 }],
      },
    },
  },
  {
    rule: 'allocated-twice',
    subject: holds,
    rows: [acquire(0, 1, { value: 7 }), acquire(2, 3, { value: 7 })],
    operations: [0, 1],
    forged: { 'two seats': { rows: [acquire(0, 1, { value: 7 }), acquire(2, 3, { value: 8 })] } },
  },
  {
    rule: 'token-order',
    subject: holds,
    evidence: 'same-host',
    rows: [acquire(0, 1, { version: 9 }), acquire(2, 3, { version: 8 })],
    operations: [0, 1],
    forged: { 'rising tokens': { rows: [acquire(0, 1, { version: 8 }), acquire(2, 3, { version: 9 })] } },
  },
  {
    rule: 'issued-twice',
    subject: issued,
    rows: [
      { f: 'issue', value: 7, call: 0, ret: 1 },
      { f: 'issue', value: 7, call: 2, ret: 3 },
    ],
    operations: [0, 1],
    forged: {
      'another number': {
        rows: [
          { f: 'issue', value: 7, call: 0, ret: 1 },
          { f: 'issue', value: 8, call: 2, ret: 3 },
        ],
      },
    },
  },
  {
    rule: 'issued-out-of-order',
    subject: issued,
    rows: [
      { f: 'issue', value: 8, call: 0, ret: 1 },
      { f: 'issue', value: 7, call: 2, ret: 3 },
    ],
    operations: [0, 1],
    forged: {
      'at once': {
        rows: [
          { f: 'issue', value: 8, call: 0, ret: 2 },
          { f: 'issue', value: 7, call: 2, ret: 3 },
        ],
      },
    },
  },
  {
    rule: 'issued-gap',
    subject: issued,
    rows: [
      { f: 'issue', value: 1, call: 0, ret: 1 },
      { f: 'issue', value: 3, call: 2, ret: 3 },
    ],
    operations: [0, 1],
    forged: {
      'somebody may have it': {
        rows: [
          { f: 'issue', value: 1, call: 0, ret: 1 },
          { f: 'issue', value: 3, call: 2, ret: 3 },
          { f: 'issue', call: 0, ret: Infinity, status: info },
        ],
      },
      'two of one': { atLeast: 2 },
    },
  },
  {
    rule: 'lost-element',
    subject: logOf(1),
    rows: [append(1), append(2)],
    operations: [1],
    forged: {
      'it is there': { operations: [0] },
      'nobody knows': { rows: [append(1), append(2, { status: info, ret: Infinity })] },
    },
  },
  {
    rule: 'aborted-element',
    subject: logOf(1),
    rows: [append(1, { status: fail })],
    operations: [0],
    known: { initial: 0 },
    forged: { 'it was done': { rows: [append(1)] }, 'it may have been there at first': { known: {} } },
  },
  {
    rule: 'phantom-element',
    subject: logOf(1, 5),
    rows: [append(1)],
    operations: [],
    forged: { 'somebody appended it': { rows: [append(1), append(5)] } },
  },
  {
    rule: 'element-twice',
    subject: logOf(1, 2, 1),
    rows: [append(1), append(2)],
    operations: [0],
    forged: {},
  },
  {
    rule: 'not-a-prefix',
    subject: logOf(1, 2),
    rows: [append(1), append(2), { f: 'read', value: 2, version: 1, call: 0, ret: 9 }],
    operations: [2],
    forged: {
      'as in the list': { rows: [append(1), append(2), { f: 'read', value: 2, version: 2, call: 0, ret: 9 }] },
    },
  },
  {
    rule: 'wrong-total',
    subject: { is: 'transfers', balances: new Map(), least: 0 },
    rows: [{ f: 'read', value: 90, call: 0, ret: 1 }],
    operations: [0],
    known: { initial: 100 },
    forged: { 'the right one': { known: { initial: 90 } } },
  },
  {
    rule: 'account-balance',
    subject: accounts({ initial: 10, final: 9 }, 0),
    rows: [{ f: 'transfer', value: 1, version: 2, operand: 2, call: 0, ret: 1 }],
    operations: [0],
    forged: { 'it paid one': { rows: [{ f: 'transfer', value: 1, version: 2, operand: 1, call: 0, ret: 1 }] } },
  },
  {
    rule: 'overdrawn',
    subject: accounts({ initial: 1, final: -1 }, 0),
    rows: [{ f: 'transfer', value: 1, version: 2, operand: 2, call: 0, ret: 1 }],
    operations: [0],
    forged: {
      'it may be overdrawn': { subject: accounts({ initial: 1, final: -1 }, -Infinity) },
      'by as much as that': { subject: accounts({ initial: 1, final: -1 }, -1) },
      'it was before': { subject: accounts({ initial: -2, final: -1 }, 0) },
    },
  },
];

describe('the check of certificates', () => {
  test.each(claims)('confirms $rule where it is true', (claim) => {
    expect(check(claim)).toBe(true);
  });

  test.each(claims.flatMap((claim) => Object.entries(claim.forged).map(([how, forged]) => ({ how, claim, forged }))))(
    'rejects $claim.rule where it is forged: $how',
    ({ claim, forged }) => {
      expect(check({ ...claim, ...forged })).toBe(false);
    },
  );

  test.each([
    values,
    versions,
    amounts,
    holds,
    issued,
    logOf(1),
    { is: 'transfers', balances: new Map(), least: 0 } as const,
  ])('rejects what it does not know, of $is', (subject) => {
    const rows = [writeA!, writeB!];
    expect(check({ rule: 'made-up', subject, rows, operations: [0, 1], forged: {} })).toBe(false);
  });
});
