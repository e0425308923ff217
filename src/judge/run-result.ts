import type { Host } from '../core/host.ts';
import type { Gate, Mode, Plan } from '../core/plan/plan.ts';
import type { Unmeasured } from '../core/recording/recording.ts';
import type { ServeResult } from '../core/result/serve.ts';
import { schemaVersion, type HttpVersion, type ModeResult, type Result } from '../core/result/result.ts';
import type { Slot } from '../core/slot.ts';
import type { Warning } from '../core/result/warning.ts';
import type { UserChange } from '../core/watch.ts';
import { agentResults, agentWarnings, type AgentFacts } from './agents.ts';
import { byHand, changedWarning, usersChanged } from './changed.ts';
import { compareRuns } from './compare/baseline.ts';
import { compare, fewestRounds } from './compare/compare.ts';
import { unequalWork } from './compare/work.ts';
import { conclude } from './conclusion/conclusion.ts';
import { judgeGates, namedBy, type Judged } from './gate/gate.ts';
import { isTouched, judgeGenerator, type Reason } from './generator.ts';
import { checkLaws } from './plausibility.ts';
import { modeResult } from './mode-result.ts';
import { outcomeWarnings } from './outcomes.ts';
import { closings } from './closings.ts';
import { steadinessOf } from './steady.ts';
import { withoutStop } from './phrases.ts';
import { nothingCompleted } from './silence.ts';
import { unequalWarning } from './unequal.ts';
import { unevenness } from './uneven.ts';
import { judge, unfinished, type Judgement, type Outcome } from './verdict.ts';

/** Everything that a result is made from. */
export interface Measured {
  readonly plan: Plan;
  readonly slots: readonly Slot[];
  readonly warmedUp: ReadonlyMap<string, readonly Unmeasured[]>;
  /** By mode: the HTTP version that its target speaks. */
  readonly spoken: ReadonlyMap<string, HttpVersion>;
  /** The targets that were started for it. */
  readonly serves: readonly ServeResult[];
  /** The machines that it was measured on, apart from this one. */
  readonly agents: readonly AgentFacts[];
  /** Warnings about both. */
  readonly told: readonly Warning[];
  readonly invalid: Result['invalid'];
  /** Whether it was ended before its last round because a mode completed nothing. */
  readonly isStopped?: boolean;
  readonly startedAt: string;
  /** Changes of the users, by hand; there is only one mode then. */
  readonly changes: readonly UserChange[];
  /** How long it took, in µs. */
  readonly tookUs: number;
  /** False while the run goes on, so that nothing is decided yet. */
  readonly finished: boolean;
}

/** How a run is judged. */
export interface JudgeOptions {
  readonly host: Pick<Host, 'tool' | 'machine'>;
  /** Aborted if the run was interrupted, with `SIGINT` or `SIGTERM` as its reason. */
  readonly signal: AbortSignal;
  /** How an undecided verdict counts for a build; with `warn` its exit code is 0. `fail` if not given. */
  readonly undecided?: 'fail' | 'warn' | undefined;
  /** Whether a run whose gates are undecided after its rounds goes on for the same number again; it is then judged twice. */
  readonly extend?: boolean;
  /** An earlier result to compare with: advisory, not part of any verdict. */
  readonly baseline?: Result | undefined;
}

