import type { Clock } from './core/clock.ts';
import { ContendError } from './core/errors.ts';
import type { VerifiedHistory } from './core/result/finding.ts';
import type { About } from './core/history/about.ts';
import { HistoryBuilder } from './core/history/builder.ts';
import { HistoryDecoder } from './core/history/file.ts';
import { absent, type History, nameOf, operations } from './core/history/history.ts';
import type { Json } from './core/json.ts';
import { invariantName } from './core/plan/plan.ts';
import type { ReadTwice } from './core/slot.ts';
import type { Terms } from './judge/consistency/choice.ts';
import type { LogLists } from './judge/consistency/engines/lists/places.ts';
import type { CustomModel } from './judge/consistency/engines/search/custom.ts';
import { ruleOfThree } from './judge/consistency/exposure.ts';
import { judgeInvariant } from './judge/consistency/invariant.ts';
import { judgeHistory } from './judge/consistency/judge-history.ts';
import { type ModelName, modelSyntax } from './judge/consistency/model-names.ts';
import { type HistoryFile, type HistoryOptions, HistoryReader } from './judge/consistency/ndjson.ts';
import { plainFinding } from './judge/consistency/plain-finding.ts';
import { ValueNumbers } from './judge/consistency/values/value-numbers.ts';
import { verify } from './judge/consistency/verify.ts';

export type { CustomModel, HistoryFile, ModelName };
export { HistoryFileError } from './core/history/file.ts';
export { modelSyntax } from './judge/consistency/model-names.ts';

/** A history, and the model that it is checked against. */
export interface ReadHistory extends HistoryFile {
  /** For the answers to an invariant a name of their own, which is not a model. */
  readonly model: ModelName | typeof invariantName;
  /** What the history says of itself, if a run has kept it. */
  readonly about?: About;
}

/** How a history file is read. */
export interface ReadOptions extends Omit<HistoryOptions, 'model'> {
  /** Absent to use the one that the file names. */
  readonly model?: ModelName;
}

/** The beginning of a file of columns; no operation begins like this. */
const columnsBegin = '{"contendHistory"';

/**
 * A history from the bytes of a file: lines of JSON, or the columns that a run keeps. Keeps in memory what is not parsed yet, and
 * the rows, but never the text.
 *
 * @throws {HistoryFileError} if columns cannot be read; errors in lines are among the problems
 * @throws {ContendError} ERR_USAGE if neither the options nor the file name a model
 */
export const readHistory = async (parts: AsyncIterable<Uint8Array>, options: ReadOptions): Promise<ReadHistory> => {
  const decoder = new TextDecoder();
  const columns = new HistoryDecoder();
  let lines: HistoryReader | undefined;
  const push = (text: string): void => {
    lines ??= new HistoryReader({ ...options, model: named(options.model) });
    lines.push(text);
  };
  let begin = '';
  let isColumns: boolean | undefined;
  for await (const part of parts) {
    if (isColumns === true) {
      columns.push(part);
      continue;
    }
    const text = decoder.decode(part, { stream: true });
    if (isColumns === undefined) {
      begin += text;
      if (begin.length < columnsBegin.length) continue;
      isColumns = begin.startsWith(columnsBegin);
      if (isColumns) columns.push(begin === text ? part : new TextEncoder().encode(begin));
      else push(begin);
    } else push(text);
  }
  if (isColumns === true) return withProblems(columns.history(), columns.about, options.model);
  push((isColumns === undefined ? begin : '') + decoder.decode());
  return { ...lines!.end(), model: options.model! };
};

const named = (model: ModelName | undefined): ModelName => {
  if (model !== undefined) return model;
  const hint = `--model is one of ${Object.keys(modelSyntax).join(', ')}. Only a file that run --history wrote names its own.`;
  throw new ContendError('ERR_USAGE', 'The history does not say which model to check it against.', hint);
};

/** Adds a problem for the first operation that the model does not have. */
const withProblems = (history: History, about: About | undefined, asked: ModelName | undefined): ReadHistory => {
  const own = about?.model;
  if (about !== undefined && own === invariantName) return answersTo(history, about, asked);
  const model = named(asked ?? (own !== undefined && Object.hasOwn(modelSyntax, own) ? (own as ModelName) : undefined));
  const known = [
    ...modelSyntax[model].f,
    'section',
    ...(model === 'append-log' ? ['element'] : []),
  ] as readonly string[];
  const strange = history.f.findIndex((f) => !known.includes(operations[f]!));
  const message = `operation ${strange + 1} is ${operations[history.f[strange] ?? 0]}, which model ${model} does not have`;
  const hint = `it has ${modelSyntax[model].f.join(', ')}`;
  const problems = strange < 0 ? [] : [{ line: 1, message, hint }];
  return {
    history,
    model,
    ...(about !== undefined && { about }),
    problems,
    problemCount: problems.length,
    sessionName: (session) => session,
  };
};

