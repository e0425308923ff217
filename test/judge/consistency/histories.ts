import { absent, fail, info, nothing, ok, operations } from '../../../src/core/history/history.ts';
import type { History, OperationName } from '../../../src/core/history/history.ts';
import { HistoryBuilder } from '../../../src/core/history/builder.ts';
import { checkCertificate } from '../../../src/judge/consistency/check-certificate.ts';
import type { Subject } from '../../../src/judge/consistency/check-certificate.ts';
import type { Contradiction, Engine, Known } from '../../../src/judge/consistency/engines/engine.ts';
import { isLinearizable } from './oracle.ts';
import type { Before, Model } from './oracle.ts';

/** A row as a test writes it. */
export interface Row {
  readonly f: OperationName;
  readonly session?: number;
  readonly status?: number;
  readonly call: number;
  readonly ret: number;
  readonly value?: number;
  readonly operand?: number;
  readonly version?: number;
}

/** A history of one key. */
export const historyOf = (rows: readonly Row[]): History => {
  const builder = new HistoryBuilder();
  const key = builder.key('k');
  for (const { f, session = 0, status = ok, call, ret, value = absent, operand = absent, version = absent } of rows)
    builder.append(key, session, operations.indexOf(f), status, call, ret, value, operand, version);
  return builder.history();
};

/** The places of all rows. */
export const allRows = (history: History): Uint32Array => Uint32Array.from({ length: history.length }, (_, row) => row);

/** Whole numbers below a limit, one after the other, from a seed (xorshift32). */
export const dice = (seed: number): ((below: number) => number) => {
  let x = Math.imul(seed + 1, 0x9e3779b1) | 1;
  return (below) => {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    return (x >>> 0) % below;
  };
};

/** Gives the next whole number below a limit. */
export type Roll = ReturnType<typeof dice>;

/** A generated history with what is known beside it. */
export interface Case {
  readonly rows: readonly Row[];
  readonly known: Known;
}

const initialOf = (roll: Roll): number => [0, 0, nothing, NaN][roll(4)]!;

/** Any operations at all on few values, each written once, over few instants. */
export const randomRegister = (roll: Roll): Case => {
  const length = 2 + roll(6);
  const initial = initialOf(roll);
  let fresh = 0;
  const seen = (): number => (roll(12) === 0 ? nothing : roll(Math.min(length, 5)));
  const rows = Array.from({ length }, (_, n): Row => {
    const call = roll(10);
    const [session, ret] = [roll(3), call + roll(4)];
    const kind = roll(10);
    const status = kind < 5 ? ok : [ok, ok, ok, info, fail][roll(5)]!;
    const end = status === info ? Infinity : ret;
    if (kind < 5) return { f: 'read', session, status, call, ret: end, value: seen() };
    fresh++;
    if (kind < 8) return { f: 'write', session, status, call, ret: end, value: fresh };
    return { f: 'cas', session, status, call, ret: end, value: fresh, operand: n === 0 ? 0 : seen() };
  });
  return { rows, known: { initial, final: roll(3) === 0 ? roll(5) : NaN } };
};

/** A register that behaves, with operations that overlap; versions go up by one or two with every write. */
export const legalRegister = (roll: Roll, told: 'value' | 'version'): Case => {
  const length = 3 + roll(5);
  const initial = initialOf(roll);
  let state = Number.isNaN(initial) ? 100 : initial;
  let version = 10;
  let fresh = 0;
  const rows: Row[] = [];
  const free = [-1, -1, -1];
  for (let n = 0, now = 0; n < length; n++, now += roll(3)) {
    const session = roll(3);
    // It takes effect now: begun after what its session did before, ended later.
    const call = Math.max(free[session]! + 1, now - roll(3));
    now = Math.max(now, call);
    const ret = now + roll(3);
    free[session] = ret;
    const status = [ok, ok, ok, ok, info, fail][roll(6)]!;
    const one = { session, call, ret: status === info ? Infinity : ret, status };
    const kind = roll(10);
    if (kind < 5) rows.push({ ...one, f: 'read', status: ok, ret, value: state, version });
    else {
      const takesEffect = status === ok || (status === info && roll(2) === 0);
      const value = ++fresh;
      const operand = status === fail && roll(2) === 0 ? 77 : told === 'value' ? state : version;
      const next = version + 1 + roll(2);
      if (kind < 8) rows.push({ ...one, f: 'write', value, ...(status === ok && { version: next }) });
      else rows.push({ ...one, f: 'cas', value, operand, ...(status === ok && { version: next }) });
      if (takesEffect) [state, version] = [value, next];
    }
  }
  return { rows, known: { initial, final: roll(2) === 0 ? state : NaN } };
};

/** Drops an acknowledgement, swaps what two reads saw, or does a write twice. */
export const mutated = (roll: Roll, { rows, known }: Case): Case => {
  const out = [...rows];
  const at = roll(out.length);
  const other = roll(out.length);
  const [a, b] = [out[at]!, out[other]!];
  switch (roll(4)) {
    case 0:
      out[at] = { ...a, status: fail };
      break;
    case 1:
      out[at] = {
        ...a,
        ...(b.value !== undefined && { value: b.value }),
        ...(b.version !== undefined && { version: b.version }),
      };
      if (a.value !== undefined)
        out[other] = { ...b, value: a.value, ...(a.version !== undefined && { version: a.version }) };
      break;
    case 2:
      out.push({ ...a, call: a.call + roll(6), ret: a.ret + 6 });
      break;
    default:
      out[at] = { ...a, call: a.call + 4, ret: a.ret + 4 };
  }
  return { rows: out, known };
};

/**
 * What the oracle says; an unknown initial value may be any that no row wrote which was not refused.
 *
 * @param mayBeWritten or one that a row wrote, too
 */
