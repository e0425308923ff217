import {
  type HistoryCoverage,
  consistencyVerdicts,
  type ConsistencyVerdict,
  worstFirst,
} from '../../core/result/finding.ts';
import { rowsByKey } from '../../core/history/rows.ts';
import { type History, operations } from '../../core/history/history.ts';
import { picked } from './engines/columns/scratch.ts';
import { indexes } from './engines/columns/sorted.ts';
import { ruleOfThree } from './exposure.ts';
import type { HistoryVerdict, VerifyOptions } from './history-verdict.ts';
import { judgeKeys, type KeyCounts, type KeyResult, type Part } from './judge-keys.ts';
import type { ModelName } from './model-names.ts';
import { withLongNumbersInOrder } from './values/long-numbers.ts';
import { unlessRounded } from './values/rounded.ts';

/**
 * Judges a history: each key on its own, in the cheapest way that is exact for its model.
 *
 * A contradiction counts only after it was checked again from its own operations, by other code than what found it.
 *
 * @throws {ContendError} ERR_USAGE if a custom model throws
 */
export const verify = (given: History, terms: VerifyOptions): HistoryVerdict => {
  const [history, options] = withLongNumbersInOrder(given, terms);
  const parts = partsOf(history, options.model);
  const judged = judgeKeys(history, parts, options).map(unlessRounded(history, parts));
  const isHidden = areHidden(judged);
  const results = judged.map((result) => exercised(result, isHidden));
  const overlapping = results.reduce((sum, { overlaps }) => sum + overlaps, 0);
  const findings = results.flatMap(({ key, findings }) => findings.map((finding) => ({ key, ...finding })));
  // A key without contention says nothing against the others.
  const words: ConsistencyVerdict[] = results
    .map(({ verdict }) => verdict)
    .filter((verdict) => verdict !== 'not-exercised');
  return {
    verdict: consistencyVerdicts.find((one) => words.includes(one)) ?? 'not-exercised',
    model: options.model,
    keys: Object.fromEntries(
      results.map(({ key, verdict, because }) => [key, because === undefined ? { verdict } : { verdict, because }]),
    ),
    findings: worstFirst(findings),
    coverage: coverageOf(results),
    exposure: { overlapping, atMostShare: findings.length > 0 ? null : ruleOfThree(overlapping) },
  };
};

const [sectionOf, elementOf] = [operations.indexOf('section'), operations.indexOf('element')];

/** The rows of each key. Transfers are between keys, so they are judged together. Only a log uses what whole lists showed. */
const partsOf = (history: History, model: ModelName): Part[] => {
  const { f, keys } = history;
  const all = model === 'transfer' ? [indexes(history.length)] : rowsByKey(history).filter(({ length }) => length > 0);
  const hasSections = f.includes(sectionOf);
  const isNone = (row: number): boolean => f[row] === sectionOf || (model !== 'append-log' && f[row] === elementOf);
  const hasOthers = hasSections || (model !== 'append-log' && f.includes(elementOf));
  return all.map((rows) => ({
    key: model === 'transfer' && keys.length !== 1 ? 'all' : (keys[history.key[rows[0] ?? 0] ?? 0] ?? 'all'),
    rows: hasOthers ? picked(rows, (row) => !isNone(row)).slice() : rows,
    sections: hasSections ? picked(rows, (row) => f[row] === sectionOf).slice() : undefined,
  }));
};

const tooShort =
  'holds ended before another acquire could be answered, so that two holders would not have been seen: put "think:" between acquire and release';

/** Whether timing hid a thousand pairs for each that would have gone wrong visibly, and those few rule nothing out. */
const areHidden = (results: readonly KeyResult[]): boolean => {
  const sum = (number: (one: KeyResult) => number): number => results.reduce((total, one) => total + number(one), 0);
  const overlapping = sum(({ overlaps }) => overlaps);
  return ruleOfThree(overlapping) === 1 && sum(({ hidden = 0 }) => hidden) >= 1000 * overlapping;
};

/** If nothing could have gone wrong, finding nothing wrong says nothing. */
const exercised = (result: KeyResult, isHidden: boolean): KeyResult => {
  const { verdict, counts, overlaps, hidden = 0, idle } = result;
  const because =
    counts.acknowledged === 0
      ? 'no change was acknowledged'
      : counts.unknown > counts.acknowledged
        ? `${counts.unknown} changes are of unknown outcome, and only ${counts.acknowledged} are known to have happened`
        : idle !== undefined
          ? idle
          : hidden > 0 && (overlaps === 0 || isHidden)
            ? tooShort
            : overlaps === 0
              ? 'no two operations were under way at once, one of them a change'
              : undefined;
  if (because === undefined || verdict === 'violated' || verdict === 'unknown') return result;
  return { ...result, verdict: 'not-exercised', because };
};

const coverageOf = (results: readonly KeyResult[]): HistoryCoverage => {
  const sum = (name: keyof KeyCounts): number => results.reduce((total, { counts }) => total + counts[name], 0);
  return {
    operations: sum('operations'),
    keys: results.length,
    keysDecided: results.filter(({ verdict }) => verdict !== 'unknown').length,
    acknowledged: sum('acknowledged'),
    unknown: sum('unknown'),
    reads: sum('reads'),
  };
};
