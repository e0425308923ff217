import { carriedOut, type Die, type Done, type Drawn, spoiled } from '../draw.ts';
import { type Before, hasOrder } from '../orders.ts';
import type { Kind } from '../trial.ts';

const drawOnce =
  (isRead: boolean) =>
  (die: Die): Drawn => {
    // What was done before may have left its effect.
    const initial = isRead ? die(2) : NaN;
    let answer = initial === 1 && die(2) === 0 ? 11 + die(3) : 0;
    let moved = 0;
    // Some do it again.
    const isCareless = die(3) > 0;
    const done = (): number => {
      if (answer !== 0 && !(isCareless && die(2) === 0)) return answer;
      moved++;
      const isAlike = answer !== 0 && die(2) === 0;
      return (answer = isAlike ? answer : 11 + die(3));
    };
    const act = (): Done => {
      const status = (['ok', 'ok', 'ok', 'info', 'fail'] as const)[die(5)]!;
      if (status === 'fail') return { f: 'do', status };
      if (status === 'info') return { f: 'do', status, effect: () => void done() };
      const value = done();
      return { f: 'do', status, ...(die(6) > 0 && { value }) };
    };
    const deeds = carriedOut(die, 7, act);
    return spoiled(die, { deeds, initial, final: initial + moved }, [0, 0, 0, 1, 2][die(5)]!);
  };

/** Its states: what was answered, 0 for nothing yet and -1 for what nobody has told, and how often it was done. */
const isDoneOnce = ({ deeds, initial, final }: Drawn, before: Before): boolean =>
  hasOrder<string>(
    deeds.filter(({ status }) => status !== 'fail'),
    {
      initials: initial === 0 ? ['0 0'] : ['0 0', '-1 0'],
      step: (state, { status, value }) => {
        const [answer, moved] = state.split(' ').map(Number) as [number, number];
        const told = status === 'ok' ? value : undefined;
        if (answer === 0) return `${told ?? -1} ${moved + 1}`;
        if (told === undefined || told === answer) return state;
        return answer === -1 ? `${told} ${moved}` : undefined;
      },
      mayEnd: (state) => Number.isNaN(final - initial) || Number(state.split(' ')[1]) === final - initial,
    },
    before,
  );

/** What is done once for a key, its effect unknown or read. */
export const onceKinds: readonly Kind[] = [
  { name: 'what is done once', model: 'once', draw: drawOnce(false), isLegal: isDoneOnce, caught: [0.97, 0.97] },
  {
    name: 'what is done once, and its effect',
    model: 'once',
    draw: drawOnce(true),
    isLegal: isDoneOnce,
    caught: [0.97, 0.97],
  },
];