const oracleSays = <S>(
  history: History,
  rows: Uint32Array,
  known: Known,
  model: Model<S>,
  before?: Before,
  mayBeWritten = false,
): boolean => {
  if (!Number.isNaN(known.initial)) return isLinearizable(history, rows, known, model, before);
  const isWritten = (row: number): boolean => !mayBeWritten && history.f[row] !== 0 && history.status[row] !== fail;
  const written = new Set([...rows].flatMap((row) => (isWritten(row) ? [history.value[row]!] : [])));
  const candidates = new Set([...history.value, known.final, -0.5, ...history.operand]);
  return [...candidates].some(
    (initial) =>
      !written.has(initial) &&
      !Number.isNaN(initial) &&
      isLinearizable(history, rows, { ...known, initial }, model, before),
  );
};

/** Whether no value was written by two rows that may have happened, or by one and at the beginning. */
export const hasUniqueValues = ({ f, status, value }: History, { initial }: Known): boolean => {
  const written = [...f.keys()].filter((row) => f[row] !== 0 && status[row] !== fail).map((row) => value[row]!);
  return new Set([initial, ...written]).size === written.length + 1;
};

/** Counts of a comparison with the oracle. */
export interface Compared {
  cases: number;
  legal: number;
  found: Map<string, number>;
}

/** Throws, with all that is needed to see it again. */
const complain = (what: string, seed: number, one: Case, found: readonly Contradiction[]): never => {
  throw new Error(
    `${what}; seed ${seed}\n${JSON.stringify(one, (_, value: unknown) => (typeof value === 'number' && !Number.isFinite(value) ? String(value) : value), 1)}\n${JSON.stringify(found, null, 1)}`,
  );
};

/** Holds an engine against the oracle over `count` cases; `isExact` says where both must agree, elsewhere the engine may find less. */
export const compare = <S>(
  engine: Engine,
  model: Model<S>,
  count: number,
  make: (roll: Roll) => Case,
  isExact: (history: History, known: Known) => boolean,
  check: (history: History, one: Case, found: readonly Contradiction[], seed: number) => void = () => undefined,
  before?: Before,
): Compared => {
  const compared: Compared = { cases: 0, legal: 0, found: new Map() };
  for (let seed = 0; seed < count; seed++) {
    const one = make(dice(seed));
    const history = historyOf(one.rows);
    const rows = allRows(history);
    const found = engine(history, rows, one.known);
    const isLegal = oracleSays(history, rows, one.known, model, before);
    if (isLegal && found.length > 0) complain('the engine found what is not there', seed, one, found);
    if (!isLegal && found.length === 0 && isExact(history, one.known))
      complain('the engine found nothing', seed, one, found);
    check(history, one, found, seed);
    compared.cases++;
    if (isLegal) compared.legal++;
    for (const { rule } of found) compared.found.set(rule, (compared.found.get(rule) ?? 0) + 1);
  }
  return compared;
};

/** With the rows those that wrote what they saw, and so on back. */
const withWriters = (history: History, rows: readonly number[]): Uint32Array => {
  const all = new Set(rows);
  for (const row of all)
    for (const seen of [history.f[row] === 0 ? history.value[row] : NaN, history.operand[row]])
      for (let other = 0; other < history.length; other++)
        if (history.f[other] !== 0 && history.value[other] === seen) all.add(other);
  return Uint32Array.from(all);
};

/**
 * An independent look at certificates: their rows, with who wrote what they saw, cannot be right; and, but for rules that
 * rest on what nobody wrote or on the last read, the rows cannot be right by themselves, whatever the initial value was.
 */
const checkCertificates =
  <S>(model: Model<S>, before?: Before) =>
  (history: History, one: Case, found: readonly Contradiction[], seed: number): void => {
    for (const { rule, operations, because, atLeast, atMost } of found) {
      const usesLastRead = because.some((text) => text.includes('the last read'));
      const known = usesLastRead ? one.known : { ...one.known, final: NaN };
      const isByItself = !usesLastRead && !['phantom-read', 'aborted-read'].includes(rule);
      if (
        because.some((text) => /undefined|NaN|null/u.test(text)) ||
        atLeast < 1 ||
        (atMost !== null && atMost < atLeast) ||
        (operations.length > 0 && oracleSays(history, withWriters(history, operations), known, model, before)) ||
        (isByItself && oracleSays(history, Uint32Array.from(operations), { initial: NaN, final: NaN }, model, before))
      )
        complain(`the certificate of '${rule}' proves nothing`, seed, one, found);
    }
  };

/** Both looks: the independent one of the tests, and that which every certificate must pass before it is shown. */
export const confirmed =
  <S>(subject: Subject, model: Model<S>, before?: Before) =>
  (history: History, one: Case, found: readonly Contradiction[], seed: number): void => {
    checkCertificates(model, before)(history, one, found, seed);
    const rejected = found.filter((finding) => !checkCertificate(history, one.known, subject, finding));
    // Where nobody knows what was there at first, more may be needed to prove it: test/judge/consistency/trials/.
    if (Number.isNaN(one.known.initial)) return;
    // That the last value is wrong too may take more to prove than its certificate shows: then it is not shown. And what is
    // right if somebody wrote what was there before, too, is not shown either.
    const isRightThen = (): boolean => oracleSays(history, allRows(history), one.known, model, before, true);
    if (rejected.some(({ rule }) => rule !== 'lost-write') && !isRightThen())
      complain('a certificate was not confirmed', seed, one, rejected);
  };

/** The same, but no answer told a version. */
export const withoutVersions = ({ rows, known }: Case): Case => ({
  rows: rows.map((row) => ({ ...row, version: NaN })),
  known,
});
