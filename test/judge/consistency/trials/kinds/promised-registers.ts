import { carriedOut, type Die, type Done, type Drawn, spoiled } from '../draw.ts';
import { type Before, bySessions, type Deed, hasOrder } from '../orders.ts';
import type { Kind } from '../trial.ts';

const faults = [0, 0, 1, 1, 2, 3];

/** @param isUnique each value is written once */
const drawSwaps =
  (isUnique: boolean) =>
  (die: Die): Drawn => {
    const initial = die(3) > 0 ? 10 : NaN;
    let state = 10;
    let last = 10;
    // Some refuse what they should do.
    const isCareless = die(2) === 0;
    const act = (): Done => {
      const status = (['ok', 'ok', 'ok', 'ok', 'info'] as const)[die(5)]!;
      const value = isUnique ? ++last : 10 + die(3);
      switch (die(4)) {
        case 0:
          return status === 'ok' ? { f: 'read', status, value: state } : { f: 'read', status: 'fail' };
        case 1: {
          const effect = (): void => void (state = value);
          if (status === 'ok') effect();
          return { f: 'write', status, value, effect };
        }
        default: {
          const operand = die(4) > 0 ? state : isUnique ? 10 + die(last - 8) : 10 + die(3);
          const effect = (): void => void (state = state === operand ? value : state);
          if (status === 'info') return { f: 'cas', status, operand, value, effect };
          if (state !== operand || (isCareless && die(2) === 0)) return { f: 'cas', status: 'fail', operand, value };
          effect();
          return { f: 'cas', status, operand, value };
        }
      }
    };
    return spoiled(die, { deeds: carriedOut(die, 6, act), initial, final: NaN }, faults[die(6)]!);
  };

/** A swap that was refused saw something else. */
const hasReasons = ({ deeds, initial }: Drawn, before: Before): boolean => {
  const done = deeds.filter(({ f, status }) => status !== 'fail' || f === 'cas');
  const values = [...new Set(done.flatMap(({ value, operand }) => [value ?? [], operand ?? []].flat())), 999];
  return hasOrder<number>(
    done,
    {
      initials: Number.isNaN(initial) ? values : [initial],
      step: (state, { f, status, value, operand }) => {
        if (f === 'read') return value === undefined || value === state ? state : undefined;
        if (f === 'write') return value!;
        if (status === 'fail') return state === operand ? undefined : state;
        return state === operand ? value! : undefined;
      },
      mayEnd: () => true,
    },
    before,
  );
};

/** A store of two copies: reads are of the one or the other. */
const drawReplicas =
  (hasVersions: boolean) =>
  (die: Die): Drawn => {
    const copies = [10, 10];
    let last = 10;
    const ofSession = [die(2), die(2), die(2)];
    // Some read of any copy, in place of their own.
    const isCareless = die(12) > 0;
    const act = (session: number): Done => {
      const own = ofSession[session]!;
      if (die(9) === 0) copies[1 - own] = Math.max(...copies);
      if (die(3) === 0) {
        copies[own] = ++last;
        return { f: 'write', status: 'ok', value: last, ...(hasVersions && { version: last }) };
      }
      const value = copies[isCareless && die(2) === 0 ? 1 - own : own]!;
      return { f: 'read', status: 'ok', value, ...(hasVersions && { version: value }) };
    };
    return spoiled(
      die,
      { deeds: carriedOut(die, 7, act), initial: die(2) === 0 ? 10 : NaN, final: NaN },
      [0, 0, 1, 2][die(4)]!,
    );
  };

/** Whether no session has read what is older than what it wrote or read before: pair by pair. */
const keepsSessions = ({ deeds, initial }: Drawn, before: Before): boolean => {
  const done = deeds.filter(({ status }) => status === 'ok');
  const writes = (of: Deed): readonly Deed[] => deeds.filter(({ f, value }) => f === 'write' && value === of.value);
  const isOlder = (a: Deed, b: Deed): boolean => {
    if (a.version !== undefined && b.version !== undefined) return a.version < b.version;
    if (a.value === b.value || writes(a).length > 1 || writes(b).length !== 1) return false;
    if (a.value === initial) return true;
    return before !== bySessions && done.some(({ value, ret }) => value === a.value && ret < writes(b)[0]!.call);
  };
  return !done.some(
    (one) =>
      one.f === 'read' && done.some((own) => own.session === one.session && own.ret < one.call && isOlder(one, own)),
  );
};

/** Compare-and-swaps that are refused for a reason, and registers that promise to sessions alone. */
export const promisedRegisterKinds: readonly Kind[] = [
  {
    name: 'refusals of values that are written once',
    model: 'cas-register',
    terms: { areRefusalsJustified: true },
    draw: drawSwaps(true),
    isLegal: hasReasons,
    caught: [0.9, 0.1],
  },
  {
    name: 'refusals of values that come again',
    model: 'cas-register',
    terms: { areRefusalsJustified: true },
    draw: drawSwaps(false),
    isLegal: hasReasons,
    caught: [0.9, 0],
  },
  {
    name: 'sessions by values',
    model: 'register',
    terms: { isOfSessions: true },
    draw: drawReplicas(false),
    isLegal: keepsSessions,
    needsClock: true,
    caught: [0.9, 0],
  },
  {
    name: 'sessions by versions',
    model: 'register',
    terms: { isOfSessions: true },
    draw: drawReplicas(true),
    isLegal: keepsSessions,
    caught: [0.9, 0.9],
  },
];