/** The result of what was measured, so far or to the end. */
export const runResult = (measured: Measured, options: JudgeOptions): Result => {
  const { tool, machine } = options.host;
  const { plan, slots, warmedUp, spoken, startedAt, tookUs, finished } = measured;
  const modes = plan.modes.flatMap((mode): readonly ModeResult[] => {
    const [first, ...others] = slots.filter((slot) => slot.mode === mode.name);
    return first === undefined
      ? []
      : [
          {
            ...modeResult(mode, [first, ...others], warmedUp.get(mode.name)!, plan.consistency),
            ...usersChanged(measured.changes, [first, ...others]),
            ...(asksForHttp2(mode) ? versionOf(spoken.get(mode.name)) : {}),
          },
        ];
  });
  const agents = agentResults(measured.agents, slots);
  const looks = options.extend === true ? 'two looks' : 'one look';
  const comparisons = compare(modes, plan.control, looks);
  const unequal = unequalWork(plan, slots, looks);
  const isInterrupted = options.signal.aborted;
  const silence = finished && !isInterrupted ? nothingCompleted(modes, measured.isStopped === true) : undefined;
  const ofRun = measured.invalid ?? silence;
  const told = [
    ...modes.flatMap((mode) => lawsBrokenBy(plan, mode, slots)),
    ...modes.flatMap((mode) => {
      const own = slots.filter((slot) => slot.mode === mode.name);
      return [...unevenness(mode, own), ...closings(mode, own)];
    }),
    ...steadinessOf(
      plan.modes,
      modes.filter((mode) => byHand(mode) === undefined),
    ),
    ...unequalWarning(unequal),
    ...modes.flatMap(changedWarning),
    ...plan.modes.flatMap((mode) =>
      outcomeWarnings(
        mode,
        slots.filter((slot) => slot.mode === mode.name),
      ),
    ),
    // If a run ended early, too few rounds are not what needs fixing.
    ...warningsOf(plan, slots, ofRun !== undefined || isInterrupted),
    ...agentWarnings(agents, modes, slots),
    ...measured.told,
    ...plan.modes.filter((mode) => asksForHttp2(mode) && spoken.get(mode.name) === '1.1').map(noHttp2),
  ];
  const { result: generator, unfit, ...found } = judgeGenerator(modes, slots, told, isInterrupted);
  const doubtful = bearing(plan.gates, found.doubtful);
  const strict = strictlyUnfit(plan, unfit, doubtful);
  const gates = judgeGates(
    plan.gates,
    { modes, generator, looks, unfit: doubtOf(strict), generatorFaults: faultsOf(unfit, doubtful) },
    ofRun === undefined ? (finished ? undefined : notOver) : 'the run is invalid',
  );
  const invalid = ofRun ?? firstOf(strict);
  const { name, file, seed, rounds, control } = plan;
  const measuredRounds = new Set(slots.map(({ round }) => round)).size;
  const { cheapest, sentence } = conclude(modes, comparisons, control, unequal);
  const result: Result = {
    schemaVersion,
    tool,
    startedAt,
    scenario: { name, file, seed, rounds, ...(measuredRounds > rounds ? { extendedTo: measuredRounds } : {}), control },
    machine,
    modes,
    ...(measured.serves.length === 0 ? {} : { serves: measured.serves }),
    ...(agents.length === 0 ? {} : { agents }),
    comparisons,
    gates,
    generator,
    ...(invalid === undefined ? {} : { invalid }),
    conclusion: sentence,
    cheapest,
    ...(finished ? outcome({ modes, gates, invalid }, options) : unfinished(notOver)),
    tookUs,
  };
  const { baseline } = options;
  // A run that is compared with another day must be complete and trusted.
  if (baseline === undefined || !finished || invalid !== undefined) return result;
  return { ...result, baseline: compareRuns(baseline, result) };
};

const asksForHttp2 = ({ transport: { options } }: Mode): boolean =>
  (options as { readonly http2?: unknown } | null)?.http2 !== undefined;

const versionOf = (httpVersion: HttpVersion | undefined): Pick<ModeResult, 'httpVersion'> =>
  httpVersion === undefined ? {} : { httpVersion };

const noHttp2 = ({ name }: Mode): Warning => ({
  code: 'HTTP_1_1',
  message: `the target of ${name} does not speak HTTP/2: requests went over HTTP/1.1, with a connection for each user.`,
  hint: 'Turn HTTP/2 on there; perhaps a proxy that terminates TLS answers instead.',
});

const lawsBrokenBy = ({ modes }: Plan, result: ModeResult, slots: readonly Slot[]): readonly Warning[] =>
  checkLaws(
    modes.find(({ name }) => name === result.name)!,
    result,
    slots.filter(({ mode }) => mode === result.name),
  );

const notOver = 'the run is not over';

