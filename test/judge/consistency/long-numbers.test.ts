import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseDigits } from '../../../src/core/exact/parse.ts';
import { canonicalJson } from '../../../src/core/exact/write.ts';
import type { CustomOperation } from '../../../src/judge/consistency/engines/search/custom.ts';
import type { ModelName, VerifyHistory } from '../../../src/verify.ts';
import { type Line, rulesOf, verified } from './lines.ts';

const one = { key: 'k', status: 'ok' };
/** Alike once they are rounded to a number. */
const [a, b] = [1541815603606036480n, 1541815603606036481n];
const [early, late] = [638000000000000001n, 638000000000000002n];

type Options = Partial<VerifyHistory>;

const judge = async (lines: readonly Line[], model: ModelName, options: Options = {}): Promise<unknown> => {
  const verdict = await verified(lines, model, options);
  return verdict.findings.length > 0 ? rulesOf(verdict) : verdict.verdict;
};

const acquires: readonly Line[] = [
  { ...one, session: 1, f: 'acquire', call: 0, ret: 1000, value: a },
  { ...one, session: 2, f: 'acquire', call: 500, ret: 1500, value: b },
];
const versions: readonly Line[] = [
  { ...one, session: 1, f: 'write', call: 0, ret: 1000, value: 'a', version: early },
  { ...one, session: 2, f: 'write', call: 500, ret: 1500, value: 'b', version: late },
  { ...one, session: 3, f: 'read', call: 2000, ret: 3000, value: 'b', version: late },
];
const values: readonly Line[] = [
  { ...one, session: 1, f: 'write', call: 0, ret: 1000, value: a },
  { ...one, session: 2, f: 'write', call: 1100, ret: 2000, value: b },
  { ...one, session: 3, f: 'read', call: 1500, ret: 1600, value: a },
  { ...one, session: 3, f: 'read', call: 2500, ret: 2600, value: b },
];
const issues: readonly Line[] = acquires.map((line) => ({ ...line, f: 'issue' }));
const elements: readonly Line[] = [
  { ...one, session: 1, f: 'append', call: 0, ret: 1000, value: a, version: 1 },
  { ...one, session: 2, f: 'append', call: 500, ret: 1500, value: b, version: 2 },
  { ...one, session: 2, f: 'read', call: 2000, ret: 3500, value: [a, b] },
];
const tokens: readonly Line[] = [
  { ...one, session: 1, f: 'acquire', call: 0, ret: 400, version: a },
  { ...one, session: 1, f: 'release', call: 1000, ret: 1100 },
  { ...one, session: 2, f: 'acquire', call: 450, ret: 1500, version: b },
  { ...one, session: 2, f: 'release', call: 1700, ret: 1800 },
];

/** The line at that place says something else. */
const but = (lines: readonly Line[], at: number, more: Line): readonly Line[] =>
  lines.with(at, { ...lines[at], ...more });

