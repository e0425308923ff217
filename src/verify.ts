import type { Clock } from './core/clock.ts';
import type { VerifiedHistory } from './core/result/finding.ts';
import { HistoryBuilder } from './core/history/builder.ts';
import { HistoryDecoder } from './core/history/file.ts';
import { absent, type History, nameOf, operations } from './core/history/history.ts';
import type { Json } from './core/json.ts';
import type { ReadTwice } from './core/slot.ts';
import type { Terms } from './judge/consistency/choice.ts';
import type { LogLists } from './judge/consistency/engines/lists/places.ts';
import type { CustomModel } from './judge/consistency/engines/search/custom.ts';
import { type ModelName, modelSyntax } from './judge/consistency/model-names.ts';
import { type HistoryFile, type HistoryOptions, HistoryReader } from './judge/consistency/ndjson.ts';
import { plainFinding } from './judge/consistency/plain-finding.ts';
import { ValueNumbers } from './judge/consistency/value-numbers.ts';
import { verify } from './judge/consistency/verify.ts';

export type { CustomModel, HistoryFile, ModelName };
export { HistoryFileError } from './core/history/file.ts';
export { modelSyntax } from './judge/consistency/model-names.ts';

/** With what the first line of a file of columns begins, and no operation does. */
const columnsBegin = '{"contendHistory"';

/**
 * A history from the bytes of a file: lines of JSON, or the columns that a run keeps. Holds what is not read yet, and the
 * rows; never the text.
 *
 * @throws {HistoryFileError} where columns cannot be read; what is wrong with lines is among the problems
 */
export const readHistory = async (parts: AsyncIterable<Uint8Array>, options: HistoryOptions): Promise<HistoryFile> => {
  const decoder = new TextDecoder();
  const lines = new HistoryReader(options);
  const columns = new HistoryDecoder();
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
      else lines.push(begin);
    } else lines.push(text);
  }
  if (isColumns === true) return withProblems(columns.history(), options.model);
  lines.push((isColumns === undefined ? begin : '') + decoder.decode());
  return lines.end();
};

/** What the model does not know, by row, where a line would say it. */
const withProblems = (history: History, model: ModelName): HistoryFile => {
  const known = [
    ...modelSyntax[model].f,
    'section',
    ...(model === 'append-log' ? ['element'] : []),
  ] as readonly string[];
  const strange = history.f.findIndex((f) => !known.includes(operations[f]!));
  const message = `operation ${strange + 1} is ${operations[history.f[strange] ?? 0]}, which model ${model} does not have`;
  const hint = `it has ${modelSyntax[model].f.join(', ')}`;
  const problems = strange < 0 ? [] : [{ line: 1, message, hint }];
  return { history, problems, problemCount: problems.length, sessionName: (session) => session };
};

/** How a history is held against a model. */
export interface VerifyHistory extends Omit<Terms, 'lists'> {
  readonly model: ModelName;
  readonly custom?: CustomModel;
  /** The value of every key before the first operation, as JSON has it, of a log the list or its length; `undefined`: nobody knows. */
  readonly initial: unknown;
  readonly isOneClock: boolean;
  readonly clock: Clock;
  readonly budgetUs: number;
}

/** For what a search of one key remembers. */
const mostBytes = 2 ** 28;

/**
 * Holds a history against a model.
 *
 * @throws {ContendError} ERR_USAGE where a custom model throws
 */
export const verifyHistory = ({ history, sessionName }: HistoryFile, options: VerifyHistory): VerifiedHistory => {
  const isLog = options.model === 'append-log';
  const [named, initial, lists] = isLog
    ? withList(history, options.initial as Json | undefined)
    : [...withValue(history, options.initial), undefined];
  const keys = new Set(history.keys);
  const { findings, ...verdict } = verify(named, {
    ...options,
    mostBytes,
    ...(lists !== undefined && { lists: () => lists }),
    // Accounts of transfers are no keys: of them nothing is known.
    known: (key) => ({ initial: keys.has(key) || key === 'all' ? initial : absent, final: absent }),
  });
  return { ...verdict, findings: findings.map((finding) => plainFinding(named, finding, finding.key, sessionName)) };
};

/** The length of a list, and the list itself where it is one, in a history that has names for all its elements. */
const withList = (history: History, value: Json | undefined): readonly [History, number, LogLists] => {
  const numbers = new ValueNumbers(history);
  const both: ReadTwice = [value, undefined];
  return [{ ...history, names: numbers.names }, numbers.known(both).initial, numbers.lists(both)];
};

/** The number that stands for a value in a history, which gets its name if it has none. */
const withValue = (history: History, value: unknown): readonly [History, number] => {
  const alone = new HistoryBuilder();
  const number = alone.value(value);
  if (nameOf(number) < 0) return [history, number];
  const [name] = alone.history().names;
  const place = history.names.indexOf(name!);
  const names = place < 0 ? [...history.names, name!] : history.names;
  return [{ ...history, names }, number - (place < 0 ? history.names.length : place)];
};
