import { parseJson } from '../../core/exact/parse.ts';
import { writeJson } from '../../core/exact/write.ts';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseDuration } from '../../core/duration.ts';
import { ContendError, messageOf } from '../../core/errors.ts';
import type { Promises } from '../../core/history/promises.ts';
import { invariantName } from '../../core/plan/plan.ts';
import type { ConsistencyVerdict } from '../../core/result/finding.ts';
import type { Host } from '../../core/host.ts';
import { verified } from '../../report/terminal/verified.ts';
import { many } from '../../report/format.ts';
import { didYouMean } from '../../scenario/text/suggest.ts';
import {
  type CustomModel,
  type HistoryFile,
  HistoryFileError,
  type ModelName,
  modelSyntax,
  readHistory,
  type ReadHistory,
  verifyHistory,
} from '../../verify.ts';
import { forLog } from '../write/ci.ts';
import { styleOf } from '../style.ts';
import { exitCodes } from '../exit-codes.ts';
import { refusalOf } from '../refusal.ts';

/** The flags of `verify`, as commander gives them. */
export interface VerifyFlags {
  readonly model?: string;
  readonly module?: string;
  readonly initial?: string;
  readonly partition?: string;
  readonly ordered?: boolean;
  readonly dense?: boolean;
  readonly lease?: string;
  readonly limit?: string;
  readonly per?: string;
  readonly window?: string;
  readonly burst?: string;
  readonly by?: string;
  readonly promise?: string;
  readonly refusals?: string;
  readonly clock: boolean;
  readonly budget: string;
  readonly json?: boolean;
  readonly color: boolean;
}

const exitCodesBy: { readonly [verdict in ConsistencyVerdict]: number } = {
  'violated': exitCodes.violated,
  'unknown': exitCodes.undecided,
  'not-exercised': exitCodes.undecided,
  'no-violation-found': exitCodes.pass,
  'consistent': exitCodes.pass,
};

/**
 * `contend verify`: checks a recorded history against a model.
 *
 * @returns 0 if nothing is wrong, 98 if something is, 97 if nothing can be said, 2 if the file is not a history
 * @throws {ContendError} ERR_USAGE if a flag, the file or the module cannot be read
 */
export const verify = async (host: Host, file: string, flags: VerifyFlags): Promise<number> => {
  const asked = flags.model === undefined ? undefined : modelOf(flags.model);
  if (asked !== undefined) refuseOthers(asked, flags);
  const budgetUs = timeOf('--budget', flags.budget);
  const promises = promisesOf(flags);
  const { partition } = flags;
  const read = await readFrom(host, file, {
    ...(asked !== undefined && { model: asked }),
    ...(partition !== undefined && { partition }),
    suggest: didYouMean,
  });
  const { model } = read;
  refuseOthers(model, flags);
  const custom = await customOf(model, flags.module);
  if (read.problemCount > 0) {
    host.stderr.write(problemsOf(file, read));
    return exitCodes.usage;
  }
  const result = verifyHistory(read, {
    ...(custom !== undefined && { custom }),
    ...promises,
    initial: initialOf(model, flags.initial),
    isOneClock: flags.clock,
    clock: host.clock,
    budgetUs,
  });
  const style = styleOf(host, flags);
  host.stdout.write(flags.json === true ? `${writeJson(result, 2)}\n` : forLog(host, verified(result, file, style)));
  return exitCodesBy[result.verdict];
};

const modelOf = (word: string): ModelName => {
  if (Object.hasOwn(modelSyntax, word)) return word as ModelName;
  const known = Object.keys(modelSyntax);
  const hint = didYouMean(word, known) ?? `One of ${known.join(', ')}.`;
  throw new ContendError('ERR_USAGE', `--model ${JSON.stringify(word)} is not a model.`, hint);
};

/** Flags that only one model understands. */
const flagsOf = {
  module: 'custom',
  lease: 'mutex',
  ordered: 'issue',
  dense: 'issue',
  limit: 'at-most',
  per: 'at-most',
  window: 'at-most',
  burst: 'at-most',
  by: 'once',
  promise: 'register',
  refusals: 'cas-register',
} as const;

const refuseOthers = (model: ReadHistory['model'], flags: VerifyFlags): void => {
  for (const [flag, only] of Object.entries(flagsOf)) {
    if (model !== only && flags[flag as keyof typeof flagsOf] !== undefined)
      throw new ContendError('ERR_USAGE', `--${flag} is for --model ${only}, not for ${model}.`, 'Leave it out.');
  }
};

/** The promises of the model that the flags set. */
const promisesOf = ({
  lease,
  ordered,
  dense,
  limit,
  per,
  window,
  burst,
  by,
  promise,
  refusals,
}: VerifyFlags): Promises => ({
  ...(lease !== undefined && { leaseNs: timeOf('--lease', lease) * 1000 }),
  ...(ordered === true && { isOrdered: true }),
  ...(dense === true && { isDense: true }),
  ...(limit !== undefined && { limit: countOf('--limit', limit) }),
  ...(per !== undefined && { perNs: timeOf('--per', per) * 1000 }),
  ...(window !== undefined && { isSliding: wordOf('--window', window, ['fixed', 'sliding']) === 'sliding' }),
  ...(burst !== undefined && { burst: countOf('--burst', burst) }),
  ...(by !== undefined && { effectBy: changeOf('--by', by) }),
  ...(promise !== undefined && {
    isOfSessions: wordOf('--promise', promise, ['linearizable', 'session']) === 'session',
  }),
  ...(refusals !== undefined && {
    areRefusalsJustified: wordOf('--refusals', refusals, ['justified', 'any']) === 'justified',
  }),
});

