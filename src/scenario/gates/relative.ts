import { metrics, type MetricName } from '../../core/metric.ts';
import type { RelativeGate } from '../../core/plan/plan.ts';
import { examples, amountOf, readOp } from './limit.ts';
import { checkMode, checkScope, checkUsage, isMetric, isUsage, unknownMetric, type GatedMode } from './names.ts';
import type { Against, GateFault, GatePieces, NamedMetric, Piece } from './text.ts';
import { isOpenLoad } from '../layers/load-keys.ts';
import { didYouMean } from '../text/suggest.ts';
import { find, jsonOf } from '../text/tree.ts';
import { quoted } from '../text/words.ts';

/** A gate that compares one mode with another, in its pieces. */
export type RelativePieces = GatePieces & { readonly condition: { readonly against: Against } };

/** Reads a gate that compares modes: `throughput(new) >= 0.95 * throughput(old)`. */
export const readRelative = (
  text: string,
  pieces: RelativePieces,
  modes: readonly GatedMode[],
): { readonly gate: RelativeGate } | { readonly faults: readonly GateFault[] } => {
  const { against, op: written } = pieces.condition;
  const { metric, mode, step } = pieces;
  const found = [...checkMode(mode, modes), ...checkMode(against.mode, modes)];
  const unknown = [metric, against.metric].filter(({ text: name }) => !isMetric(name) && !isAbsolute(name));
  if (unknown.length > 0) return { faults: [...found, ...unknown.map(unknownRelative)] };
  const name = metric.text;
  if (isAbsolute(name) || !isMetric(name)) return { faults: [...found, absoluteOnly(metric, mode)] };
  const op = readOp(written, 'two measurements are never equal');
  const times = against.factor === undefined ? 1 : factorOf(against.factor);
  const plus = against.floor === undefined ? 0 : floorOf(against.floor, name);
  const faults = [
    ...found,
    ...checkSides(name, pieces, against, modes),
    ...[op, times, plus].filter((read): read is GateFault => typeof read === 'object'),
  ];
  if (
    faults.length > 0 ||
    typeof op !== 'string' ||
    op === '==' ||
    typeof times !== 'number' ||
    typeof plus !== 'number'
  )
    return { faults };
  const ofStep = (side: NamedMetric) => ({
    mode: side.mode.text,
    ...(side.step === undefined ? {} : { step: side.step.text }),
  });
  return {
    gate: {
      text,
      metric: name,
      ...ofStep({ metric, mode, ...(step && { step }) }),
      op,
      against: { ...ofStep(against), times, plus },
    },
  };
};

/** Why a metric can only be compared with a limit, and what to gate instead. */
const absolute: readonly {
  readonly of: RegExp;
  readonly because: string;
  readonly instead: (mode: string) => string;
}[] = [
  {
    of: /^errors$/u,
    because: 'a share of failures is held against a limit',
    instead: (mode) => `such as errors(${mode}) < 0.1%`,
  },
  { of: /^lost$/u, because: 'an update is lost or not', instead: (mode) => `lost(${mode}) == 0` },
  { of: /^consistency$/u, because: 'data is right or not', instead: (mode) => `consistency(${mode})` },
  {
    of: /^(?:mean|(?:\w+\.)?max)$/u,
    because: 'a few long times decide it',
    instead: (mode) => `gate throughput(${mode}) or service.p99(${mode})`,
  },
  {
    of: /^lockWait\./u,
    because: 'a wait belongs to the lock of that mode',
    instead: (mode) => `gate throughput(${mode}), which says what the waiting costs`,
  },
];

const isAbsolute = (name: string): boolean => absolute.some(({ of }) => of.test(name));

const absoluteOnly = ({ text, at }: Piece, mode: Piece): GateFault => {
  const { because, instead } = absolute.find(({ of }) => of.test(text))!;
  return { at, message: `${text} is never compared between modes: ${because}`, hint: instead(mode.text) };
};

const unknownRelative = (piece: Piece): GateFault => {
  if (piece.text !== 'generator') return unknownMetric(piece);
  return {
    at: piece.at,
    message: 'generator is not compared between modes',
    hint: 'write it alone, generator, or with one mode: generator(locked)',
  };
};

