import { carriedOut, type Die, type Done, type Drawn, spoiled } from '../draw.ts';
import { type Before, hasOrder } from '../orders.ts';
import type { Kind } from '../trial.ts';

/** A log, with its lists as far as they are known. */
interface DrawnLog extends Drawn {
  readonly first: readonly number[] | undefined;
  readonly last: readonly number[] | undefined;
}

type Known = 'empty' | 'list' | 'length' | 'nothing';

/** How reads tell the log. */
type Told = 'lists' | 'ends' | 'both';

const drawLog =
  (known: Known, told: Told) =>
  (die: Die): DrawnLog => {
    // Now and then one of the first elements is one that somebody is going to append.
    const first = known === 'empty' ? [] : [101, die(6) === 0 ? 1 + die(6) : 102, 103].slice(0, die(4));
    const list = [...first];
    let fresh = 0;
    const act = (): Done => {
      if (die(5) < 2) {
        const status = die(12) === 0 ? 'info' : 'ok';
        if (told === 'lists' || (told === 'both' && die(2) === 0)) return { f: 'read', status, list: [...list] };
        const end = list.at(-1);
        return { f: 'read', status, version: list.length, ...(end !== undefined && die(4) > 0 && { value: end }) };
      }
      const value = ++fresh;
      const status = (['ok', 'ok', 'ok', 'ok', 'info', 'fail'] as const)[die(6)]!;
      const effect = (): void => void list.push(value);
      if (status === 'ok') effect();
      return { f: 'append', status, value, ...(status === 'ok' && die(3) === 0 && { version: list.length }), effect };
    };
    const deeds = carriedOut(die, 7, act);
    const isRead = die(2) === 0;
    const initial = known === 'nothing' ? NaN : first.length;
    const drawn = { deeds, initial, final: isRead ? list.length : NaN };
    const faulty = spoiled(die, drawn, [0, 1, 1, 2, 3, 5][die(6)]!);
    const last = isRead && die(2) === 0 ? list : undefined;
    return {
      ...faulty,
      deeds: faulty.deeds.map((deed) =>
        deed.list !== undefined && die(12) === 0 ? { ...deed, list: wrong(die, deed.list) } : deed,
      ),
      ...(last !== undefined && { final: last.length }),
      first: known === 'list' || (known === 'empty' && die(2) === 0) ? first : undefined,
      last: last === undefined || die(10) > 0 ? last : wrong(die, last),
    };
  };

/** The list with an element left out, two exchanged, or one twice. */
const wrong = (die: Die, list: readonly number[]): readonly number[] => {
  const out = [...list];
  if (out.length === 0) return out;
  const [a, b] = [die(out.length), die(out.length)];
  if (die(3) === 0) out.splice(a, 1);
  else if (die(2) === 0) [out[a], out[b]] = [out[b]!, out[a]!];
  else out[a] = out[b]!;
  return out;
};

/**
 * Elements in their order; those from before begin with `i`, and are `i?` where nobody knows them. No element is there twice, but that
 * one may be appended that is known to have been there.
 */
const isOneLog = ({ deeds, initial, final, first, last }: DrawnLog, before: Before): boolean => {
  const isUnknown = Number.isNaN(initial);
  const lengths = isUnknown ? [0, 1, 2, 3, 4, 5, 6, 7, 8] : [initial];
  const isThere = (list: readonly string[], element: number): boolean =>
    list.includes(`${element}`) || (isUnknown && list.includes(`i${element}`));
  /** The list, with what was seen at a place of it; `undefined`: something else is there. */
  const filled = (list: readonly string[], at: number, element: number): readonly string[] | undefined => {
    const there = list[at];
    if (there === `${element}` || there === `i${element}`) return list;
    if (there !== 'i?' || (isUnknown && isThere(list, element))) return undefined;
    return list.map((one, place) => (place === at ? `i${element}` : one));
  };
  const fitted = (list: readonly string[], seen: readonly number[]): readonly string[] | undefined => {
    if (seen.length !== list.length) return undefined;
    let now: readonly string[] | undefined = list;
    for (const [at, element] of seen.entries()) now = now === undefined ? now : filled(now, at, element);
    return now;
  };
  return hasOrder<string>(
    deeds.filter(({ status }) => status !== 'fail'),
    {
      initials:
        first === undefined
          ? lengths.map((length) => Array.from({ length }, () => 'i?').join(' '))
          : [first.map((one) => `i${one}`).join(' ')],
      step: (state, { f, status, value, version, list }) => {
        const now = state === '' ? [] : state.split(' ');
        if (f === 'append') {
          if (isThere(now, value!) || (status === 'ok' && version !== undefined && version !== now.length + 1))
            return undefined;
          return [...now, `${value!}`].join(' ');
        }
        if (status !== 'ok') return state;
        if (list !== undefined) return fitted(now, list)?.join(' ');
        if (version === undefined) return state;
        if (version !== now.length) return undefined;
        return value === undefined || now.length === 0 ? state : filled(now, now.length - 1, value)?.join(' ');
      },
      mayEnd: (state) => {
        const now = state === '' ? [] : state.split(' ');
        if (last !== undefined) return fitted(now, last) !== undefined;
        return Number.isNaN(final) || now.length === final;
      },
    },
    before,
  );
};

const numbers = (list: readonly number[] | undefined): Float64Array | undefined =>
  list === undefined ? undefined : Float64Array.from(list);

const kindOf = (name: string, known: Known, told: Told, caught: Kind['caught']): Kind => ({
  name,
  model: 'append-log',
  draw: drawLog(known, told),
  isLegal: (one, before) => isOneLog(one as DrawnLog, before),
  lists: (one) => ({ initial: numbers((one as DrawnLog).first), final: numbers((one as DrawnLog).last) }),
  caught,
});

/** Logs, read whole or by their ends. */
export const logs: readonly Kind[] = [
  kindOf('log that is read whole', 'empty', 'lists', [0.8, 0.5]),
  kindOf('log that is read by its end', 'empty', 'ends', [0.6, 0.3]),
  kindOf('log whose first elements are known', 'list', 'both', [0.6, 0.3]),
  kindOf('log whose first length is known', 'length', 'both', [0.6, 0.3]),
  kindOf('log of which nobody knows what was there at first', 'nothing', 'both', [0.4, 0.2]),
];
