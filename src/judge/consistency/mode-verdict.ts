import { clocksOf, consistencyVerdicts, type ConsistencyVerdict, worstFirst } from '../../core/result/finding.ts';
import { invariantName } from '../../core/plan/plan.ts';
import type { ConsistencyResult, Lost, ModelCheck } from '../../core/result/result.ts';
import type { SlotConsistency } from '../../core/slot.ts';
import { ruleOfThree } from './exposure.ts';
import { askedWords } from './invariant.ts';

/** Findings per mode in a result document: enough for any reader. */
const mostFindings = 100;

/**
 * What was found in one mode: its slots and models put together. The worst verdict decides; a slot in which nothing overlapped does not
 * count against the others.
 *
 * @param slots what each model says of each slot, excluding those that were not judged
 */
export const modeConsistency = (
  models: readonly string[],
  slots: readonly (readonly SlotConsistency[])[],
): { readonly consistency: ConsistencyResult; readonly lost: Lost | null } => {
  const checks = models.map((model) =>
    checkOf(
      model,
      slots.flatMap((slot) => slot.filter((one) => one.model === model)),
    ),
  );
  const all = slots.flat();
  const findings = worstFirst(all.flatMap((one) => one.findings));
  // Answers to an invariant are not pairs: its own count stands next to its verdict.
  const meeting = models.length > 1 ? all.filter(({ model }) => model !== invariantName) : all;
  const overlapping = sum(meeting, ({ coverage }) => coverage.overlapping);
  const findingCount = sum(all, (one) => one.findingCount);
  const clocks = clocksOf(all);
  return {
    lost: lostOf(all),
    consistency: {
      verdict: worstOf(checks.map(({ verdict }) => verdict)),
      model: models.join(', '),
      checks,
      findings: findings.slice(0, mostFindings),
      findingCount,
      ...wrongOf(all),
      coverage: {
        keys: new Set(all.flatMap(({ keys }) => keys)).size,
        operations: sum(all, ({ coverage }) => coverage.operations),
        acknowledged: sum(all, ({ coverage }) => coverage.acknowledged),
        unknown: sum(all, ({ coverage }) => coverage.unknown),
        reads: sum(all, ({ coverage }) => coverage.reads),
      },
      exposure: {
        overlapping,
        atMostShare: findingCount > 0 ? null : ruleOfThree(overlapping),
        ...(clocks === undefined ? {} : { clocks }),
      },
    },
  };
};

const checkOf = (model: string, slots: readonly SlotConsistency[]): ModelCheck => {
  const exercised = slots.filter(({ verdict }) => verdict !== 'not-exercised');
  const verdict = worstOf(exercised.map((one) => one.verdict));
  const reason = (exercised.length === 0 ? slots : exercised).find((one) => one.verdict === verdict)?.because;
  const overlapping = sum(slots, ({ coverage }) => coverage.overlapping);
  const reads = sum(slots, ({ coverage }) => coverage.reads);
  const isWhole = model === invariantName && verdict === 'no-violation-found';
  return {
    model,
    verdict,
    because: isWhole ? askedWords(overlapping, reads) : (reason ?? null),
    findingCount: sum(slots, (one) => one.findingCount),
    overlapping,
  };
};

const worstOf = (verdicts: readonly ConsistencyVerdict[]): ConsistencyVerdict =>
  consistencyVerdicts.find((one) => verdicts.includes(one)) ?? 'not-exercised';

/** From the first model that adds something up: two of them would count the same updates twice. */
const lostOf = (all: readonly SlotConsistency[]): Lost | null => {
  const first = all.find(({ lost }) => lost !== null)?.model;
  if (first === undefined) return null;
  const counted = all.flatMap(({ model, lost }) => (model === first && lost !== null ? [lost] : []));
  return {
    acknowledged: sum(counted, (one) => one.acknowledged),
    atLeast: sum(counted, (one) => one.atLeast),
    atMost: sum(counted, (one) => one.atMost),
  };
};

/** From the first model that has grants. */
const wrongOf = (all: readonly SlotConsistency[]): Pick<ConsistencyResult, 'wrong'> => {
  const first = all.find(({ wrong }) => wrong !== undefined)?.model;
  if (first === undefined) return {};
  const counted = all.flatMap(({ model, wrong }) => (model === first ? (wrong ?? []) : []));
  return { wrong: { atLeast: sum(counted, (one) => one.atLeast), of: sum(counted, (one) => one.of) } };
};

const sum = <T>(all: readonly T[], number: (one: T) => number): number =>
  all.reduce((total, one) => total + number(one), 0);