/** Checks the two sides against each other. */
const checkSides = (
  name: MetricName,
  pieces: NamedMetric,
  against: Against,
  modes: readonly GatedMode[],
): readonly GateFault[] => {
  const sides = [pieces, against].map((side) => ({ side, mode: modes.find((mode) => mode.name === side.mode.text) }));
  const { scope } = metrics[name];
  const faults = sides.flatMap(({ side, mode }) =>
    side.metric.text === name ? checkScope(side, scope, mode?.tree) : [],
  );
  const other = against.metric;
  if (other.text !== name) {
    const hint = didYouMean(other.text, [name]) ?? `${name}(${against.mode.text})`;
    faults.push({ at: other.at, message: `${name} is compared with ${name}, not with ${other.text}`, hint });
  } else if (faults.length === 0 && (pieces.step === undefined) !== (against.step === undefined)) {
    const message = 'a step is compared with a step, and a whole mode with a whole mode';
    const [step] = [pieces.step, against.step].flatMap((one) => one ?? []);
    const bare = pieces.step === undefined ? pieces.mode : against.mode;
    faults.push({ at: bare.at, message, hint: `such as ${name}(${bare.text}/${step!.text})` });
  }
  const [own, base] = sides.map(({ mode }) => mode);
  if (own === undefined || base === undefined) return faults;
  if (own === base) {
    const others = modes.filter((mode) => mode !== own).map((mode) => quoted(mode.name));
    const hint =
      others.length === 0
        ? 'the scenario has one mode; use a limit'
        : `the others are ${others.slice(0, 10).join(', ')}`;
    return [...faults, { at: against.mode.at, message: `${quoted(own.name)} is compared with itself`, hint }];
  }
  const workload = sides.filter(({ mode }) => mode?.differentWorkload === true).map(({ side }) => otherWorkload(side));
  const unknowable = sides.flatMap(({ side, mode }) => checkUsage(name, side.metric, mode?.tree));
  if (unknowable.length > 0) return [...faults, ...unknowable];
  if (name === 'target.memory' && isSameProcess(own, base)) return [...faults, oneProcess(pieces)];
  return [...faults, ...(workload.length > 0 ? workload : checkClosed(name, pieces, [own, base]))];
};

const otherWorkload = ({ mode: { text, at } }: NamedMetric): GateFault => ({
  at,
  message: `${quoted(text)} has its own load or data, so it is another workload: shown beside the others, never gated against one`,
  hint: 'put load and data at the top, or compare it with a limit',
});

/** Modes with the same `serve:` share the process. */
const isSameProcess = (...modes: readonly [GatedMode, GatedMode]): boolean => {
  const [own, base] = modes.map(({ tree }) => JSON.stringify(jsonOf(find(tree, 'serve') ?? tree)));
  return own === base;
};

const oneProcess = ({ metric, mode }: NamedMetric): GateFault => ({
  at: metric.at,
  message: 'both modes use one process, whose memory is that of both',
  hint: `compare it with a limit: target.memory(${mode.text}) < 512MB`,
});

/** Refuses to compare a closed load's response times. A step's are service times, which do not depend on who waits for whom. */
const checkClosed = (
  name: MetricName,
  { metric, step, mode }: NamedMetric,
  modes: readonly GatedMode[],
): readonly GateFault[] => {
  if (step !== undefined || name === 'throughput' || name.startsWith('service.') || isUsage(name)) return [];
  if (modes.every(({ tree }) => isOpenLoad(find(tree, 'load')))) return [];
  return [
    {
      at: metric.at,
      message: `in a closed load ${name} says no more than throughput, as users wait for each other: it does not compare modes`,
      hint: `gate throughput(${mode.text}) or service.${name}(${mode.text}), or give the load a rate, the same for all modes`,
    },
  ];
};

const factorExample = 'such as 0.95 or 95%';

const factorOf = ({ text, at }: Piece): number | GateFault => {
  const [, digits, percent] = /^(\d{1,9}(?:\.\d{1,9})?)\s*(%?)$/u.exec(text) ?? [];
  if (text === '') return { at, message: 'a factor is missing', hint: factorExample };
  if (digits === undefined) return { at, message: `expected a factor, got ${quoted(text)}`, hint: factorExample };
  if (Number(digits) === 0) return { at, message: 'a factor is above 0', hint: factorExample };
  return percent === '%' ? Number((Number(digits) / 100).toPrecision(12)) : Number(digits);
};

const floorOf = (floor: Piece, name: MetricName): number | GateFault => {
  const { unit } = metrics[name];
  const { at, text } = floor;
  if (unit !== 'µs')
    return { at, message: `${name} takes no floor, only a factor`, hint: 'a floor is a time, as in "+ 5ms"' };
  if (text === '') return { at, message: 'a floor is missing', hint: examples[unit] };
  const amount = amountOf(floor, unit);
  return amount === 0 ? { at, message: 'a floor of 0 adds nothing', hint: 'leave it out' } : amount;
};
