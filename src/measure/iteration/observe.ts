import type { Observation } from '../../core/plan.ts';
import { compileText, compileValue, TemplateValueError } from '../../template/compile.ts';
import { parseTemplate } from '../../template/parse.ts';
import type { Tally } from '../record/tally.ts';
import type { Send } from '../transport/transport.ts';
import { userLookup } from './scope.ts';
import type { Exchange, User } from './user.ts';

/**
 * Whether a request changed the target's data: `acknowledged`, `unknown`, or `none`.
 *
 * 2xx did; another answer did not, except 408 and 5xx, which come from servers that may have done the work already; a
 * failure without an answer did not if nothing was sent.
 */
export const effectOf = ({ failure, status, maybeApplied }: Exchange): 'acknowledged' | 'unknown' | 'none' => {
  if (failure !== undefined) return maybeApplied ? 'unknown' : 'none';
  if (status >= 200 && status < 300) return 'acknowledged';
  return status >= 500 || status === 408 ? 'unknown' : 'none';
};

/** Wraps a send so that what it did to the data is entered in the accounts. Key and delta are those from before the send. */
const observed = (send: Send, observation: Observation, places: ReadonlyMap<string, number>, tally: Tally): Send => {
  const lookup = userLookup(places);
  const key = compileText(parseTemplate(observation.key), lookup);
  const delta = compileValue(parseTemplate(observation.delta), lookup);
  return async (user) => {
    const ofKey = typeof key === 'string' ? key : key(user);
    const by = numberOf(delta(user), observation.delta);
    await send(user);
    const effect = effectOf(user.exchange);
    if (effect !== 'none') tally.change(ofKey, by, effect === 'acknowledged');
  };
};

const numberOf = (value: unknown, source: string): number => {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  if (typeof number === 'number' && Number.isFinite(number)) return number;
  throw new TemplateValueError(`"${source}" is no number`);
};

/** The observations of one step. */
export const observationsOf = (step: string, all: readonly Observation[]): readonly Observation[] =>
  all.filter((observation) => observation.step === step);

/** A user's send with every observation of its step around it. */
export const observedAll = (
  send: Send,
  observations: readonly Observation[],
  places: ReadonlyMap<string, number>,
  tally: Tally,
): Send => {
  let whole: (user: User) => Promise<void> = send;
  for (const observation of observations) whole = observed(whole, observation, places, tally);
  return whole;
};
