import type { CapacityResult, CrossingResult, PointResult, Probed, ScalingResult } from '../../core/result/sweep.ts';
import { growsWith, valueText, type Axis } from '../../core/sweep/axis.ts';
import { rateText } from '../phrases.ts';
import { isIn } from './points.ts';

/** What the summary of a sweep is made from. */
export interface Concluded {
  readonly axis: Axis;
  readonly points: readonly PointResult[];
  readonly scaling: readonly ScalingResult[];
  readonly crossings: readonly CrossingResult[];
  readonly capacity: readonly CapacityResult[];
  /** The cores of the machine that contend ran on; absent if not known. */
  readonly cores?: number;
}

/** More pairs, or modes, than these belong in a table. */
const mostTold = 3;

/** The summary: where one mode overtakes another, and where each peaks; or how much load each keeps. */
export const concludeSweep = (found: Concluded): string => {
  const { axis, points, scaling, crossings, capacity, cores = Infinity } = found;
  if (points.length === 0) return 'Nothing was measured.';
  if (capacity.length > 0) {
    const isBusy =
      cores <= fewCores && points.some(({ modes }) => modes?.some(({ offered }) => offered?.pacing === 'hybrid'));
    return capacity.map((one) => capacityText(one, axis, capacity.length === 1, { cores, isBusy })).join(' ');
  }
  const order = ['crossing', 'several', 'one side', 'no difference shown'];
  const pairs = crossings.toSorted((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind)).slice(0, mostTold);
  const peaks = growsWith(axis) ? scaling.slice(0, mostTold + 1).map((one) => peakText(one, found)) : [];
  return [...pairs.map((pair) => crossingText(pair, axis)), ...peaks].map((text) => `${text}.`).join(' ');
};

/** `8`, or `zipf 1.1` for a skew: a place on the axis, without its unit. */
const placeOf = (axis: Axis, at: number): string => (axis.kind === 'skew' ? `zipf ${at}` : at.toLocaleString('en-US'));

const crossingText = (crossing: CrossingResult, axis: Axis): string => {
  const { mode, control, kind, verdict, brackets, ties } = crossing;
  if (kind === 'no difference shown') return `between ${mode} and ${control} no difference is shown anywhere`;
  if (kind === 'one side') {
    const none = ties.length === 0 ? '' : `, none at ${listed(ties, axis)}`;
    return `${mode} is ${verdict!} than ${control} wherever a difference is shown${none}`;
  }
  if (kind === 'several') {
    const changes = brackets.map(
      ({ below, above, becomes }) => `${becomes} from ${placeOf(axis, above)} on, after ${placeOf(axis, below)}`,
    );
    return `${mode} and ${control} cross several times: ${mode} is ${changes.join(', ')}`;
  }
  const { below, above, becomes } = brackets[0]!;
  const was = becomes === 'faster' ? 'slower' : 'faster';
  const between = ties.length === 0 ? '' : `, at ${listed(ties, axis)} no difference shown`;
  return `${mode} is ${was} than ${control} up to ${valueText(axis.kind, below)} and ${becomes} from ${placeOf(axis, above)} on${between}`;
};

const listed = (values: readonly number[], axis: Axis): string => {
  const texts = values.map((at) => placeOf(axis, at));
  return texts.length < 2 ? texts.join('') : `${texts.slice(0, -1).join(', ')} and ${texts.at(-1)!}`;
};

