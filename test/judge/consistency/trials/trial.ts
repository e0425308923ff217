import { expect, test, vi } from 'vitest';
import { HistoryBuilder } from '../../../../src/core/history/builder.ts';
import { inOrder } from '../../../../src/core/history/sets.ts';
import { absent, operations, type OperationName, outcomes } from '../../../../src/core/history/history.ts';
import { micros } from '../../../../src/core/units.ts';
import type { Subject } from '../../../../src/judge/consistency/check-certificate.ts';
import type { Terms } from '../../../../src/judge/consistency/choice.ts';
import type { ModelName } from '../../../../src/judge/consistency/model-names.ts';
import { plainFinding } from '../../../../src/judge/consistency/plain-finding.ts';
import { verify } from '../../../../src/judge/consistency/verify.ts';
import type { HistoryVerdict } from '../../../../src/judge/consistency/history-verdict.ts';
import { type Beside, dice, type Die, type Drawn } from './draw.ts';
import { type Before, bySessions, byTimes } from './orders.ts';

/** What an engine found and its certificate did not bear out: of which key, and what. */
const refused: { readonly key: string; readonly is: Subject['is']; readonly finding: string }[] = [];

vi.mock(import('../../../../src/judge/consistency/check-certificate.ts'), async (original) => {
  const { checkCertificate } = await original();
  return {
    checkCertificate: (...of) => {
      const isTrue = checkCertificate(...of);
      const [{ keys, key }, , { is }, finding] = of;
      if (!isTrue) refused.push({ key: keys[key[0]!]!, is, finding: JSON.stringify(finding) });
      return isTrue;
    },
  };
});

/** A kind of history: how one is drawn, and how another judge than ours decides whether it is legal. */
export interface Kind<D extends Drawn = Drawn> {
  readonly name: string;
  readonly model: Exclude<ModelName, 'custom'>;
  readonly terms?: Terms;
  /** Whether versions are texts, which have no order. */
  readonly areTags?: boolean;
  /** Whether lists are in no order. */
  readonly areSets?: boolean;
  readonly draw: (die: Die) => D;
  /** By trying all orders that keep `before`. */
  readonly isLegal: (one: D, before: Before) => boolean;
  /** The same, where no more is asked than the documents say is judged; else it is {@link isLegal}. */
  readonly isAsJudged?: (one: D, before: Before) => boolean;
  /** What is known of accounts, by name. */
  readonly accounts?: (one: D) => ReadonlyMap<string, Beside>;
  readonly lists?: (one: D) => { initial: Float64Array | undefined; final: Float64Array | undefined };
  /** The least share of illegal histories that are to be found: with a clock, and without one. */
  readonly caught: readonly [withClock: number, without: number];
  /** Its histories cannot be judged beside others, each by its key. */
  readonly isAlone?: boolean;
  /** Without one, nearly all of its histories are legal. */
  readonly needsClock?: boolean;
}

/** What came of a trial. */
export interface Tried {
  count: number;
  legal: number;
  illegal: number;
  found: number;
  /** Findings on amounts, holds and values that their certificates, which take every doubt, do not bear out. */
  refused: number;
  verdicts: { [verdict: string]: number };
}

const batch = 64;

/** Judges so many histories of a kind as `contend verify` does, and throws on the first verdict that is wrong. */
const tried = (
  kind: Kind,
  count: number,
  isOneClock: boolean,
  seed: number,
  complain: (text: string) => void,
): Tried => {
  const result: Tried = { count, legal: 0, illegal: 0, found: 0, refused: 0, verdicts: {} };
  const before = isOneClock ? byTimes : bySessions;
  const size = kind.isAlone === true ? 1 : batch;
  for (let from = 0; from < count; from += size) {
    const die = dice(seed + from);
    const drawn = Array.from({ length: Math.min(size, count - from) }, () => kind.draw(die));
    // Files share modules in a worker: what another test has judged stands there, too.
    refused.length = 0;
    const judged = judge(kind, drawn, isOneClock);
    for (const { key, is, finding } of refused.splice(0)) {
      const one = drawn[kind.isAlone === true ? 0 : Number(key.slice(1))]!;
      // What a register's first value was may explain what is found, if nobody knows it.
      if ((is === 'values' || is === 'versions') && Number.isNaN(one.initial)) continue;
      result.refused++;
      if (is === 'amounts' || is === 'holds' || is === 'values') continue;
      complain(`${kind.name}: not borne out by its certificate; seed ${seed + from}\n${finding}\n${shown(one)}`);
    }
    for (const [at, one] of drawn.entries()) {
      const isLegal = kind.isLegal(one, before);
      const { verdict, because } = judged.keys[kind.isAlone === true ? Object.keys(judged.keys)[0]! : `k${at}`]!;
      if (isLegal) result.legal++;
      else result.illegal++;
      const said = `${isLegal ? 'legal' : 'illegal'}: ${verdict}`;
      result.verdicts[said] = (result.verdicts[said] ?? 0) + 1;
      if (!isLegal && verdict === 'violated') result.found++;
      const isComfort = verdict === 'consistent' && !(kind.isAsJudged ?? kind.isLegal)(one, before);
      if ((isLegal && verdict === 'violated') || isComfort || (verdict === 'consistent' && !isOneClock))
        complain(
          `${kind.name}${isOneClock ? '' : ', no clock'}: ${isLegal ? 'legal' : 'illegal'}, and ${verdict} ${because ?? ''}; seed ${seed + from}, ${at}\n${shown(one)}\n${findingsOf(judged, at)}`,
        );
    }
  }
  return result;
};

