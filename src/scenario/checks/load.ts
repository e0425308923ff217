import { kindOfStages } from '../layers/load-keys.ts';
import { at, type Complaint } from '../text/locate.ts';
import { find, itemsOf, numberOf, type Branch, type Tree } from '../text/tree.ts';

/**
 * Checks a load for faults that several of its keys make together.
 *
 * @param rounds that the run will have
 */
export const checkLoad = (load: Tree | undefined, rounds: number): Complaint[] => {
  if (load?.kind !== 'map') return [];
  return [...checkStop(load, rounds), ...checkStages(load), ...checkKind(load)];
};

/** A complaint about a key of the load, if it is set. */
const on = (load: Branch, key: string, message: string, hint?: string): Complaint[] => {
  const value = find(load, key);
  return value === undefined ? [] : [at(value, message, hint)];
};

const checkStop = (load: Branch, rounds: number): Complaint[] => {
  const iterations = find(load, 'iterations');
  const stages = find(load, 'stages');
  if (stages !== undefined) {
    const kind = kindOfStages(stages);
    const hint = `leave it out, or replace the stages by ${kind === 'mixed' ? 'a rate or users' : own[kind]} of your own`;
    return ['duration', 'iterations'].flatMap((key) =>
      on(load, key, `stages say how long a load takes, so there is no "${key}" beside them`, hint),
    );
  }
  if (iterations === undefined) return [];
  const both = 'a load ends after a duration or after a number of iterations, not both';
  if (find(load, 'duration') !== undefined) return [at(iterations, both, 'leave one of them out')];
  const number = numberOf(iterations);
  if (number === undefined || number < 1 || number >= rounds) return [];
  return [
    at(
      iterations,
      `${number} iterations cannot be shared out over ${rounds} rounds`,
      'more iterations, or fewer rounds',
    ),
  ];
};

const own = { rate: 'a "rate"', users: '"users"' } as const;

const checkStages = (load: Branch): Complaint[] => {
  const stages = find(load, 'stages');
  if (stages === undefined) return [];
  const kind = kindOfStages(stages);
  const lone = itemsOf(stages).flatMap((stage): Complaint[] => {
    if (stage.kind !== 'map') return [];
    const [rate, users] = [find(stage, 'rate'), find(stage, 'users')];
    if (rate !== undefined && users !== undefined)
      return [at(users, 'a stage has a rate or users, not both', usersOfRate)];
    return rate === undefined && users === undefined ? [at(stage, 'a stage needs "rate" or "users"')] : [];
  });
  if (lone.length > 0) return lone;
  if (kind === 'mixed' && itemsOf(stages).some((stage) => stage.kind === 'map'))
    return [at(stages, 'stages all have a rate, which is open load, or all have users, which is closed load')];
  const beside =
    kind === 'users' ? on(load, 'users', 'the stages say how many users there are', 'leave "users" out') : [];
  return [...beside, ...on(load, 'rate', 'the stages take the place of a rate', 'leave "rate" or "stages" out')];
};

const usersOfRate = 'with a rate, "users" belongs beside "stages": the most iterations in flight';

/** Keys that only an open or only a closed load has. */
const checkKind = (load: Branch): Complaint[] => {
  const [rate, stages] = [find(load, 'rate'), find(load, 'stages')];
  if (rate !== undefined || kindOfStages(stages) === 'rate') {
    const what = typeof rate?.mark === 'string' ? `${rate.mark} makes it an open load` : 'this is an open load';
    const why = `${what}, which does not wait between iterations: its rate says when they begin`;
    return on(load, 'think', why, 'leave one of them out; in a mode, "think: null" takes it away');
  }
  if (stages !== undefined && kindOfStages(stages) === 'mixed') return [];
  return ['arrival', 'queue'].flatMap((key) =>
    on(load, key, `"${key}" is for open load`, 'add a rate, such as rate: 2000/s, or leave it out'),
  );
};

/**
 * Every worker needs a user.
 *
 * @param users of the mode, set or default
 */
export const checkWorkers = (mode: Branch, users: number): Complaint[] => {
  const workers = find(mode, 'workers');
  const number = numberOf(workers);
  if (workers === undefined || number === undefined || number <= users) return [];
  const message = `${number} workers for ${users} ${users === 1 ? 'user' : 'users'}: every worker needs a user`;
  return [at(workers, message, `"users: ${number}" or more in the load, or fewer workers`)];
};
