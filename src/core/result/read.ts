import { parseJson } from '../exact/parse.ts';
import { ContendError, messageOf } from '../errors.ts';
import { resultShape } from './result-shape.ts';
import type { SweepResult } from './sweep.ts';
import { sweepShape } from './sweep-shape.ts';
import {
  schemaVersion,
  type ConsistencyResult,
  type Finding,
  type LockResult,
  type ModeResult,
  type Result,
} from './result.ts';

/**
 * Reads a result document that this build or an older one has written; of fields that it does not know it takes no notice.
 *
 * @param file what it is called in an error
 * @throws {ContendError} ERR_USAGE for a document of a newer version, with its number, and for anything else that is none
 */
export const readResult = (text: string, file: string): Result => {
  const document = readAny(text, file);
  if (!isSweep(document)) return document;
  throw new ContendError('ERR_USAGE', `${file} is the result of a sweep, not of a run.`, 'contend report renders it.');
};

/** Whether a document is that of a sweep. */
export const isSweep = (document: Result | SweepResult): document is SweepResult => 'kind' in document;

/** As {@link readResult}, or the document of a sweep. */
export const readAny = (text: string, file: string): Result | SweepResult => {
  const document = parse(text, file);
  const version = (document as { schemaVersion?: unknown } | null)?.schemaVersion;
  if (typeof version === 'number' && version > schemaVersion) {
    throw new ContendError(
      'ERR_USAGE',
      `${file} is a result document of schemaVersion ${version}; this contend reads up to ${schemaVersion}.`,
      'Read it with the contend that wrote it, or a newer one.',
    );
  }
  const isOfSweep = (document as { kind?: unknown } | null)?.kind === 'sweep';
  const wrong = (isOfSweep ? sweepShape : resultShape)(document, '');
  if (wrong !== undefined) throw noDocument(file, wrong);
  if (isOfSweep) return document as SweepResult;
  return completed(document as OlderResult);
};

/** What may lack some of its fields, as they were added to the version later. */
type Older<T, Later extends keyof T> = Omit<T, Later> & Partial<Pick<T, Later>>;

type OlderConsistency = Older<
  Omit<ConsistencyResult, 'findings' | 'coverage'>,
  'checks' | 'findingCount' | 'exposure'
> & {
  readonly findings: readonly Older<Finding, 'model' | 'evidence' | 'operations' | 'because'>[];
  readonly coverage: Older<ConsistencyResult['coverage'], 'operations' | 'reads'>;
};

type OlderMode = Older<Omit<ModeResult, 'locks' | 'consistency'>, 'wastedRequests' | 'anatomy'> & {
  readonly locks: readonly Older<LockResult, 'lapsed' | 'starvation'>[];
  readonly consistency: OlderConsistency | null;
};

type OlderResult = Omit<Result, 'modes'> & { readonly modes: readonly OlderMode[] };

/** What is there stays where it is: a document that lacks nothing is read as it was written. */
const completed = (document: OlderResult): Result => ({
  ...document,
  modes: document.modes.map(countedFromOne).map((mode) => ({
    ...mode,
    wastedRequests: mode.wastedRequests ?? 0,
    anatomy: mode.anatomy ?? null,
    locks: mode.locks.map((lock) => ({ ...lock, lapsed: lock.lapsed ?? 0, starvation: lock.starvation ?? null })),
    consistency: mode.consistency === null ? null : completedConsistency(mode.consistency),
  })),
});

/** Rounds counted from 0 once: a mode whose first round is that one is of then. */
const countedFromOne = (mode: OlderMode): OlderMode => {
  if (!mode.slots.some(({ round }) => round === 0)) return mode;
  const next = <One extends { readonly round: number }>(one: One): One => ({ ...one, round: one.round + 1 });
  return {
    ...mode,
    slots: mode.slots.map(next),
    series: mode.series.map(next),
    consistency:
      mode.consistency === null ? null : { ...mode.consistency, findings: mode.consistency.findings.map(next) },
  };
};

const completedConsistency = (said: OlderConsistency): ConsistencyResult => ({
  ...said,
  checks: said.checks ?? [],
  findings: said.findings.map((finding) => ({
    ...finding,
    model: finding.model ?? said.model,
    evidence: finding.evidence ?? 'clock-free',
    operations: finding.operations ?? [],
    because: finding.because ?? [],
  })),
  findingCount: said.findingCount ?? said.findings.length,
  coverage: {
    ...said.coverage,
    operations: said.coverage.operations ?? said.coverage.acknowledged + said.coverage.unknown,
    reads: said.coverage.reads ?? 0,
  },
  exposure: said.exposure ?? { overlapping: 0, atMostShare: null },
});

const parse = (text: string, file: string): unknown => {
  if (text.trim() === '') throw noDocument(file, 'it is empty: a run first writes it after its first round');
  try {
    return parseJson(text);
  } catch (error) {
    throw noDocument(file, messageOf(error), error);
  }
};

const noDocument = (file: string, why: string, cause?: unknown): ContendError =>
  new ContendError(
    'ERR_USAGE',
    `${file} is not a result document: ${why}.`,
    'contend run --out DIR writes DIR/result.json; contend run --json prints one.',
    cause,
  );