const peakText = ({ mode, peak, law, ceilingPerSecond }: ScalingResult, { axis, points }: Concluded): string => {
  const own = points.filter((point) => isIn(point, mode));
  const [first, last] = [own[0]?.at ?? peak.from, own.at(-1)?.at ?? peak.to];
  if (law.peak !== null) {
    const { estimate, low, high } = law.peak;
    const whole = (value: number): string => placeOf(axis, Math.max(1, Math.round(value)));
    const upTo = high === null ? `${whole(low)} or more` : `${whole(low)} to ${whole(high)}`;
    return `${mode} peaks at ${valueText(axis.kind, Math.max(1, Math.round(estimate)))} (95 % interval ${upTo})`;
  }
  if (peak.from === first && peak.to === last) {
    const ceiling = ceilingPerSecond === null ? '' : `, 1 ÷ hold is ${rateText(ceilingPerSecond)}/s`;
    return `${mode} is level from ${placeOf(axis, first)} to ${valueText(axis.kind, last)}${ceiling}`;
  }
  if (peak.falls) {
    const where =
      peak.from === peak.to
        ? `at ${valueText(axis.kind, peak.from)} of the points measured`
        : `between ${placeOf(axis, peak.from)} and ${valueText(axis.kind, peak.to)}`;
    return `${mode} is highest ${where} and falls behind that`;
  }
  return peak.to === last && peak.from === last
    ? `${mode} grows up to ${valueText(axis.kind, last)}`
    : `${mode} is highest from ${valueText(axis.kind, peak.from)} on, and no fall is shown up to ${placeOf(axis, last)}`;
};

const limits = {
  target: "the target's limit",
  users: 'the limit of the users, who are too few',
  generator: "contend's own limit, not the target's",
} as const;

/** With this few cores, none is to spare for a generator that is never idle. */
const fewCores = 2;

interface Machine {
  readonly cores: number;
  /** Whether the generator took one of few cores for itself, so that a target on this machine lacked it. */
  readonly isBusy: boolean;
}

const ownRemedy = ({ cores }: Machine): string =>
  `End other programs on this machine, or run the target on another one${cores > fewCores ? '; --pacing hybrid sends more exactly, and takes a core' : ''}.`;

const cuts = {
  budget: 'the budget ended the search',
  interrupted: 'it was interrupted',
  invalid: 'it could not go on',
} as const;

/**
 * `mutex holds 185/s with p99 under 250ms, fails at 195, because p99 was 262 ms; the target's limit.`; without the name if there is only
 * one mode.
 */
const capacityText = (found: CapacityResult, axis: Axis, isAlone: boolean, machine: Machine): string => {
  const { endedBy, keeps, fails } = found;
  const text = endText(found, axis, isAlone, machine);
  if (['width', 'axis', 'from', 'violated'].includes(endedBy)) return text;
  const isCut = endedBy === 'budget' && (keeps === null || fails === null);
  const remedy = isCut ? ['A longer --budget, or a --width of 20%, gives an answer.'] : [];
  return [text, ...seenTexts(found, axis), ...remedy].join(' ');
};

/** `Highest kept: 183/s (2 of 2 probes); lowest not kept: 191/s (1 of 1, not confirmed).`, and where contend was late. */
const seenTexts = ({ probes, keeps, fails }: CapacityResult, { kind }: Axis): readonly string[] => {
  const kept = probes.findLast(({ passes }) => passes > 0);
  const failed = probes.find((probe) => failuresOf(probe) > 0 && probe.at > (kept?.at ?? 0));
  const spoiled = probes.filter(({ spoiled: slots = 0 }) => slots > 0);
  const seen = (probe: Probed, slots: number, shown: number | null): string => {
    const voted = probe.passes + failuresOf(probe) + probe.undecided;
    const of = `${slots} of ${voted} ${voted === 1 ? 'probe' : 'probes'}`;
    return `${valueText(kind, probe.at)} (${of}${shown === probe.at ? '' : ', not confirmed'})`;
  };
  const ends = [
    ...(kept === undefined ? [] : [`highest kept: ${seen(kept, kept.passes, keeps)}`]),
    ...(failed === undefined ? [] : [`lowest not kept: ${seen(failed, failuresOf(failed), fails)}`]),
  ].join('; ');
  const late = spoiled
    .map(({ at: load, passes, failures, undecided, spoiled: slots = 0 }) => {
      return `${valueText(kind, load)} (${slots} of ${passes + failures + undecided})`;
    })
    .join(', ');
  return [
    ...(ends === '' ? [] : [`${ends.charAt(0).toUpperCase()}${ends.slice(1)}.`]),
    ...(late === '' ? [] : [`Contend itself was late in probes at ${late}: those say nothing of the target.`]),
  ];
};

