import type { Clock } from '../../core/clock.ts';
import type { Exchange, User } from '../user.ts';

/** Fills in the exchange of a request of which no byte was sent: certainly nothing was carried out. */
export const unsent = (exchange: Exchange, clock: Clock, failure: User['failure'], detail: string): void => {
  exchange.sentUs = clock.now();
  exchange.doneUs = exchange.sentUs;
  exchange.bytes = 0;
  exchange.status = 0;
  exchange.failure = failure;
  exchange.isTimed = false;
  exchange.maybeApplied = false;
  exchange.detail = detail;
};
