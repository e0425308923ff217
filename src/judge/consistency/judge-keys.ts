import type { ConsistencyVerdict } from '../../core/result/finding.ts';
import { ContendError } from '../../core/errors.ts';
import { columnsOf } from '../../core/history/columns.ts';
import { fail, type History, info, ok, operations } from '../../core/history/history.ts';
import { checkCertificate } from './check-certificate.ts';
import type { Choice, Judge } from './choice.ts';
import { choiceOf } from './dispatch.ts';
import { customMachine } from './engines/search/custom.ts';
import type { Contradiction, Known } from './engines/engine.ts';
import { gather } from './engines/columns/gathered.ts';
import type { Machine } from './engines/search/machine.ts';
import { sessionsByValues, sessionsByVersions } from './engines/register/sessions.ts';
import { during, forget, picked, reserve } from './engines/columns/scratch.ts';
import { indexes } from './engines/columns/sorted.ts';
import { overlapsOf, pairsOf } from './exposure.ts';
import { sumOfThings } from './engines/holds/things.ts';
import { waitsOf } from './engines/holds/waits.ts';
import type { VerifyOptions } from './history-verdict.ts';
import { type KeyAnswer, searchKeys, type SearchedKey } from './engines/search/keys.ts';
import { otherKind } from './values/kinds.ts';
import { whateverWasFirst } from './values/unknown-initial.ts';

/** The operations on one key. */
export interface Part {
  readonly key: string;
  /** The rows that a model judges. */
  readonly rows: Uint32Array;
  /** Passes through critical sections; `undefined` if no key has any. */
  readonly sections: Uint32Array | undefined;
}

/** Counts of a key's operations. */
export interface KeyCounts {
  readonly operations: number;
  readonly acknowledged: number;
  readonly unknown: number;
  readonly reads: number;
}

/** A key that has been judged. */
export interface KeyResult {
  readonly key: string;
  readonly counts: KeyCounts;
  /** Overlapping pairs that would have gone wrong visibly: of operations, or of sections, or as the choice says. */
  readonly overlaps: number;
  /** Overlapping pairs, if timing hid all or nearly all mistakes. */
  readonly hidden?: number;
  /** Why nothing could have gone wrong, whatever overlapped. */
  readonly idle?: string;
  readonly verdict: ConsistencyVerdict;
  readonly because?: string;
  readonly findings: readonly Contradiction[];
}

type Answer = Pick<KeyResult, 'verdict' | 'because' | 'findings'>;

/** What would show a mistake; absent if every overlap would. */
type SeenBy = Pick<Choice, 'exposed' | 'shown' | 'idle'>;

/** What engines say of each part, in order; if that is not enough, what a search says. */
export const judgeKeys = (history: History, parts: readonly Part[], options: VerifyOptions): readonly KeyResult[] => {
  const open: SearchedKey[] = [];
  const limits = new Map<number, string>();
  reserve(scratchBytesPerRow * parts.reduce((most, { rows }) => Math.max(most, rows.length), 0));
  const judged = parts.map(({ key, rows, sections }, at) =>
    during(() => {
      const own = gather(history, rows);
      const places = rows.length === history.length ? rows : indexes(rows.length);
      const search = ({ limit, ...one }: Search): void => {
        if (limit !== undefined) limits.set(at, limit);
        open.push({ key: at, length: rows.length, history: () => gather(history, rows), ...one });
      };
      const done = own.f.includes(elementOf) ? picked(places, (row) => own.f[row] !== elementOf) : places;
      const { answer, ...seen } = judgeKey(own, places, key, options, search);
      return { counts: countsOf(own, done), exposure: exposureOf(history, own, done, sections, seen), answer };
    }),
  );
  // A search has a budget of its own.
  forget();
  const found = searchKeys(open, options);
  return parts.map(({ key, rows }, at) => {
    const { counts, exposure, answer } = judged[at]!;
    const searched = found.get(at);
    const { findings, ...said } =
      searched === undefined ? answer : limited(searchedAnswer(searched, answer), limits.get(at));
    return {
      key,
      counts,
      ...exposure,
      ...said,
      findings: findings.map((one) => ({ ...one, operations: one.operations.map((row) => rows[row]!) })),
    };
  });
};

