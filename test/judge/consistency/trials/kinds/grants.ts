import { carriedOut, type Die, type Done, type Drawn, spoiled } from '../draw.ts';
import { type Before, bySessions, type Deed } from '../orders.ts';
import type { Kind } from '../trial.ts';

/** A moment of a draw, in ns: far more than clocks differ. */
const momentNs = 10_000_000;
/** Of a window, in moments: so that what is drawn fills several. */
const per = { altogether: 0, fixed: 20, sliding: 10 };

type Window = 'altogether' | 'fixed' | 'sliding';

/** Whether one more may be granted at a moment, by a limiter that is right; takes note of it. */
type Limiter = (now: number) => boolean;

const limiterOf = (window: Window, limit: number, die: Die): Limiter => {
  const granted: number[] = [];
  const length = per[window];
  const phase = die(length + 1);
  // Windows follow one another, or the next one begins with the next request.
  const isOnDemand = die(2) === 0;
  let begin = -Infinity;
  const isIn = (one: number, now: number): boolean => {
    if (window === 'altogether') return true;
    if (window === 'sliding') return one > now - length;
    return isOnDemand ? one >= begin : Math.floor((one + phase) / length) === Math.floor((now + phase) / length);
  };
  return (now) => {
    if (now >= begin + length) begin = now;
    if (granted.filter((one) => isIn(one, now)).length >= limit) return false;
    granted.push(now);
    return true;
  };
};

const drawGrants =
  (window: Window) =>
  (die: Die): Drawn => {
    const limit = 1 + die(2);
    const initial = window === 'altogether' && die(2) === 0 ? die(2) : NaN;
    const isGranted = limiterOf(window, Math.max(0, limit - (initial || 0)), die);
    // Some let more through.
    const isCareless = die(3) > 0;
    const act = (_session: number, _call: number, now: number): Done => {
      const status = (['ok', 'ok', 'ok', 'ok', 'ok', 'info', 'fail'] as const)[die(7)]!;
      const isRoom = status !== 'fail' && isGranted(now);
      if (!isRoom && !(isCareless && die(2) === 0)) return { f: 'grant', status: 'fail', operand: limit };
      return { f: 'grant', status, operand: limit };
    };
    const drawn = spoiled(die, { deeds: carriedOut(die, 8, act), initial, final: NaN }, [0, 0, 1, 1, 2, 3][die(6)]!);
    const deeds = drawn.deeds.map((one) => ({ ...one, call: one.call * momentNs, ret: one.ret * momentNs }));
    return { ...drawn, deeds };
  };

const limitOf = ({ deeds }: Drawn): number => Math.max(...deeds.map(({ operand }) => operand ?? 0));

/** In moments again. */
const grantsOf = ({ deeds }: Drawn): readonly Pick<Deed, 'call' | 'ret'>[] =>
  deeds
    .filter(({ status }) => status === 'ok')
    .map(({ call, ret }) => ({ call: call / momentNs, ret: ret / momentNs }));

const isWithin = (one: Drawn): boolean => (one.initial || 0) + grantsOf(one).length <= limitOf(one);

/** Whether each can be granted at some moment of its own so that no stretch has too many: by trying every one that comes next. */
const slides = (one: Drawn, before: Before): boolean => {
  if (before === bySessions) return true;
  const [grants, limit] = [grantsOf(one), limitOf(one)];
  const isPossible = (left: readonly number[], times: readonly number[]): boolean => {
    if (left.length === 0) return true;
    const least = Math.max(times.at(-1) ?? 0, (times.at(-limit) ?? -Infinity) + per.sliding);
    return left.some((next) => {
      const at = Math.max(grants[next]!.call, least);
      return (
        at <= grants[next]!.ret &&
        isPossible(
          left.filter((other) => other !== next),
          [...times, at],
        )
      );
    });
  };
  return limit > 0 ? isPossible([...grants.keys()], []) : grants.length === 0;
};

/** Whether windows that do not overlap have room for all: by trying every beginning of each, and everything that may be in it. */
const hasWindows = (one: Drawn, before: Before): boolean => {
  if (before === bySessions) return true;
  const [grants, limit] = [grantsOf(one), limitOf(one)];
  const end = Math.max(0, ...grants.map(({ ret }) => ret));
  const tried = new Set<string>();
  const isPossible = (from: number, left: readonly number[]): boolean => {
    if (left.length === 0) return true;
    if (from > end || left.some((at) => grants[at]!.ret < from)) return false;
    const state = `${from} ${left.join(' ')}`;
    if (tried.has(state)) return false;
    tried.add(state);
    const inside = left.filter((at) => grants[at]!.call < from + per.fixed);
    return (
      isPossible(from + 1, left) ||
      chosen(inside, Math.min(limit, inside.length)).some((some) =>
        isPossible(
          from + per.fixed,
          left.filter((at) => !some.includes(at)),
        ),
      )
    );
  };
  return isPossible(Math.min(0, ...grants.map(({ call }) => call)) - per.fixed, [...grants.keys()]);
};

const chosen = (all: readonly number[], count: number): readonly (readonly number[])[] => {
  if (count === 0) return [[]];
  return all.flatMap((first, at) => chosen(all.slice(at + 1), count - 1).map((others) => [first, ...others]));
};

/** Grants, altogether and in windows of two sorts. */
export const grantKinds: readonly Kind[] = [
  { name: 'grants', model: 'at-most', draw: drawGrants('altogether'), isLegal: isWithin, caught: [0.99, 0.99] },
  {
    name: 'grants in windows that follow one another',
    model: 'at-most',
    terms: { perNs: per.fixed * momentNs },
    needsClock: true,
    draw: drawGrants('fixed'),
    isLegal: hasWindows,
    caught: [0.9, 0],
  },
  {
    name: 'grants in every stretch of time',
    model: 'at-most',
    terms: { perNs: per.sliding * momentNs, isSliding: true },
    needsClock: true,
    draw: drawGrants('sliding'),
    isLegal: slides,
    caught: [0.6, 0],
  },
];