describe('whole numbers beyond 2^53 in a history', () => {
  test('are a bigint to a model of somebody else, and others a number', async () => {
    const told: unknown[] = [];
    const step = (_: unknown, { f, value, expect: before, version }: CustomOperation): unknown => {
      told.push([f, value, before, version]);
      return f === 'read' && (value as readonly unknown[])[0] !== b ? undefined : value;
    };
    const lines: readonly Line[] = [
      { ...one, session: 1, f: 'write', call: 0, ret: 10, value: 7, version: early },
      { ...one, session: 2, f: 'cas', call: 5, ret: 20, expect: a, value: b },
      { ...one, session: 3, f: 'read', call: 30, ret: 40, value: [b, 7] },
    ];
    const custom = { init: null, step };
    expect(await judge(lines, 'custom', { custom })).toBe('consistent');
    expect(told).toContainEqual(['write', 7, undefined, early]);
    expect(told).toContainEqual(['cas', b, a, undefined]);
    expect(told).toContainEqual(['read', [b, 7], undefined, undefined]);
    const other = but(lines, 2, { value: [a, 7] });
    expect(await judge(other, 'custom', { custom })).toEqual(['not-linearizable [same-host]']);
  });

  test.each<[string, ModelName, readonly Line[], unknown]>([
    ['two values of a register', 'register', values, 'consistent'],
    ['the older of two', 'register', but(values, 3, { value: a }), ['stale-read [same-host]']],
    ['two versions', 'register', versions, 'consistent'],
    ['one version of two contents', 'register', but(versions, 1, { version: early }), ['forked-version [clock-free]']],
    [
      'a version that is older',
      'register',
      but(versions, 2, { value: 'a', version: early }),
      ['stale-read [same-host]'],
    ],
    ['two numbers', 'issue', issues, 'consistent'],
    ['one number twice', 'issue', but(issues, 1, { value: a }), ['issued-twice [clock-free]']],
    ['two names', 'allocation', acquires, 'consistent'],
    ['one name twice', 'allocation', but(acquires, 1, { value: a }), ['allocated-twice [clock-free]']],
    ['two elements', 'append-log', elements, 'consistent'],
    [
      'two elements the other way round',
      'append-log',
      but(elements, 2, { value: [b, a] }),
      ['element-twice [clock-free]'],
    ],
    ['two tokens', 'mutex', tokens, 'consistent'],
    ['one token twice', 'mutex', but(tokens, 2, { version: a }), ['token-twice [clock-free]']],
  ])('are told apart: %s', async (_, model, lines, expected) => {
    const found = await judge(lines, model);
    expect(
      Array.isArray(expected) && Array.isArray(found) ? found.filter((rule) => expected.includes(rule)) : found,
    ).toEqual(expected);
  });

  test('are equal however they are spelled, and as keys', async () => {
    const written = { ...one, key: 10n ** 18n, session: 1, f: 'write', call: 0, ret: 1000, value: 1e18 };
    const lines = [written, { ...written, session: 2, f: 'read', call: 500, ret: 1500, value: 10n ** 18n }];
    const { verdict, keys } = await verified(lines, 'register');
    expect([verdict, Object.keys(keys)]).toEqual(['consistent', ['1000000000000000000']]);
  });

  test('print their digits, and stay what they are', async () => {
    const { findings } = await verified(but(values, 3, { value: a }), 'register');
    expect(findings[0]!.because.join(' ')).toContain(String(a));
    expect(findings[0]!.operations.map(({ value }) => value)).toContain(a);
  });

  test('that were known at first are what the history has', async () => {
    const read = [
      { ...one, session: 4, f: 'read', call: 0, ret: 1, value: a },
      ...but(values, 0, { value: 5 }).slice(0, 2),
    ];
    expect(await judge(read, 'register', { initial: a })).not.toContain('phantom-read [clock-free]');
    expect(await judge(read, 'register', { initial: b })).toContain('phantom-read [clock-free]');
    expect(await judge(issues, 'issue', { initial: a - 1n, isOrdered: true })).toBe('consistent');
    expect(await judge(issues, 'issue', { initial: a, isOrdered: true })).toEqual(['issued-out-of-order [clock-free]']);
    expect(await judge(elements.slice(1), 'append-log', { initial: [a] })).not.toBe('unknown');
  });

  test('have gaps that nobody can count, and below -2^53 no order, which is no accusation', async () => {
    const dense = await verified(issues, 'issue', { isDense: true });
    expect(dense.keys['k']).toEqual({
      verdict: 'unknown',
      because: `${a} was issued, which is beyond 2^53: what was left out cannot be counted`,
    });
    const below = issues.map((line) => ({ ...line, value: -(line['value'] as bigint) }));
    expect(await judge(below, 'issue')).toBe('consistent');
    expect(await judge(but(below, 1, { value: -a }), 'issue')).toEqual(['issued-twice [clock-free]']);
    const ordered = await verified(below, 'issue', { isOrdered: true });
    expect(ordered.keys['k']).toEqual({
      verdict: 'unknown',
      because: `-${a} was issued, which is below -2^53: the order that is promised cannot be judged`,
    });
    expect(await judge(but(versions, 0, { version: -early }), 'register')).toBe('consistent');
  });

  test.each<[ModelName, string, string]>([
    ['issue', '0.12345678901234567890', '0.12345678901234567891'],
    ['issue', '{"a":[0.12345678901234567890]}', '{"a":[0.12345678901234567890]}'],
    ['issue', '1e400', '1e401'],
    ['register', '0.1', '0.1000000000000000055511151231257827'],
    ['allocation', '1234567890123456.781', '1234567890123456.782'],
  ])(
    'beside fractions of more digits than a number keeps, of which nobody knows: %s, %s and %s',
    async (model, one, other) => {
      const [first, then] =
        model === 'register' ? ['write', 'read'] : model === 'issue' ? ['issue', 'issue'] : ['acquire', 'acquire'];
      const text = [
        `"f":"${first}","session":1,"call":0,"ret":9,"value":${one}`,
        `"f":"${then}","session":2,"call":5,"ret":15,"value":${other}`,
      ];
      const lines = text.map((line) => parseDigits(`{"key":"k","status":"ok",${line}}`) as Line);
      const { verdict, keys } = await verified(lines, model);
      expect([verdict, keys['k']!.because]).toEqual([
        'unknown',
        expect.stringMatching(/^[\d.e[\]{}":a]+ has more digits than can be compared: put it in quotes$/u),
      ]);
    },
  );

  test('beside fractions that a number keeps, which are compared', async () => {
    const lines = issues.map((line, at) => ({ ...line, value: 0.30000000000000004 + at }));
    expect(await judge(lines, 'issue')).toBe('consistent');
    expect(await judge(but(lines, 1, { value: 0.30000000000000004 }), 'issue')).toEqual(['issued-twice [clock-free]']);
  });

  test.each(['counter', 'stock', 'rmw-counter'] as const)('are no values of a %s, which adds up', async (model) => {
    await expect(verified([{ ...one, session: 1, f: 'read', call: 0, ret: 1, value: a }], model)).rejects.toThrow(
      `\\"value\\" is ${a}, beyond 2^53`,
    );
  });

  /** Any operations at all on few values, by as many sessions. */
  const linesOf = (model: ModelName, f: readonly string[]): fc.Arbitrary<readonly Line[]> => {
    const value = fc.nat(4);
    const said =
      model === 'append-log'
        ? { version: fc.integer({ min: 1, max: 6 }) }
        : model === 'allocation'
          ? {}
          : { version: value };
    const line = fc
      .record({
        f: fc.constantFrom(...f),
        call: fc.nat(30),
        length: fc.nat(12),
        status: fc.constantFrom('ok', 'ok', 'ok', 'info', 'fail'),
        value,
        ...said,
        expect: value,
        isTold: fc.boolean(),
        list: fc.array(value, { maxLength: 4 }),
      })
      .map(
        ({
          f,
          call,
          length,
          status,
          value,
          version,
          expect,
          isTold,
          list,
        }: {
          f: string;
          call: number;
          length: number;
          status: string;
          value: number;
          version?: unknown;
          expect: number;
          isTold: boolean;
          list: number[];
        }): Line => {
          const isRead = f === 'read' && model === 'append-log';
          return {
            key: 'k',
            f,
            call,
            ret: status === 'info' ? null : call + length,
            status,
            value: isRead ? list : value,
            ...(f === 'cas' && { expect }),
            ...(isTold && !isRead && version !== undefined && { version }),
          };
        },
      );
    return fc
      .array(line, { minLength: 1, maxLength: 7 })
      .map((lines) => lines.map((line, session) => ({ ...line, session })));
  };

  /** The same history with other values: what is compared by equality and order alone is judged alike. */
  const moved = (lines: readonly Line[], by: bigint, isLog: boolean): readonly Line[] => {
    const long = (value: unknown): unknown =>
      Array.isArray(value) ? value.map(long) : typeof value === 'number' ? BigInt(value) + by : value;
    return lines.map((line) => ({
      ...line,
      ...(line['value'] !== undefined && { value: long(line['value']) }),
      ...(line['expect'] !== undefined && { expect: long(line['expect']) }),
      ...(line['version'] !== undefined && !isLog && { version: long(line['version']) }),
    }));
  };

  test.each<[ModelName, readonly string[], Options]>([
    ['register', ['read', 'write'], {}],
    ['cas-register', ['read', 'write', 'cas'], {}],
    ['issue', ['issue'], { isOrdered: true }],
    ['allocation', ['acquire', 'release'], {}],
    ['mutex', ['acquire', 'release'], {}],
    ['append-log', ['read', 'append'], {}],
  ])('of a %s are judged as small ones are', async (model, f, options) => {
    await fc.assert(
      fc.asyncProperty(
        linesOf(model, f),
        fc.bigInt({ min: 2n ** 53n, max: 2n ** 70n }),
        fc.boolean(),
        async (lines, by, isOneClock) => {
          const small = await verified(lines, model, { ...options, isOneClock });
          const large = await verified(moved(lines, by, model === 'append-log'), model, { ...options, isOneClock });
          expect(large.verdict).toBe(small.verdict);
          const shape = ({ findings }: typeof small): unknown =>
            findings.map(({ rule, evidence, operations, atLeast, atMost }) => [
              rule,
              evidence,
              operations.map(({ session }) => session),
              atLeast,
              atMost,
            ]);
          expect(canonicalJson(shape(large))).toBe(canonicalJson(shape(small)));
        },
      ),
      { numRuns: 80 },
    );
  });
});
