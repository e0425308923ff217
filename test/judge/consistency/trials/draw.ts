import type { Deed } from './orders.ts';

/** Gives the next whole number from 0 to a limit less 1. */
export type Die = (limit: number) => number;

/** Of a seed always the same numbers (mulberry32). */
export const dice = (seed: number): Die => {
  let state = seed;
  return (limit) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296) * limit);
  };
};

/** What is known of the values beside the operations, as numbers of a history's columns; NaN: nothing. */
export interface Beside {
  readonly initial: number;
  readonly final: number;
}

/** A history of one key that was drawn. */
export interface Drawn extends Beside {
  readonly deeds: readonly Deed[];
}

/** What an operation is, but for its times; an `effect` is that of one of unknown outcome, should it take place. */
export interface Done extends Omit<Deed, 'session' | 'call' | 'ret'> {
  readonly effect?: () => void;
}

/** Operations of three sessions that take effect one after the other, each within its own time; `act` says what is done next. */
export const carriedOut = (
  die: Die,
  most: number,
  act: (session: number, call: number, now: number) => Done,
): Deed[] => {
  const deeds: Deed[] = [];
  const open: (() => void)[] = [];
  const free = [0, 0, 0];
  const count = 2 + die(most - 1);
  const spread = 2 + die(3);
  for (let n = 0, now = 4; n < count; n++, now += die(spread)) {
    if (open.length > 0 && die(3) === 0) open.splice(die(open.length), 1)[0]!();
    const session = die(3);
    const call = Math.max(free[session]!, now - die(5));
    now = Math.max(now, call);
    const end = now + die(5);
    free[session] = end + 1;
    const { effect, ...done } = act(session, call, now);
    if (effect !== undefined && done.status === 'info') open.push(effect);
    deeds.push({ ...done, session, call, ret: end });
  }
  for (const effect of open) if (die(3) === 0) effect();
  return deeds;
};

/** So that all orders are soon tried. */
const mostDeeds = 8;

const outcomes = ['ok', 'fail', 'info'] as const;

/** The history, and up to some number of faults in it: what was answered, what became of it, or when it was is another one. */
export const spoiled = (die: Die, { deeds, initial, final }: Drawn, faults: number): Drawn => {
  const out = [...deeds];
  let last = final;
  for (let n = 0; n < faults && out.length > 1; n++) {
    const [at, other] = [die(out.length), die(out.length)];
    const [a, b] = [out[at]!, out[other]!];
    switch (die(9)) {
      case 0:
        out[at] = within(b, a);
        out[other] = within(a, b);
        break;
      case 1:
        if (a.f !== b.f) break;
        out[at] = { ...a, ...answerOf(b) };
        out[other] = { ...b, ...answerOf(a) };
        break;
      case 2:
        if (a.value !== undefined && b.value !== undefined) out[at] = { ...a, value: b.value };
        break;
      case 3: {
        const status = outcomes[die(3)]!;
        out[at] = within({ ...a, status }, a);
        break;
      }
      case 4:
        out.splice(at, 1);
        break;
      case 5:
        if (out.length < mostDeeds) out.push({ ...a, session: 3 + n });
        break;
      case 6: {
        const shift = die(2) === 0 ? 5 : -5;
        for (const [i, one] of out.entries())
          if (one.session === a.session) out[i] = { ...one, call: one.call + shift, ret: one.ret + shift };
        break;
      }
      case 7: {
        const field = (['value', 'operand', 'version'] as const)[die(3)]!;
        if (a[field] !== undefined) out[at] = { ...a, [field]: a[field] + (die(2) === 0 ? 1 : -1) };
        break;
      }
      default:
        last = Number.isNaN(last) ? last : last + die(3) - 1;
    }
  }
  return { deeds: out, initial, final: last };
};

const answerOf = ({ value, operand, version, list }: Deed): Partial<Deed> => ({
  ...(value !== undefined && { value }),
  ...(operand !== undefined && { operand }),
  ...(version !== undefined && { version }),
  ...(list !== undefined && { list }),
});

/** What the one did, when and by whom the other one was done. */
const within = (what: Deed, { session, call, ret }: Deed): Deed => ({
  ...what,
  session,
  call,
  ret,
});
