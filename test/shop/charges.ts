import type { Answer, Asked, Department } from './department.ts';

interface Charge {
  readonly id: number;
  readonly count: number;
}

/** Charges, each by its idempotency key: once, however often they are asked for. */
export const chargesOf = (isWrong: () => boolean): Department => {
  const charges = new Map<string, Charge>();
  let last = 0;
  /** @param isQuiet who charges again answers as before */
  const charge = ({ headers }: Asked, isQuiet: boolean): Answer => {
    const key = String(headers['idempotency-key']);
    const known = charges.get(key);
    if (known !== undefined && !isWrong()) return [200, { id: known.id }];
    const made = known !== undefined && isQuiet ? known.id : ++last;
    charges.set(key, { id: made, count: (known?.count ?? 0) + 1 });
    return [201, { id: made }];
  };
  return {
    reset: () => charges.clear(),
    does: {
      'POST charges': (asked) => charge(asked, false),
      'POST quiet-charges': (asked) => charge(asked, true),
      'GET charges': ({ query }) => [200, { count: charges.get(query.get('key') ?? '')?.count ?? 0 }],
    },
  };
};
