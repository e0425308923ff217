import { ContendError } from '../../core/errors.ts';
import { parallelOf, requestsOf, type Mode } from '../../core/plan/plan.ts';

/** In addition to the users' connections: the process itself, its target's pipes, modules, files that are written. */
const forProcess = 100;

/** Its event loop, and its channel. */
const forWorker = 20;

/**
 * Checks whether every mode may have as many connections as it has users, one slot at a time.
 *
 * @param limit of the process; `undefined` if unknown
 * @param cores the most workers that `auto` gives
 * @throws {ContendError} ERR_OPEN_FILES
 */
export const checkOpenFiles = (modes: readonly Mode[], limit: number | undefined, cores: number): void => {
  for (const { name, load, workers, steps } of modes) {
    const connections =
      load.users * Math.max(1, parallelOf(steps), ...requestsOf(steps).map(({ copies = 1 }) => copies));
    const needed = connections + forProcess + forWorker * ((workers === 'auto' ? cores : workers) - 1);
    if (limit === undefined || needed <= limit) continue;
    const enough = 100 * Math.ceil((needed + 1) / 100);
    throw new ContendError(
      'ERR_OPEN_FILES',
      `${count(load.users)} users need about ${count(needed)} open files, and this process may have ${count(limit)}, in mode ${name}.`,
      `ulimit -n ${enough}, or fewer users (--users).`,
    );
  }
};

const count = (number: number): string => number.toLocaleString('en-US');
