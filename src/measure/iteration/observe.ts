import type { Observation } from '../../core/plan.ts';
import { compileText, compileValue, TemplateValueError } from '../../template/compile.ts';
import { parseTemplate } from '../../template/parse.ts';
import type { Tally } from '../record/tally.ts';
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

/** What a step does to the data, seen from both sides of its request. */
export interface Observed {
  /**
   * Before it is sent: on which key, and by how much.
   *
   * @throws {TemplateValueError} where that has no value: nothing is to be sent then
   */
  begin(user: User): void;
  /** Once the exchange is over: enters it in the accounts, if it changed anything or may have. */
  done(user: User): void;
}

const observedOne = (observation: Observation, places: ReadonlyMap<string, number>, tally: Tally): Observed => {
  const lookup = userLookup(places);
  const key = compileText(parseTemplate(observation.key), lookup);
  const delta = compileValue(parseTemplate(observation.delta), lookup);
  // By user: each has one request on its way.
  const keys: string[] = [];
  const deltas: number[] = [];
  return {
    begin: (user) => {
      keys[user.index] = typeof key === 'string' ? key : key(user);
      deltas[user.index] = numberOf(delta(user), observation.delta);
    },
    done: (user) => {
      const effect = effectOf(user.exchange);
      if (effect !== 'none') tally.change(keys[user.index]!, deltas[user.index]!, effect === 'acknowledged');
    },
  };
};

const numberOf = (value: unknown, source: string): number => {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  if (typeof number === 'number' && Number.isFinite(number)) return number;
  throw new TemplateValueError(`"${source}" is no number`);
};

/** All observations of one step together; undefined where there are none. */
export const compileObserved = (
  step: string,
  all: readonly Observation[],
  places: ReadonlyMap<string, number>,
  tally: Tally,
): Observed | undefined => {
  const [first, ...others] = all
    .filter((observation) => observation.step === step)
    .map((observation) => observedOne(observation, places, tally));
  if (first === undefined || others.length === 0) return first;
  const each = [first, ...others];
  return {
    begin: (user) => {
      for (const one of each) one.begin(user);
    },
    done: (user) => {
      for (const one of each) one.done(user);
    },
  };
};
