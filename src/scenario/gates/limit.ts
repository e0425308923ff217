import { metrics, type MetricName } from '../../core/metric.ts';
import type { LimitGate } from '../../core/plan/plan.ts';
import type { GateFault, GatePieces, Piece } from './text.ts';
import { parseDuration } from '../../core/duration.ts';
import { either, quoted } from '../text/words.ts';

/** The condition of a gate on a number: an operator and a limit. */
export type Limit = Pick<LimitGate, 'op' | 'limit'>;

type Op = LimitGate['op'];
type Unit = (typeof metrics)[MetricName]['unit'];

const ops: readonly string[] = ['<', '<=', '>', '>=', '=='] satisfies readonly Op[];

/** Other spellings of operators, and what they mean. */
const meant: { readonly [written: string]: Op } = {
  '=': '==',
  '===': '==',
  '=<': '<=',
  '=>': '>=',
  '≤': '<=',
  '≥': '>=',
};

const measured = { 'µs': 'time', '/s': 'rate', 'B': 'amount of memory' } as const;

/** What a limit looks like, for hints. */
export const examples: { readonly [unit in Unit]: string } = {
  'µs': 'such as 50ms or 800us',
  '/s': 'such as 2000 or 2000/s',
  'share': 'such as 0.1%',
  'count': 'such as 0',
  'B': 'such as 512MB',
};

/**
 * The condition on a metric, the limit in the metric's own unit.
 *
 * @param end the end of the gate's text, where anything missing is reported
 */
export const readLimit = (name: MetricName, condition: GatePieces['condition'], end: number): Limit | GateFault => {
  const { unit } = metrics[name];
  if (condition === undefined) {
    const [, what = ''] = examples[unit].split('such as ');
    return {
      at: end,
      message: `a limit is missing: ${name} is compared with one`,
      hint: `such as < ${what.split(' ')[0]}`,
    };
  }
  const { op, limit: written } = condition;
  const isMeasured = unit === 'µs' || unit === '/s' || unit === 'B';
  const known = readOp(op, isMeasured ? `a measured ${measured[unit]} never equals a limit` : undefined);
  if (typeof known !== 'string') return known;
  if (written.text === '') {
    return { at: end, message: 'a limit is missing', hint: examples[unit] };
  }
  const limit = amountOf(written, unit);
  if (typeof limit !== 'number') return limit;
  return pointless(known, limit, unit, written) ?? { op: known, limit };
};

/**
 * An operator.
 *
 * @param neverEqual why `==` is refused; absent: it is allowed
 */
export const readOp = (op: Piece, neverEqual?: string): Op | GateFault => {
  if (!isOp(op.text)) return unknownOperator(op);
  if (op.text !== '==' || neverEqual === undefined) return op.text;
  return { at: op.at, message: neverEqual, hint: 'use <, <=, > or >=' };
};

const isOp = (text: string): text is Op => ops.includes(text);

const unknownOperator = ({ text, at }: Piece): GateFault => {
  if (text === '') return { at, message: 'expected an operator', hint: `one of ${ops.join(', ')}` };
  const said = Object.hasOwn(meant, text) ? `did you mean "${meant[text]}"?` : `one of ${ops.join(', ')}`;
  return { at, message: `unknown operator ${quoted(text)}`, hint: said };
};

/** An amount with its unit, in that of the metric: `50ms` is 50,000 µs. */
export const amountOf = ({ text, at }: Piece, unit: Unit): number | GateFault => {
  const compact = text.replace(/(?<=\d)\s+(?=\D)/, '');
  const [, digits, suffix = ''] = /^(\d{1,15}(?:\.\d{1,9})?)(\D*)$/.exec(compact) ?? [];
  const refused = (message: string): GateFault => ({ at, message, hint: examples[unit] });
  if (digits === undefined) return refused(`expected ${expected[unit]}, got ${quoted(text)}`);
  // 0 is 0 in every unit.
  if (suffix === '' && Number(digits) === 0) return 0;
  const amount = amounts[unit](digits, suffix);
  if (amount !== undefined) return amount;
  const [first, second] = unitsOf[unit];
  if (suffix !== '' || first === undefined) {
    const units = first === undefined ? 'none' : either(unitsOf[unit]);
    return refused(`wrong unit ${quoted(suffix)}: ${expected[unit]} has ${units}`);
  }
  const written = second === undefined ? `${digits}${first}` : `${digits}${second} or ${digits}${first}`;
  return refused(`${expected[unit]} needs a unit: ${written}`);
};

/** Converts the limit to the metric's unit. `undefined` if its unit is missing or of another kind. */
const amounts: { readonly [unit in Unit]: (digits: string, suffix: string) => number | undefined } = {
  'µs': (digits, suffix) => parseDuration(`${digits}${suffix}`),
  '/s': (digits, suffix) => (suffix === '' || suffix === '/s' ? Number(digits) : undefined),
  'share': (digits, suffix) => (suffix === '%' ? Number((Number(digits) / 100).toPrecision(12)) : undefined),
  'count': (digits, suffix) => (suffix === '' ? Number(digits) : undefined),
  'B': (digits, suffix) =>
    Object.hasOwn(bytesPer, suffix) ? Math.round(Number(digits) * (bytesPer[suffix] ?? 0)) : undefined,
};

const bytesPer: { readonly [unit: string]: number } = {
  B: 1,
  kB: 1e3,
  MB: 1e6,
  GB: 1e9,
  KiB: 2 ** 10,
  MiB: 2 ** 20,
  GiB: 2 ** 30,
};

const unitsOf: { readonly [unit in Unit]: readonly string[] } = {
  'µs': ['us', 'ms', 's', 'm', 'h'],
  '/s': ['/s'],
  'share': ['%'],
  'count': [],
  'B': Object.keys(bytesPer),
};

const expected: { readonly [unit in Unit]: string } = {
  'µs': 'a time',
  '/s': 'a rate',
  'share': 'a share',
  'count': 'a number',
  'B': 'an amount of memory',
};

/** A limit that holds or fails whatever is measured judges nothing. */
const pointless = (op: Op, limit: number, unit: Unit, { at }: Piece): GateFault | undefined => {
  if (unit === 'share' && limit > 1) return { at, message: 'a share is at most 100%', hint: examples.share };
  const isFull = unit === 'share' && limit === 1;
  if ((op === '<' && limit === 0) || (op === '>' && isFull)) {
    return { at, message: 'this can never hold, whatever is measured', hint: examples[unit] };
  }
  if ((op === '>=' && limit === 0) || (op === '<=' && isFull)) {
    return { at, message: 'this always holds, whatever is measured', hint: examples[unit] };
  }
  return undefined;
};
