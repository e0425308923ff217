import type { Engine } from '../engine.ts';
import { type Holds, holdsOf } from './held.ts';
import { overlaps } from './overlaps.ts';
import { byToken, heldOutOfOrder, tokenOrder } from './token-order.ts';

/**
 * Judges locks and leases by the name in `value` (one per key if there is none): from when a holder knew of its grant to when it began to
 * give it back, no other holder may have known the same. Exact, except for releases of unknown outcome that may end a later hold of the
 * same session. A grant of unknown outcome is no hold; a release of unknown outcome ends a hold when it begins. Holders are told apart by
 * the token in `version` if every grant and release has one, otherwise by session.
 *
 * Rules: `held-twice`, and for tokens `token-order`: of two grants the later one has the greater token.
 *
 * @param ttlNs how long after its request a lease may lapse by itself at the earliest; Infinity if never
 * @param own the holds among the rows that it is given, if they are known already
 */
export const mutex =
  (ttlNs: number, own?: Holds): Engine =>
  (history, rows) => {
    const all = own ?? holdsOf(history, rows, ttlNs);
    const twice = overlaps(history, rows, all, ttlNs, 'held-twice');
    if (all.ends === undefined) return twice;
    const order = byToken(history, rows);
    const tokens = tokenOrder(history, order);
    // If two holders have the same token, it cannot be told whose hold a release ended.
    if (all.areByToken && tokens.some(({ rule }) => rule === 'token-twice')) return tokens;
    return twice.length + tokens.length > 0 ? [...twice, ...tokens] : heldOutOfOrder(history, order, all.ends);
  };