/** Modes of which nothing can be trusted, including those that are partly the generator's if a gate asks about the generator. */
const strictlyUnfit = (
  { gates }: Plan,
  unfit: ReadonlyMap<string, Reason>,
  doubtful: ReadonlyMap<string, Reason>,
): ReadonlyMap<string, Reason> => {
  const asked = gates.flatMap((gate) => (gate.metric === 'generator' ? [gate] : []));
  const isAsked = (name: string): boolean => asked.some(({ mode }) => mode === undefined || mode === name);
  return new Map([...unfit, ...[...doubtful].filter(([name]) => isAsked(name) && !unfit.has(name))]);
};

/** What was found against the generator, as far as it changes a number that a gate of the mode rests on. */
const bearing = (gates: readonly Gate[], doubtful: ReadonlyMap<string, Reason>): ReadonlyMap<string, Reason> =>
  new Map(
    [...doubtful].filter(
      ([name, reason]) =>
        reason.touches === undefined ||
        gates.some(
          (gate) =>
            gate.metric !== 'generator' &&
            gate.metric !== 'consistency' &&
            namedBy(gate).includes(name) &&
            isTouched(reason, gate.metric),
        ),
    ),
  );

/** Why a metric of a mode proves nothing; `undefined` if what was found against the generator does not change it. */
const doubtOf =
  (reasons: ReadonlyMap<string, Reason>): NonNullable<Judged['unfit']> =>
  (mode, metric) => {
    const reason = reasons.get(mode);
    return reason === undefined || !isTouched(reason, metric) ? undefined : withoutStop(reason.message);
  };

/** What was found against the generator, and what to do about it. */
const faultsOf = (...all: readonly ReadonlyMap<string, Reason>[]): ReadonlyMap<string, string> =>
  new Map(
    all.flatMap((reasons) => [...reasons].map(([mode, { message, hint }]) => [mode, `${message} ${hint}`] as const)),
  );

/** The first of them, as it appears in the document. */
const firstOf = (reasons: ReadonlyMap<string, Reason>): Result['invalid'] => {
  const [first] = reasons.values();
  if (first === undefined) return undefined;
  const { code, message, hint } = first;
  return { code, message, hint };
};

const outcome = (
  found: Pick<Outcome, 'modes' | 'gates' | 'invalid'>,
  { signal, undecided = 'fail' }: JudgeOptions,
): Judgement => {
  const signalled = signal.reason === 'SIGTERM' ? 'SIGTERM' : 'SIGINT';
  return judge({ ...found, interrupted: signal.aborted ? signalled : undefined, undecided });
};

const warningsOf = ({ modes }: Plan, slots: readonly Slot[], endedEarly: boolean): readonly Warning[] => {
  const rounds = new Set(slots.map(({ round }) => round)).size;
  const uncleaned = modes.flatMap(({ name }) => {
    const problems = slots.filter(({ mode }) => mode === name).flatMap(({ afterProblem }) => afterProblem ?? []);
    return problems.length === 0 ? [] : [{ name, problems }];
  });
  const unverified = modes.filter(({ tls, target }) => tls.insecure && target.startsWith('https:'));
  return [
    ...(modes.length > 1 && rounds < fewestRounds('one look') && rounds > 0 && !endedEarly
      ? [
          {
            code: 'FEW_ROUNDS',
            message: `${rounds} ${rounds === 1 ? 'round' : 'rounds'}: the ratios are what happened this time, and another run may differ.`,
            hint: `--rounds ${fewestRounds('one look')} or more.`,
          },
        ]
      : []),
    ...uncleaned.map(({ name, problems }) => ({
      code: 'AFTER',
      message: `after, in mode ${name}, did not end as expected in ${problems.length} of ${slots.filter(({ mode }) => mode === name).length} slots: ${problems[0]!}.`,
      hint: 'The measurement is valid. Check the state that the target was left in.',
    })),
    ...(unverified.length > 0
      ? [
          {
            code: 'INSECURE',
            message: `certificates were not verified in ${unverified.map(({ name }) => name).join(', ')}: any server may have answered.`,
            hint: 'tls: { ca: ca.pem } trusts the authority that signed them.',
          },
        ]
      : []),
  ];
};