const exposureOf = (
  history: History,
  own: History,
  done: Uint32Array,
  sections: Uint32Array | undefined,
  { exposed, shown, idle }: SeenBy,
): Pick<KeyResult, 'overlaps' | 'hidden' | 'idle'> => {
  if (idle !== undefined) return { overlaps: 0, idle };
  if (shown !== undefined) {
    // A section that waited for a lock of contend's would have been one of a pair.
    const isLocked = shown.pairs === 0 && sections?.some((row) => history.operand[row]! > 0) === true;
    const overlaps = isLocked ? pairsOf(history, sections) : shown.pairs;
    return { overlaps, ...(overlaps === 0 && { idle: shown.none }) };
  }
  if (exposed === undefined)
    return { overlaps: sections === undefined ? overlapsOf(own, done) : pairsOf(history, sections) };
  const overlaps = during(() => exposed.pairs(waitsOf(own, done, history, sections ?? new Uint32Array())));
  if (overlaps > fewest) return { overlaps };
  if (sections !== undefined) return { overlaps, hidden: pairsOf(history, sections) };
  // For holds, a refusal says as much as a grant.
  const answered = picked(done, (row) => own.ret[row]! < Infinity);
  const hidden = exposed.areApart ? sumOfThings(own, answered, (rows) => pairsOf(own, rows)) : pairsOf(own, answered);
  return { overlaps, hidden };
};

/** This many pairs rule nothing out: see {@link ruleOfThree}. */
const fewest = 3;

/** Roughly what engines need at most in addition to a history. */
const scratchBytesPerRow = 128;

/** What to search for a key; with a history if it is not the key's own. */
interface Search extends Omit<SearchedKey, 'key' | 'length' | 'history'>, Partial<Pick<SearchedKey, 'history'>> {
  readonly limit?: string;
}

const judgeKey = (
  history: History,
  rows: Uint32Array,
  key: string,
  options: VerifyOptions,
  search: (one: Search) => void,
): { readonly answer: Answer } & SeenBy => {
  const { model, custom, mostBytes, isOneClock = true } = options;
  if (model === 'custom') {
    if (!isOneClock) return { answer: unknown('the order of operations is not known without one clock') };
    if (custom === undefined)
      throw new ContendError('ERR_USAGE', 'The model custom has no module.', 'Name it with --module.');
    const machine = (own: History): Machine => customMachine(own, custom, key, mostBytes);
    search({ final: NaN, machine, isRegister: false });
    return { answer: unknown('not searched') };
  }
  if (history.length === 0) return { answer: unknown('there is no operation') };
  const known = options.known(key);
  const choice = choiceOf(model, history, rows, known, { ...options, of: options.known });
  if (choice.impossible !== undefined) {
    const other = otherKind(history, known);
    return { answer: unknown(other === undefined ? choice.impossible : `${choice.impossible}; ${other}`) };
  }
  const { search: wanted, exposed, shown: pairs, idle, limit } = choice;
  const answer = limited(judgeBy(history, rows, known, isOneClock ? choice : withoutClock(choice)), limit);
  const seen = {
    ...(exposed !== undefined && { exposed }),
    ...(pairs !== undefined && { shown: pairs }),
    ...(idle !== undefined && { idle }),
  };
  if (answer.verdict !== 'no-violation-found' || wanted === undefined || !isOneClock) return { answer, ...seen };
  const shown = wanted.history === undefined ? undefined : kept(wanted.history);
  search({
    ...(shown !== undefined && { history: () => shown }),
    final: known.final,
    machine: (own) => wanted.machine(own, known),
    isRegister: wanted.isRegister,
    ...(limit !== undefined && { limit }),
  });
  return { answer: wanted.isAll ? unknown(answer.because ?? '') : answer, ...seen };
};

