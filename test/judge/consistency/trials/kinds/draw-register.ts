import { carriedOut, type Die, type Done, type Drawn, spoiled } from '../draw.ts';
import { type Before, hasOrder } from '../orders.ts';
import type { Kind } from '../trial.ts';

/** How a register of a trial is written and read. */
export interface Manner {
  /** Values are drawn from so few that they come back; else each is written once. */
  readonly isRepeating?: boolean;
  readonly hasSwaps?: boolean;
  /** Answers tell versions: all of them, or most. */
  readonly versions?: 'all' | 'most';
  /** Versions are texts: new ones, or made of the value. */
  readonly tags?: boolean;
  /** What a compare-and-swap is built on; a version where answers tell them. */
  readonly isSureOnly?: boolean;
}

/** Draws a register that behaves, with up to some faults in it. */
const drawRegister = (manner: Manner): ((die: Die) => Drawn) => {
  const { isRepeating = false, hasSwaps = false, versions, tags = false, isSureOnly = false } = manner;
  return (die) => {
    // Nobody knows the first value of some; it may be one that is written later on.
    const first = die(2) === 0 ? 0 : die(6);
    const initial = die(3) > 0 ? first : NaN;
    const isHash = tags && die(3) === 0;
    const tellsAll = versions === 'all' || die(3) === 0;
    let value = first;
    let version = tags ? (isHash ? first : 100) : 10;
    let fresh = 0;
    const tagOf = (one: number): number => (isHash ? one : ++latest + 100);
    let latest = 0;
    const isTold = (): boolean => versions !== undefined && (tellsAll || die(4) > 0);
    const act = (): Done => {
      const kind = die(hasSwaps ? 10 : 8);
      const told = { ...(isTold() && { version }) };
      if (kind < 4) return { f: 'read', status: die(12) === 0 ? 'info' : 'ok', value, ...told };
      const written = isRepeating ? die(3) : ++fresh;
      const status = (['ok', 'ok', 'ok', 'ok', isSureOnly ? 'ok' : 'info', 'fail'] as const)[die(6)]!;
      const made = tags ? tagOf(written) : version + 1 + die(2);
      const operand = versions === undefined ? value : version;
      const isSwap = kind >= 8;
      const [f, built] = isSwap
        ? ['cas', { operand: status === 'fail' && die(2) === 0 ? operand + 1 : operand }]
        : ['write', {}];
      const effect = (): void => {
        // A compare-and-swap that comes late finds what it was built on, or is refused.
        if (isSwap && operand !== (versions === undefined ? value : version)) return;
        const next = tags ? made : Math.max(made, version + 1);
        [value, version] = [written, next];
      };
      if (status === 'ok') effect();
      return {
        f,
        status,
        value: written,
        ...built,
        ...(status === 'ok' && isTold() && { version }),
        effect,
      };
    };
    const deeds = carriedOut(die, 7, act);
    const final = die(3) === 0 ? value : NaN;
    return spoiled(die, { deeds, initial, final }, [0, 1, 1, 2, 3, 5][die(6)]!);
  };
};

/** By values; NaN: nobody knows, a read tells it. */
export const values = ({ deeds, initial, final }: Drawn, before: Before): boolean =>
  hasOrder<number>(
    deeds.filter(({ status }) => status !== 'fail'),
    {
      initials: [initial],
      step: (now, { f, value = NaN, operand = NaN, status }) => {
        if (f === 'read')
          return status !== 'ok' || Number.isNaN(value) || value === now ? now : Number.isNaN(now) ? value : undefined;
        if (f === 'cas' && now !== operand && !Number.isNaN(now)) return undefined;
        return value;
      },
      mayEnd: (now) => Number.isNaN(final) || Number.isNaN(now) || now === final,
    },
    before,
  );

/** A kind of register. */
export const kindOf = (
  name: string,
  manner: Manner,
  isLegal: Kind['isLegal'],
  caught: Kind['caught'],
  isAsJudged = isLegal,
): Kind => ({
  name,
  model: manner.hasSwaps === true ? 'cas-register' : 'register',
  ...(manner.tags === true && { areTags: true }),
  draw: drawRegister(manner),
  isLegal,
  isAsJudged,
  caught,
});
