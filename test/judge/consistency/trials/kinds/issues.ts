import { carriedOut, type Die, type Done, type Drawn, spoiled } from '../draw.ts';
import { type Before, hasOrder } from '../orders.ts';
import type { Kind } from '../trial.ts';

interface Promised {
  readonly isOrdered: boolean;
  readonly isDense: boolean;
}

const drawIssues =
  ({ isOrdered, isDense }: Promised) =>
  (die: Die): Drawn => {
    const initial = die(2) === 0 ? 10 : NaN;
    let latest = 10;
    const open: number[] = [];
    const next = (): number => {
      if (isDense || die(2) === 0) latest += 1;
      else latest += 1 + die(3);
      open.push(latest);
      // Who asks later may get a lower one, unless they are in order.
      return open.splice(isOrdered ? 0 : die(open.length), 1)[0]!;
    };
    const act = (): Done => {
      const status = (['ok', 'ok', 'ok', 'ok', 'info', 'fail'] as const)[die(6)]!;
      if (status === 'fail') return { f: 'issue', status };
      if (status === 'info') return { f: 'issue', status, effect: () => void next() };
      return { f: 'issue', status, value: next() };
    };
    const deeds = carriedOut(die, 7, act);
    return spoiled(die, { deeds, initial, final: NaN }, [0, 1, 1, 2, 3, 5][die(6)]!);
  };

const areIssued =
  ({ isOrdered, isDense }: Promised) =>
  ({ deeds, initial }: Drawn, before: Before): boolean => {
    const done = deeds.filter(({ status }) => status !== 'fail');
    const issued = done.flatMap(({ status, value }) => (status === 'ok' && value !== undefined ? [value] : []));
    if (new Set([initial, ...issued]).size !== issued.length + 1) return false;
    if (isDense && !isOrdered) {
      if (!Number.isNaN(initial) && issued.some((one) => one <= initial)) return false;
      const from = Number.isNaN(initial) ? Math.min(...issued) : initial + 1;
      const left = issued.length === 0 ? 0 : Math.max(...issued) - from + 1 - issued.length;
      return left <= done.filter(({ status }) => status === 'info').length;
    }
    if (!isOrdered) return true;
    return hasOrder<number>(
      done,
      {
        initials: [initial],
        step: (last, { status, value }) => {
          if (status === 'info') return isDense && !Number.isNaN(last) ? last + 1 : last;
          if (value === undefined || value <= last) return value === undefined ? last : undefined;
          return isDense && !Number.isNaN(last) && value !== last + 1 ? undefined : value;
        },
        mayEnd: () => true,
      },
      before,
    );
  };

const kindOf = (name: string, promised: Promised, caught: Kind['caught']): Kind => ({
  name,
  model: 'issue',
  terms: promised,
  draw: drawIssues(promised),
  isLegal: areIssued(promised),
  caught,
});

/** Numbers that are handed out. */
export const issues: readonly Kind[] = [
  kindOf('numbers', { isOrdered: false, isDense: false }, [0.8, 0.8]),
  kindOf('numbers in order', { isOrdered: true, isDense: false }, [0.8, 0.3]),
  kindOf('numbers of which none is left out', { isOrdered: false, isDense: true }, [0.8, 0.8]),
  kindOf('numbers in order of which none is left out', { isOrdered: true, isDense: true }, [0.5, 0.3]),
];
