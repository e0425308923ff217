import type { Engine } from '../engine.ts';
import { type Holds, holdsOf } from './held.ts';
import { overlaps } from './overlaps.ts';
import { byToken, heldOutOfOrder, tokenOrder } from './token-order.ts';

/**
 * Judges locks and leases, each with the name that is in `value` (one of the key where there is none): from when a holder
 * knew of its grant to when it began to give it back, nobody else may have known the same. Exact except releases of unknown
 * outcome that may end a later hold of the same session. A grant of unknown outcome is no hold; a release of unknown outcome
 * ends one when it is begun. Holders are told apart by the token in `version` where every grant and release has one,
 * otherwise by session.
 *
 * Rules: `held-twice`, and for tokens `token-order`: of two grants the later one has the greater token.
 *
 * @param ttlNs a lease lapses by itself so long after it was asked for at the earliest; Infinity: never
 * @param own of the rows that it is given, where they are known already
 */
export const mutex =
  (ttlNs: number, own?: Holds): Engine =>
  (history, rows) => {
    const all = own ?? holdsOf(history, rows, ttlNs);
    const twice = overlaps(history, rows, all, ttlNs, 'held-twice');
    if (all.ends === undefined) return twice;
    const order = byToken(history, rows);
    const tokens = tokenOrder(history, order);
    // By a token that two have, nobody can tell whose hold a release ended.
    if (all.areByToken && tokens.some(({ rule }) => rule === 'token-twice')) return tokens;
    return twice.length + tokens.length > 0 ? [...twice, ...tokens] : heldOutOfOrder(history, order, all.ends);
  };
