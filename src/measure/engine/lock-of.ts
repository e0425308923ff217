import type { Clock } from '../../core/clock.ts';
import type { Mode } from '../../core/plan/plan.ts';
import { compileText } from '../../template/compile.ts';
import { parseTemplate } from '../../template/parse.ts';
import { userLookup, variablesOf } from '../iteration/read/scope.ts';
import type { User } from '../user.ts';
import { guardsOver } from '../lock/guards.ts';
import { locks } from '../lock/index.ts';
import type { Lock } from '../lock/lock.ts';
import type { LockName } from '../lock/syntax.ts';

/** What a mode's lock needs from the slot. */
export interface LockOfOptions {
  readonly clock: Clock;
  /** Aborted when the slot is over: all waits end. */
  readonly signal: AbortSignal;
  /** Memory that all threads of the slot share; `undefined` with only one. */
  readonly memory: SharedArrayBuffer | undefined;
  readonly threads: number;
}

/** Makes a mode's lock for one slot, as this thread sees it. */
export const lockOf = (mode: Mode, { clock, signal, memory, threads }: LockOfOptions): Lock => {
  const how = { clock, timeoutUs: mode.timeouts.lockUs, signal };
  const text = (template: string): ((user: User) => string) => {
    const compiled = compileText(parseTemplate(template), userLookup(variablesOf(mode)));
    return typeof compiled === 'string' ? () => compiled : compiled;
  };
  return locks[mode.lock.name as LockName](mode.lock.options, {
    ...how,
    guard: guardsOver(memory, threads, how),
    text,
  });
};
