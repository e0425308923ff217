import { carriedOut, type Die, type Done, type Drawn, spoiled } from '../draw.ts';
import { type Before, byTimes, type Deed, hasOrder } from '../orders.ts';
import type { Kind } from '../trial.ts';

interface Lists {
  readonly initial: Float64Array | undefined;
  readonly final: Float64Array | undefined;
}

interface DrawnQueue extends Drawn {
  readonly lists: Lists;
}

/** A take that found nothing, as a number of a history's columns. */
const nothing = -Infinity;

const drawQueue =
  (isRead: boolean) =>
  (die: Die): DrawnQueue => {
    const first = die(2) === 0 ? [] : [90, 91].slice(die(2));
    const isKnown = die(2) === 0;
    let items = [...first];
    let last = 0;
    // Some give what was given already, or lose what was put in.
    const isCareless = die(4) > 0;
    const act = (): Done => {
      const status = (['ok', 'ok', 'ok', 'ok', 'info', 'fail'] as const)[die(6)]!;
      if (die(5) < 2) {
        const value = die(7) === 0 ? Math.max(1, last) : ++last;
        const effect = (): void => {
          if (!(isCareless && die(3) === 0)) items.push(value);
        };
        if (status === 'ok') effect();
        return { f: 'put', status, value, effect };
      }
      const take = (): number => {
        const value = items[die(items.length)];
        if (!(isCareless && die(2) === 0)) items = items.filter((one) => one !== value);
        return value ?? nothing;
      };
      if (status === 'ok') return { f: 'take', status, value: take() };
      return { f: 'take', status, ...(status === 'info' && { effect: () => void take() }) };
    };
    const drawn = spoiled(
      die,
      { deeds: carriedOut(die, 7, act), initial: NaN, final: NaN },
      [0, 0, 0, 1, 1, 2][die(6)]!,
    );
    return {
      ...drawn,
      lists: {
        initial: isKnown ? Float64Array.from(first) : undefined,
        final: isRead ? Float64Array.from(items) : undefined,
      },
    };
  };

/** The takes that found nothing when all had ended. */
const emptiesOf = (deeds: readonly Deed[]): readonly Deed[] => {
  const done = deeds.filter(({ status }) => status === 'ok');
  const isEmpty = ({ f, value }: Deed): boolean => f === 'take' && value === nothing;
  const ended = Math.max(-Infinity, ...done.filter((one) => !isEmpty(one)).map(({ ret }) => ret));
  return done.filter((one) => isEmpty(one) && one.call > ended);
};

/** Its states: the values that are there, and how many takes of unknown outcome there have been, each of which may have one. */
const isQueue = ({ deeds: all, lists: { initial, final } }: DrawnQueue, before: Before): boolean => {
  // A put of null puts nothing in.
  const deeds = all.filter(
    ({ f, status, value }) =>
      status !== 'fail' && !(value !== undefined && Number.isNaN(value)) && !(f === 'put' && value === nothing),
  );
  const put = new Set(deeds.filter(({ f }) => f === 'put').map(({ value }) => value));
  const seen = [
    ...deeds.filter(({ f, status }) => f === 'take' && status === 'ok').flatMap(({ value }) => value ?? []),
    ...(final ?? []),
  ];
  // Where nobody knows, what nobody has put in was there once.
  const first = initial ?? [...new Set(seen)].filter((one) => one !== undefined && one !== nothing && !put.has(one));
  const empties = before === byTimes && final === undefined ? emptiesOf(deeds) : [];
  const write = (items: readonly number[], taken: number): string =>
    `${[...items].sort((a, b) => a - b).join(' ')}|${taken}`;
  const read = (state: string): { readonly items: readonly number[]; readonly taken: number } => {
    const [items = '', taken] = state.split('|');
    return { items: items === '' ? [] : items.split(' ').map(Number), taken: Number(taken) };
  };
  const without = (items: readonly number[], value: number): readonly number[] | undefined => {
    const at = items.indexOf(value);
    return at < 0 ? undefined : items.filter((_, other) => other !== at);
  };
  return hasOrder<string>(
    deeds,
    {
      initials: [write([...first], 0)],
      step: (state, deed) => {
        const { items, taken } = read(state);
        if (deed.f === 'put') return write([...items, deed.value!], taken);
        if (deed.status === 'info') return write(items, taken + 1);
        if (empties.includes(deed)) return items.length <= taken ? state : undefined;
        if (deed.value === undefined) return write(items, taken + 1);
        if (deed.value === nothing) return state;
        const left = without(items, deed.value);
        return left === undefined ? undefined : write(left, taken);
      },
      mayEnd: (state) => {
        const { items, taken } = read(state);
        if (final === undefined) return true;
        let left: readonly number[] | undefined = items;
        for (const one of final) left = left === undefined ? undefined : without(left, one);
        return left !== undefined && left.length <= taken;
      },
    },
    before,
  );
};

const kindOf = (name: string, isRead: boolean, caught: Kind['caught']): Kind<DrawnQueue> => ({
  name,
  model: 'queue',
  draw: drawQueue(isRead),
  isLegal: isQueue,
  lists: ({ lists }) => lists,
  caught,
});

/** Queues that are read when all is over, and such that are not. */
export const queueKinds = [
  kindOf('a queue', false, [0.95, 0.95]),
  kindOf('a queue that is read when all is over', true, [0.95, 0.95]),
] as unknown as readonly Kind[];