/** Two tests for each kind, with a clock and without one. */
export const trials = (kinds: readonly Kind[], count: number): void => {
  for (const kind of kinds)
    for (const isOneClock of [true, false])
      test(`${kind.name}, ${isOneClock ? 'by one clock' : 'without a clock'}: ${count} histories, none accused falsely, none called consistent that is not`, () => {
        const { legal, illegal, found, refused } = tried(
          kind,
          count,
          isOneClock,
          isOneClock ? 1 : 2_000_000_000,
          (text) => {
            throw new Error(text);
          },
        );
        expect(refused).toBeLessThanOrEqual(count / 5000);
        expect(legal).toBeGreaterThan(count / 10);
        if (!isOneClock && kind.needsClock === true) return;
        expect(illegal).toBeGreaterThan(count / 10);
        expect(found / illegal).toBeGreaterThan(kind.caught[isOneClock ? 0 : 1]);
      });
};

const judge = (kind: Kind, drawn: readonly Drawn[], isOneClock: boolean): HistoryVerdict => {
  const builder = new HistoryBuilder();
  const column = (number: number | undefined, isTag: boolean): number =>
    number === undefined ? absent : isTag && !Number.isNaN(number) ? builder.value(`e${number}`) : number;
  for (const [at, { deeds }] of drawn.entries())
    for (const { f, session, status, call, ret, value, operand, version, list } of deeds) {
      const key = builder.key(`k${at}`);
      if (list !== undefined && kind.areSets === true && status === 'ok')
        builder.append(
          key,
          session,
          operations.indexOf('read'),
          0,
          call,
          ret,
          builder.value(inOrder(list)),
          absent,
          absent,
        );
      else if (list !== undefined && status === 'ok') builder.appendList(key, session, call, ret, list);
      else
        builder.append(
          key,
          session,
          operations.indexOf(f as OperationName),
          outcomes.indexOf(status),
          call,
          status === 'info' ? Infinity : ret,
          column(value, false),
          column(operand, kind.areTags === true && f === 'cas'),
          column(version, kind.areTags === true),
        );
    }
  const history = builder.history();
  const accounts = drawn[0] === undefined ? undefined : kind.accounts?.(drawn[0]);
  const verdict = verify(history, {
    model: kind.model,
    ...kind.terms,
    known: (key) => {
      // Accounts are no keys.
      if (accounts !== undefined && !key.startsWith('k')) return accounts.get(key) ?? { initial: NaN, final: NaN };
      const { initial, final } = drawn[kind.isAlone === true ? 0 : Number(key.slice(1))]!;
      return { initial, final };
    },
    ...(kind.lists !== undefined && { lists: (key: string) => kind.lists!(drawn[Number(key.slice(1))]!) }),
    clock: { now: () => micros(0) },
    isOneClock,
    budgetUs: 1e6,
    mostBytes: 2 ** 26,
  });
  // As every report does.
  for (const finding of verdict.findings) plainFinding(history, finding, finding.key);
  return verdict;
};

const shown = ({ deeds, ...beside }: Drawn): string =>
  [...deeds, beside]
    .map((one) =>
      JSON.stringify(one, (_, value: unknown) =>
        typeof value === 'number' && !Number.isFinite(value) ? String(value) : value,
      ),
    )
    .join('\n');

const findingsOf = ({ findings }: HistoryVerdict, at: number): string =>
  findings
    .filter(({ key }) => key === `k${at}`)
    .map((one) => JSON.stringify(one, null, 1))
    .join('\n');
