import { carriedOut, type Die, type Done, type Drawn, spoiled } from '../draw.ts';
import { type Before, type Deed, hasOrder } from '../orders.ts';
import type { Kind } from '../trial.ts';

interface DrawnSet extends Drawn {
  readonly lists: { readonly initial: Float64Array | undefined; readonly final: Float64Array | undefined };
}

const elements = [1, 2, 3];

const drawSet = (die: Die): DrawnSet => {
  const isKnown = die(3) > 0;
  const first = die(2) === 0 ? [] : [1];
  const there = new Set(first);
  // Some lose what was added, or keep what was removed.
  const isCareless = die(2) === 0;
  const act = (): Done => {
    const status = (['ok', 'ok', 'ok', 'ok', 'info'] as const)[die(5)]!;
    const value = elements[die(3)]!;
    const f = (['add', 'add', 'remove', 'read', 'read'] as const)[die(5)]!;
    if (f === 'read') return { f, status: 'ok', list: [...there] };
    const effect = (): void => {
      if (isCareless && die(3) === 0) return;
      if (f === 'add') there.add(value);
      else there.delete(value);
    };
    if (status === 'ok') effect();
    return { f, status, value, effect };
  };
  const drawn = spoiled(die, { deeds: carriedOut(die, 7, act), initial: NaN, final: NaN }, [0, 0, 0, 1, 1][die(5)]!);
  return {
    ...drawn,
    lists: {
      initial: isKnown ? Float64Array.from(first) : undefined,
      final: die(2) === 0 ? Float64Array.from(there) : undefined,
    },
  };
};

const isSet = ({ deeds, lists: { initial, final } }: DrawnSet, before: Before): boolean => {
  const write = (some: Iterable<number>): string => [...new Set(some)].toSorted((a, b) => a - b).join(' ');
  const read = (state: string): readonly number[] => (state === '' ? [] : state.split(' ').map(Number));
  const all = [...new Set([...elements, ...deeds.flatMap(({ value }) => value ?? [])])];
  const subsets = all.reduce<readonly (readonly number[])[]>(
    (some, one) => [...some, ...some.map((of) => [...of, one])],
    [[]],
  );
  return hasOrder<string>(
    deeds.filter(
      ({ f, status, list }) => status !== 'fail' && (f !== 'read' || (status === 'ok' && list !== undefined)),
    ),
    {
      initials: initial === undefined ? subsets.map(write) : [write(initial)],
      step: (state, { f, value, list }) => {
        const now = read(state);
        if (f === 'add') return write([...now, value!]);
        if (f === 'remove') return write(now.filter((one) => one !== value));
        return write(list!) === state ? state : undefined;
      },
      mayEnd: (state) => final === undefined || write(final) === state,
    },
    before,
  );
};

/** A read says a list; without a clock little shows. */
const withoutLists = (deeds: readonly Deed[]): readonly Deed[] =>
  deeds.filter(({ f, list }) => f !== 'read' || list !== undefined);

/** Sets whose elements are added and removed. */
export const setKinds = [
  {
    name: 'a set',
    model: 'set',
    draw: (die: Die): DrawnSet => {
      const drawn = drawSet(die);
      return { ...drawn, deeds: withoutLists(drawn.deeds) };
    },
    isLegal: (one: DrawnSet, before: Before): boolean => isSet(one, before),
    lists: ({ lists }: DrawnSet) => lists,
    areSets: true,
    needsClock: true,
    caught: [0.6, 0],
  },
] as unknown as readonly Kind[];