const highestKept = (probes: CapacityResult['probes']): number =>
  Math.max(0, ...probes.map(({ at, passes }) => (passes > 0 ? at : 0)));

const failuresOf = ({ failures, spoiled = 0 }: Probed): number => failures - spoiled;

const endText = (found: CapacityResult, axis: Axis, isAlone: boolean, machine: Machine): string => {
  const { mode, gates, keeps, fails, endedBy, limit, exercised, probes } = found;
  const what = gates.length === 0 ? 'its gates' : gates.map(shortGate).join(' and ');
  const who = (verb: string): string =>
    isAlone ? `${verb.charAt(0).toUpperCase()}${verb.slice(1)}` : `${mode} ${verb}`;
  const unshown = exercised === false ? ' No violation could have shown: nothing overlapped.' : '';
  const at = (value: number): string => valueText(axis.kind, value);
  const lowest = fails ?? axis.values[0]!;
  const reasonAt = (value: number): string => {
    const because = probes.find((probe) => probe.at === value)?.because ?? null;
    return because === null ? '' : `, because ${because}`;
  };
  const isOurs = limit === 'target' && machine.isBusy;
  const whose =
    limit === null
      ? ''
      : `; ${isOurs ? "it may be this machine's limit, as --pacing hybrid takes a core of few" : limits[limit]}`;
  const cut = endedBy in cuts ? `; ${cuts[endedBy as keyof typeof cuts]}` : '';
  if (endedBy === 'recovery')
    return `${isAlone ? 'The' : `${mode}: the`} target did not recover after an overload, so its capacity is not known${keeps === null ? '' : `; it holds ${at(keeps)} with ${what}`}.`;
  if (keeps === null) {
    if (endedBy === 'violated') return `${who('does')} not keep the data right, not even at ${at(lowest)}.`;
    if (endedBy === 'from')
      return `${who('does')} not hold ${at(lowest)} with ${what}, the lowest load tried${reasonAt(lowest)}${whose}.`;
    const failed =
      probes.find((probe) => failuresOf(probe) > 0 && probe.at > highestKept(probes)) ??
      probes.findLast((probe) => probe.because !== null);
    const because = failed?.because ?? null;
    const subject = isAlone ? 'the target' : mode;
    if (endedBy === 'generator')
      return `The capacity of ${subject} is not known, as contend is the limit at ${at(axis.values[0]!)} already: ${because}. ${ownRemedy(machine)}`;
    return `The capacity of ${subject} is not known${cut}${because === null ? '' : `. At ${at(failed!.at)} ${because}`}.`;
  }
  const holds = `${who('holds')} ${at(keeps)}`;
  if (endedBy === 'axis') return `${holds} at least with ${what}, the highest load tried.${unshown}`;
  if (endedBy === 'generator')
    return `${holds} at least with ${what}; what is above is ${limits.generator}. ${ownRemedy(machine)}${unshown}`;
  const failing =
    fails === null
      ? ''
      : endedBy === 'violated'
        ? `, and its data goes wrong at ${placeOf(axis, fails)}`
        : `, fails at ${at(fails)}${reasonAt(fails)}`;
  return `${holds} with ${what}${failing}${whose}${cut}.${unshown}`;
};

/** `p99(mutex) < 250ms` in a sentence about mutex: `p99 under 250ms`. */
const shortGate = (text: string): string =>
  text
    .replace(/\(([^/()]*)\)/u, '')
    .replace(/\(([^()]*)\/([^()]*)\)/u, ' of $2')
    .replace(/\s*<=?\s*/u, ' under ')
    .replace(/\s*>=?\s*/u, ' over ')
    .replace(/^consistency$/u, 'the data right');