const countOf = (flag: string, text: string): number => {
  const count = /^\d+$/u.test(text) ? Number(text) : NaN;
  if (Number.isSafeInteger(count)) return count;
  throw new ContendError('ERR_USAGE', `${flag} ${JSON.stringify(text)} is not a whole number from 0 up.`, 'Write 50.');
};

const changeOf = (flag: string, text: string): number => {
  const change = /^-?\d+$/u.test(text) ? Number(text) : NaN;
  if (Number.isSafeInteger(change) && change !== 0) return change;
  throw new ContendError('ERR_USAGE', `${flag} ${JSON.stringify(text)} is not a change.`, 'Write 1, or -100.');
};

const wordOf = (flag: string, text: string, words: readonly string[]): string => {
  if (words.includes(text)) return text;
  const hint = didYouMean(text, words) ?? `Write ${words.join(' or ')}.`;
  throw new ContendError('ERR_USAGE', `${flag} ${JSON.stringify(text)} is neither ${words.join(' nor ')}.`, hint);
};

const timeOf = (flag: string, text: string): number => {
  const us = parseDuration(text);
  if (us !== undefined) return us;
  throw new ContendError('ERR_USAGE', `${flag} ${JSON.stringify(text)} is not a duration.`, 'Write 500ms, 30s or 5m.');
};

/**
 * The initial value for the model: a number for counts, the elements or the length of a log, any JSON for the others. A word that
 * is not JSON is a string, as a shell passes it.
 */
const initialOf = (model: ReadHistory['model'], text: string | undefined): unknown => {
  if (text === undefined) return undefined;
  if (model === invariantName)
    throw new ContendError(
      'ERR_USAGE',
      '--initial is for models, not for the answers to an invariant.',
      'Leave it out.',
    );
  let value: unknown;
  try {
    value = parseJson(text);
  } catch {
    value = /^[\s{["\d-]/u.test(text) ? undefined : text;
  }
  const wrong = `--initial ${JSON.stringify(text)} is no`;
  if (value === undefined) throw new ContendError('ERR_USAGE', `${wrong} JSON.`, 'Write 41, null, \'"text"\' or text.');
  if (model === 'append-log') {
    const length = Array.isArray(value) ? value.length : value;
    if (Number.isSafeInteger(length) && (length as number) >= 0) return value;
    throw new ContendError('ERR_USAGE', `${wrong} log.`, 'Write the list of its elements, or how many there were.');
  }
  if (model === 'queue' || model === 'set') {
    if (Array.isArray(value)) return value;
    throw new ContendError('ERR_USAGE', `${wrong} list.`, `Write all elements that are there at first: '["a","b"]'.`);
  }
  if ((modelSyntax[model].isOfNumbers || model === 'transfer') && !Number.isSafeInteger(value))
    throw new ContendError(
      'ERR_USAGE',
      `${wrong} whole number, which ${model} begins with.`,
      'Count in the smallest unit.',
    );
  return value;
};

const readFrom = async (host: Host, file: string, options: Parameters<typeof readHistory>[1]): Promise<ReadHistory> => {
  try {
    return await readHistory(host.readBytes(file), options);
  } catch (error) {
    if (error instanceof ContendError) throw error;
    if (error instanceof HistoryFileError)
      throw new ContendError(
        'ERR_USAGE',
        `${file}: ${error.message}.`,
        'A run with --history writes a complete one.',
        error,
      );
    throw new ContendError(
      'ERR_USAGE',
      `${file} cannot be read: ${refusalOf(error)}.`,
      'A history is one JSON operation a line.',
      error,
    );
  }
};

const problemsOf = (file: string, { problems, problemCount }: HistoryFile): string => {
  const lines = problems.map(({ line, column, message, beside, hint }) => {
    const place = `${file}:${line}${column === undefined ? '' : `:${column}`}`;
    return `${place} ${message}${beside === undefined ? '' : ` ${file}:${beside}`}\n${hint === undefined ? '' : `  ${hint}\n`}`;
  });
  const more = problemCount - problems.length;
  return `${lines.join('')}${more === 0 ? '' : `and ${many(more, 'more problem')}\n`}`;
};

const customOf = async (model: ReadHistory['model'], module: string | undefined): Promise<CustomModel | undefined> => {
  if (model !== 'custom') return undefined;
  const hint = 'An ES module with init and step(state, operation), and optionally equal(a, b) and hash(state).';
  if (module === undefined) throw new ContendError('ERR_USAGE', '--model custom needs a --module.', hint);
  let loaded: Partial<CustomModel> & { readonly default?: Partial<CustomModel> };
  try {
    loaded = (await import(pathToFileURL(resolve(module)).href)) as typeof loaded;
  } catch (error) {
    throw new ContendError('ERR_USAGE', `${module} cannot be loaded: ${messageOf(error)}`, hint, error);
  }
  const custom = loaded.step === undefined ? loaded.default : loaded;
  if (typeof custom?.step === 'function' && 'init' in custom) return custom as CustomModel;
  throw new ContendError('ERR_USAGE', `${module} does not export init and step.`, hint);
};
