import type { ConsistencyVerdict } from '../../core/finding.ts';
import { ContendError } from '../../core/errors.ts';
import { fail, type History, info, ok, operations } from '../../core/history.ts';
import { checkCertificate } from './check-certificate.ts';
import type { Choice, Judge } from './choice.ts';
import { choiceOf } from './dispatch.ts';
import { customMachine } from './engines/custom.ts';
import type { Contradiction, Known } from './engines/engine.ts';
import { gather } from './engines/gathered.ts';
import type { Machine } from './engines/machine.ts';
import { sessions } from './engines/sessions.ts';
import { indexes } from './engines/sorted.ts';
import type { VerifyOptions } from './history-verdict.ts';
import { type KeyAnswer, searchKeys, type SearchedKey } from './search-keys.ts';

/** The operations on one key. */
export interface Part {
  readonly key: string;
  /** What a model judges. */
  readonly rows: Uint32Array;
}

/** What a key's operations are, in numbers. */
export interface KeyCounts {
  readonly operations: number;
  readonly acknowledged: number;
  readonly unknown: number;
  readonly reads: number;
}

/** A key, judged. */
export interface KeyResult {
  readonly key: string;
  readonly counts: KeyCounts;
  readonly verdict: ConsistencyVerdict;
  readonly because?: string;
  readonly findings: readonly Contradiction[];
}

type Answer = Pick<KeyResult, 'verdict' | 'because' | 'findings'>;

/** Of each part, in their order, what engines say; then, where that is not enough, what a search says. */
export const judgeKeys = (history: History, parts: readonly Part[], options: VerifyOptions): readonly KeyResult[] => {
  const open: SearchedKey[] = [];
  const answers = parts.map(({ key, rows }, at): Answer => {
    const own = (): History => gather(history, rows);
    const search = (one: Omit<SearchedKey, 'key' | 'length'>): void =>
      void open.push({ key: at, length: rows.length, ...one });
    return judgeKey(own, key, options, search);
  });
  const found = searchKeys(open, options);
  return parts.map(({ key, rows }, at) => {
    const counts = countsOf(history, rows);
    const answer = found.get(at);
    const { findings, ...said } = answer === undefined ? answers[at]! : searchedAnswer(answer, answers[at]!);
    return {
      key,
      counts,
      ...said,
      findings: findings.map((one) => ({ ...one, operations: one.operations.map((row) => rows[row]!) })),
    };
  });
};

const judgeKey = (
  historyOf: () => History,
  key: string,
  options: VerifyOptions,
  search: (one: Omit<SearchedKey, 'key' | 'length'>) => void,
): Answer => {
  const { model, custom, mostBytes, isOneClock = true } = options;
  if (model === 'custom') {
    if (!isOneClock) return unknown('the order of operations is not known without one clock');
    if (custom === undefined)
      throw new ContendError('ERR_USAGE', 'The model custom has no module.', 'Name it with --module.');
    const machine = (history: History): Machine => customMachine(history, custom, key, mostBytes);
    search({ history: historyOf, final: NaN, machine, isRegister: false });
    return unknown('not searched');
  }
  const history = historyOf();
  if (history.length === 0) return unknown('there is no operation');
  const known = options.known(key);
  const choice = choiceOf(model, history, indexes(history.length), known, { ...options, of: options.known });
  if (choice.impossible !== undefined) return unknown(choice.impossible);
  const answer = judgeBy(history, known, isOneClock ? choice : withoutClock(choice));
  const { search: wanted } = choice;
  if (answer.verdict !== 'no-violation-found' || wanted === undefined || !isOneClock) return answer;
  search({
    history: () => wanted.history ?? historyOf(),
    final: known.final,
    machine: (own) => wanted.machine(own, known),
    isRegister: wanted.isRegister,
  });
  return wanted.isAll ? unknown(answer.because ?? '') : answer;
};

const unknown = (because: string): Answer => ({ verdict: 'unknown', because, findings: [] });

const judgeBy = (history: History, known: Known, { judges, inexact }: Choice): Answer => {
  const rows = indexes(history.length);
  for (const { engine, subject, history: shown = history } of judges) {
    const all = engine(shown, rows, known);
    const findings = all.filter((finding) => checkCertificate(shown, known, subject, finding));
    if (findings.length > 0) return { verdict: 'violated', findings };
    if (all.length > 0) return unknown(`a contradiction was found (${all[0]!.rule}) that could not be confirmed`);
  }
  return inexact === undefined
    ? { verdict: 'consistent', findings: [] }
    : { verdict: 'no-violation-found', because: inexact, findings: [] };
};

/** What holds whatever the times are, but the order within each session. */
const withoutClock = ({ judges }: Choice): Choice => {
  const isRegister = ({ subject }: Judge): boolean => subject.is === 'values' || subject.is === 'versions';
  return {
    judges: [...judges, ...judges.filter(isRegister).map((judge) => ({ ...judge, engine: sessions }))].map((judge) => ({
      ...judge,
      engine: (...of) => judge.engine(...of).filter(({ evidence }) => evidence !== 'same-host'),
    })),
    inexact: 'without one clock only sums, values and the order within each session were judged',
  };
};

const searchedAnswer = (answer: KeyAnswer, before: Answer): Answer => {
  if (answer.is === 'violated') return { verdict: 'violated', findings: [answer.finding] };
  if (answer.is === 'consistent') return { verdict: 'consistent', findings: [] };
  if (before.verdict === 'unknown') return unknown(answer.because);
  return { ...before, because: `${before.because}; ${answer.because}` };
};

const readOf = operations.indexOf('read');

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