/** The answers to an invariant, which contain the invariant that they are checked against. */
const answersTo = (history: History, about: About, asked: ModelName | undefined): ReadHistory => {
  if (asked === undefined)
    return { history, model: invariantName, about, problems: [], problemCount: 0, sessionName: (session) => session };
  const message = 'The file has the answers to an invariant, which no model judges.';
  throw new ContendError('ERR_USAGE', message, 'Leave --model out.');
};

/** How a history is checked against its model. Promises are added to those in the history itself. */
export interface VerifyHistory extends Omit<Terms, 'lists'> {
  readonly custom?: CustomModel;
  /**
   * The value of every key before the first operation, as JSON; for a log, the list or its length. `undefined` if it is what the
   * history says, or unknown.
   */
  readonly initial: unknown;
  readonly isOneClock: boolean;
  readonly clock: Clock;
  readonly budgetUs: number;
}

/** The most memory for the search of one key. */
const mostBytes = 2 ** 28;

/**
 * Checks a history against its model.
 *
 * @throws {ContendError} ERR_USAGE if a custom model throws
 */
export const verifyHistory = (file: ReadHistory, options: VerifyHistory): VerifiedHistory => {
  const { history, model, sessionName } = file;
  if (model === invariantName) return verifyAnswers(history, file.about!);
  if (file.about !== undefined) return verifyKept(history, model, file.about, options);
  const isLog = ['append-log', 'queue', 'set'].includes(model);
  const [withNames, initial, lists] = isLog
    ? withList(history, options.initial as Json | undefined)
    : [...withValue(history, options.initial), undefined];
  const keys = new Set(history.keys);
  const { findings, ...verdict } = verify(withNames, {
    ...options,
    model,
    mostBytes,
    ...(lists !== undefined && { lists: () => lists }),
    // Accounts of transfers are not keys: nothing is known about them.
    known: (key) => ({ initial: keys.has(key) || key === 'all' ? initial : absent, final: absent }),
  });
  return {
    ...verdict,
    findings: findings.map((finding) => plainFinding(withNames, finding, finding.key, sessionName)),
  };
};

const verifyAnswers = (history: History, about: About): VerifiedHistory => {
  const { verdict, because, findings, coverage, underWay } = judgeInvariant(history, about);
  return {
    verdict,
    model: invariantName,
    keys: { all: { verdict, ...(because !== undefined && { because }) } },
    findings,
    coverage,
    exposure: { overlapping: underWay, atMostShare: findings.length > 0 ? null : ruleOfThree(underWay) },
  };
};

/** Judges a kept history as the run did, unless the options say otherwise. */
const verifyKept = (history: History, model: ModelName, about: About, options: VerifyHistory): VerifiedHistory => {
  const initial = options.initial as Json | undefined;
  const promises = model === about.model ? about.promises : undefined;
  const { verdict, because, findings, judged } = judgeHistory(history, about, {
    ...promises,
    ...options,
    initial,
    model,
    mostBytes,
  });
  const foreign = findings.filter(({ key }) => !Object.hasOwn(judged.keys, key)).map(({ key }) => key);
  const wrong = Object.fromEntries(foreign.map((key) => [key, { verdict: 'violated' }] as const));
  if (about.incomplete !== undefined) return { ...judged, verdict: 'unknown', because: about.incomplete, findings: [] };
  const isTold = Object.values(judged.keys).some((one) => one.because === because);
  return {
    ...judged,
    verdict,
    ...(because !== undefined && !isTold && { because }),
    keys: { ...judged.keys, ...wrong },
    findings,
    exposure: { ...judged.exposure, ...(findings.length > 0 && { atMostShare: null }) },
  };
};

/** The length of a list, and the list itself if there is one, in a history that has names for all its elements. */
const withList = (history: History, value: Json | undefined): readonly [History, number, LogLists] => {
  const numbers = new ValueNumbers(history);
  const both: ReadTwice = [value, undefined];
  return [{ ...history, names: numbers.names }, numbers.known(both).initial, numbers.lists(both)];
};

/** The number that stands for a value in a history, which gets a name for it if it has none. */
const withValue = (history: History, value: unknown): readonly [History, number] => {
  const alone = new HistoryBuilder();
  const number = alone.value(value);
  if (nameOf(number) < 0) return [history, number];
  const [name] = alone.history().names;
  const place = history.names.indexOf(name!);
  const names = place < 0 ? [...history.names, name!] : history.names;
  return [{ ...history, names }, number - (place < 0 ? history.names.length : place)];
};