/** The most an answer may say if finding nothing proves nothing. */
const limited = (answer: Answer, limit: string | undefined): Answer =>
  answer.verdict === 'consistent' && limit !== undefined
    ? { verdict: 'no-violation-found', because: limit, findings: [] }
    : answer;

const unknown = (because: string): Answer => ({ verdict: 'unknown', because, findings: [] });

/** A copy in memory of its own: the search begins after the key's scratch memory has been given back. */
const kept = ({ length, keys, names, ...columns }: History): History => ({
  length,
  keys,
  names,
  ...columnsOf((name) => columns[name].slice()),
});

const judgeBy = (history: History, rows: Uint32Array, known: Known, choice: Choice): Answer => {
  const { judges, doubt } = choice;
  let { inexact } = choice;
  for (const judge of judges) {
    const { engine, subject, history: shown = history } = judge;
    const all = during(() => engine(shown, rows, known));
    if (all.length === 0) continue;
    let findings: readonly Contradiction[] = all.filter((one) => checkCertificate(shown, known, subject, one));
    const isOpen = Number.isNaN(known.initial) && isOfRegister(judge);
    if (findings.length === 0 && isOpen) findings = whateverWasFirst(judge, history, rows, known, all[0]!);
    if (findings.length > 0)
      return { verdict: 'violated', findings: findings.map((one) => inBothKinds(history, known, one)) };
    if (!isOpen) return unknown(`a contradiction was found (${all[0]!.rule}) that could not be confirmed`);
    inexact ??= 'what looks wrong may be right, depending on the initial value, which is not known';
  }
  if (doubt !== undefined) return unknown(doubt);
  return inexact === undefined
    ? { verdict: 'consistent', findings: [] }
    : { verdict: 'no-violation-found', because: inexact, findings: [] };
};

/** Adds a note if a value of the certificate also occurs as another kind. */
const inBothKinds = (history: History, known: Known, finding: Contradiction): Contradiction => {
  const other = otherKind(history, known, finding.operations);
  return other === undefined ? finding : { ...finding, because: [...finding.because, `${other}.`] };
};

const isOfRegister = ({ subject }: Judge): boolean => subject.is === 'values' || subject.is === 'versions';

const ofSessions = (judge: Judge): Judge => ({
  ...judge,
  engine: judge.subject.is === 'versions' ? sessionsByVersions : sessionsByValues,
});

/** What holds whatever the times, using only the order within each session. */
const withoutClock = ({ judges, doubt }: Choice): Choice => ({
  judges: [...judges, ...judges.filter(isOfRegister).map(ofSessions)].map((judge) => ({
    ...judge,
    engine: (...of) => judge.engine(...of).filter(({ evidence }) => evidence !== 'same-host'),
  })),
  ...(doubt !== undefined && { doubt }),
  inexact: 'without one clock only sums, values and the order within each session were judged',
});

const searchedAnswer = (answer: KeyAnswer, before: Answer): Answer => {
  if (answer.is === 'violated') return { verdict: 'violated', findings: [answer.finding] };
  if (answer.is === 'consistent') return { verdict: 'consistent', findings: [] };
  if (before.verdict === 'unknown') return unknown(answer.because);
  return { ...before, because: `${before.because}; ${answer.because}` };
};

const [readOf, elementOf] = [operations.indexOf('read'), operations.indexOf('element')];

const countsOf = ({ f, status }: History, rows: Uint32Array): KeyCounts => {
  let [acknowledged, unknown, reads] = [0, 0, 0];
  for (const row of rows) {
    if (status[row] === fail) continue;
    if (f[row] === readOf) reads += status[row] === ok ? 1 : 0;
    else if (status[row] === info) unknown++;
    else acknowledged++;
  }
  return { operations: rows.length, acknowledged, unknown, reads };
};
