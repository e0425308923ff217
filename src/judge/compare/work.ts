import type { Looks } from '../../core/looks.ts';
import type { Mode, Plan, RequestStep } from '../../core/plan/plan.ts';
import type { Recording } from '../../core/recording/recording.ts';
import type { Slot } from '../../core/slot.ts';
import { placesOf, type Place } from './places.ts';
import { surelyUnlike, type Share } from './shares.ts';

/** How the work of a mode's iterations differed from the control's. */
export interface UnequalWork {
  readonly mode: string;
  readonly control: string;
  readonly step: string;
  /** The status whose answers differ, `409` or a class such as `4xx`; absent if what differs is how often an iteration sent the step. */
  readonly status?: string;
  /** A share of the answers, or requests per iteration, over all rounds. */
  readonly own: number;
  readonly other: number;
  /** The first step whose answers are alike in both modes; absent if there is none. */
  readonly alike?: string;
}

/** Iterations that failed or were interrupted end before their last step. With more of them, what an iteration sent says nothing. */
const mostUnfinished = 0.01;

/**
 * For each mode that did different work from the control, the first step at which they part: one whose accepted answers come in different
 * shares, such as grants and refusals, or one that depends on earlier answers and is sent more or less often.
 *
 * What a mode repeats by design does not count: conflicts, the attempts they ended, and requests that `retry` sent again. Nor do failures,
 * which are reported as failures, nor steps that stand in different places in the two modes, nor another status of the same class (201 in
 * place of 200), except for 202: accepted is not yet done.
 *
 * @param slots so far, of all modes
 */
export const unequalWork = (
  { modes, control }: Pick<Plan, 'modes' | 'control'>,
  slots: readonly Slot[],
  looks: Looks,
): readonly UnequalWork[] => {
  const base = modes.find(({ name }) => name === control);
  if (base === undefined || base.differentWorkload) return [];
  return modes
    .filter((mode) => mode !== base && !mode.differentWorkload)
    .flatMap((mode) => partingOf(mode, base, pairsOf(mode, base, slots), looks) ?? []);
};

type Pair = readonly [own: Recording, other: Recording];

const pairsOf = (mode: Mode, base: Mode, slots: readonly Slot[]): readonly Pair[] => {
  const besides = new Map(slots.filter((slot) => slot.mode === base.name).map((slot) => [slot.round, slot.recording]));
  return slots
    .filter((slot) => slot.mode === mode.name)
    .flatMap(({ round, recording }) => {
      const beside = besides.get(round);
      return beside === undefined ? [] : [[recording, beside] as const];
    });
};

const partingOf = (mode: Mode, base: Mode, pairs: readonly Pair[], looks: Looks): UnequalWork | undefined => {
  const places = placesOf(mode.steps);
  const steps = [...placesOf(base.steps).values()].flatMap((other) => {
    const own = places.get(other.step.name);
    return own === undefined ? [] : [{ own, other }];
  });
  const found = steps.map(({ own, other }) => ({
    step: other.step.name,
    answers: unlikeAnswers(own.step, other.step, pairs, looks),
    sent: unlikeSent(own, other, pairs, looks),
  }));
  const first = found.find(({ answers, sent }) => answers !== undefined || sent !== undefined);
  if (first === undefined) return undefined;
  const alike = found.find(({ step, answers }) => answers === undefined && isAnswered(step, pairs));
  return {
    mode: mode.name,
    control: base.name,
    step: first.step,
    ...(first.answers ?? first.sent!),
    ...(alike === undefined ? {} : { alike: alike.step }),
  };
};

const isAnswered = (step: string, pairs: readonly Pair[]): boolean =>
  [0, 1].every((side) =>
    pairs.some((pair) => Object.values(pair[side]!.steps[step]?.byStatus ?? {}).some((count) => count > 0)),
  );

type Unlike = Pick<UnequalWork, 'status' | 'own' | 'other'>;

const unlikeAnswers = (
  own: RequestStep,
  other: RequestStep,
  pairs: readonly Pair[],
  looks: Looks,
): Unlike | undefined => {
  const retried = new Set(
    [own, other].flatMap(({ conflict = [], retry }) => [...conflict, ...(retry?.statuses ?? [])]),
  );
  const rounds = pairs.map(([mine, its]) => [accepted(own, mine, retried), accepted(other, its, retried)] as const);
  const all = rounds.flat().flatMap((counts) => [...counts.keys()]);
  const unlike = [...new Set(all.map(classOf))].toSorted().flatMap((name): readonly Unlike[] => {
    const shares = rounds.map(([mine, its]) => [shareOf(mine, name), shareOf(its, name)] as const);
    const found = surelyUnlike(shares, (share) => share * (1 - share), looks);
    if (found === undefined) return [];
    const statuses = new Set(all.filter((status) => classOf(status) === name));
    return [{ status: statuses.size === 1 ? [...statuses][0]! : name, ...found }];
  });
  const most = Math.max(...unlike.map(distance));
  // Grants and refusals are equally far apart: report the grants.
  return unlike.find((one) => distance(one) > most - 1e-9);
};

const distance = ({ own, other }: Unlike): number => Math.abs(own - other);

/** `200` → `2xx` */
const classOf = (status: string): string => (status === '202' ? status : `${status[0]!}xx`);

/** The answers with which a step ends well, by status: none that is a failure, or after which either mode tries again. */
const accepted = (
  { name, expect }: RequestStep,
  { steps }: Recording,
  retried: ReadonlySet<number>,
): ReadonlyMap<string, number> =>
  new Map(
    Object.entries(steps[name]?.byStatus ?? {}).filter(([text, count]) => {
      const status = Number(text);
      return count > 0 && !retried.has(status) && (expect.status?.includes(status) ?? status < 400);
    }),
  );

const shareOf = (counts: ReadonlyMap<string, number>, name: string): Share => {
  let [hits, of] = [0, 0];
  for (const [status, count] of counts) {
    of += count;
    if (classOf(status) === name) hits += count;
  }
  return [hits, of];
};

const unlikeSent = (own: Place, other: Place, pairs: readonly Pair[], looks: Looks): Unlike | undefined => {
  const isBranched = own.isConditional && own.way === other.way;
  if (!isBranched || own.isRetried || other.isRetried || pairs.flat().some(isCutShort)) return undefined;
  const sent = ({ steps, iterations: { completed } }: Recording): Share => {
    const { byStatus = {}, byError = {} } = steps[own.step.name] ?? {};
    return [[...Object.values(byStatus), ...Object.values(byError)].reduce((sum, count) => sum + count, 0), completed];
  };
  // How often an iteration sends it is not a coin toss: its scatter is Poisson's.
  return surelyUnlike(
    pairs.map(([mine, its]) => [sent(mine), sent(its)] as const),
    (mean) => mean,
    looks,
  );
};

const isCutShort = ({ iterations: { begun, failed, interrupted } }: Recording): boolean =>
  failed + interrupted > mostUnfinished * begun;
