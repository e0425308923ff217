import { carriedOut, type Die, type Done, type Drawn, spoiled } from '../draw.ts';
import { type Before, hasOrder } from '../orders.ts';
import type { Kind } from '../trial.ts';

/** How a number of a trial is changed. */
interface Manner {
  readonly sizes: readonly number[];
  readonly isTold?: boolean;
  readonly changes: readonly ('add' | 'cas' | 'take' | 'restock')[];
}

const signOf = (f: string): number => (f === 'take' ? -1 : 1);

const drawAmount =
  ({ sizes, changes, isTold = false }: Manner) =>
  (die: Die): Drawn => {
    const isStock = changes.includes('take') || changes.includes('restock');
    const first = isStock ? die(5) : die(3);
    const initial = die(4) > 0 ? first : NaN;
    let level = first;
    const tells = isTold ? 2 : 6;
    const mayAnswer = (f: string): object => (f !== 'cas' && die(tells) === 0 ? { value: level } : {});
    const act = (): Done => {
      if (die(5) < 2) return { f: 'read', status: die(12) === 0 ? 'info' : 'ok', value: level };
      const f = changes[die(changes.length)]!;
      const size = sizes[die(sizes.length)]!;
      const status = (['ok', 'ok', 'ok', 'info', 'info', 'fail'] as const)[die(6)]!;
      const base = level;
      if (f === 'take' && level < size && status !== 'info') return { f, status: 'fail', operand: size };
      const isRefused = status === 'fail' && f !== 'take';
      const outcome = isRefused ? 'fail' : status === 'info' ? 'info' : 'ok';
      const effect = (): void => {
        if (f === 'cas' && level !== base) return;
        if (f === 'take' && level < size) return;
        level += signOf(f) * size;
      };
      if (outcome === 'ok') effect();
      const what = f === 'cas' ? { operand: base, value: base + size } : { operand: size };
      return { f, status: outcome, ...what, ...(outcome === 'ok' && mayAnswer(f)), effect };
    };
    const deeds = carriedOut(die, 7, act);
    const final = die(2) === 0 ? level : NaN;
    return spoiled(die, { deeds, initial, final }, [0, 1, 1, 2, 3, 5][die(6)]!);
  };

/** Where nobody knows the first value, it may be any of these. */
const first = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, -1, -2, -3, -4, -5, -6, -7, -8];

const amounts =
  (isStock: boolean) =>
  ({ deeds, initial, final }: Drawn, before: Before): boolean =>
    hasOrder<number>(
      deeds.filter(({ status, f }) => status !== 'fail' || f === 'take'),
      {
        initials: Number.isNaN(initial) ? first : [initial],
        step: (level, { f, status, value = NaN, operand = 1 }) => {
          const isSaid = status === 'ok' && !Number.isNaN(value);
          if (f === 'read') return isSaid && value !== level ? undefined : level;
          if (f === 'cas') return level === operand ? value : undefined;
          if (f === 'take' && status === 'fail') return level < operand ? level : undefined;
          const next = level + signOf(f) * operand;
          if (isStock && f === 'take' && next < 0) return undefined;
          return isSaid && value !== next ? undefined : next;
        },
        mayEnd: (level) => Number.isNaN(final) || level === final,
      },
      before,
    );

const kindOf = (name: string, model: Kind['model'], manner: Manner, caught: Kind['caught']): Kind => ({
  name,
  model,
  draw: drawAmount(manner),
  isLegal: amounts(model === 'stock'),
  caught,
});

/** Numbers that are changed by amounts, or read and written back. */
export const counters: readonly Kind[] = [
  kindOf('counter of one size', 'counter', { sizes: [1], changes: ['add'] }, [0.8, 0.3]),
  kindOf('counter of a larger size', 'counter', { sizes: [3], changes: ['add'] }, [0.8, 0.3]),
  kindOf('counter whose answers tell', 'counter', { sizes: [1], changes: ['add'], isTold: true }, [0.8, 0.3]),
  kindOf('counter of several sizes', 'counter', { sizes: [1, -2, 3], changes: ['add'], isTold: true }, [0.3, 0.1]),
  kindOf('number that is written back', 'rmw-counter', { sizes: [1], changes: ['cas'] }, [0.8, 0.3]),
  kindOf(
    'number that is written back, up and down',
    'rmw-counter',
    { sizes: [1, -1, 2], changes: ['cas'] },
    [0.7, 0.2],
  ),
  kindOf(
    'number that is written back, and added to',
    'rmw-counter',
    { sizes: [1], changes: ['cas', 'add'] },
    [0.5, 0.1],
  ),
  kindOf(
    'number that is written back, and added to by several sizes',
    'rmw-counter',
    { sizes: [1, 2, -1], changes: ['cas', 'add'], isTold: true },
    [0.5, 0.1],
  ),
];

/** Stocks. */
export const stocks: readonly Kind[] = [
  kindOf('stock of takes of one', 'stock', { sizes: [1], changes: ['take'] }, [0.8, 0.3]),
  kindOf('stock of takes of two', 'stock', { sizes: [2], changes: ['take'], isTold: true }, [0.8, 0.3]),
  kindOf(
    'stock of restocks beside refusals',
    'stock',
    { sizes: [1], changes: ['restock', 'restock', 'take'] },
    [0.3, 0.1],
  ),
  kindOf('stock of several sizes', 'stock', { sizes: [1, 2], changes: ['take', 'restock'], isTold: true }, [0.3, 0.1]),
];
