import type { ModeResult } from '../core/result.ts';
import type { Verdict } from '../core/verdict.ts';

/** The verdict on a finished run, and the exit code that says it to a build: 98 violated, 97 undecided, 0 pass. */
export const judge = (modes: readonly ModeResult[]): { readonly verdict: Verdict; readonly exitCode: number } => {
  const judged = modes.filter((mode) => mode.violations === 'forbidden' && mode.consistency !== null);
  const violated = judged.filter((mode) => mode.consistency?.verdict === 'violated');
  if (violated.length > 0) {
    return { verdict: { is: 'fail', because: `data was not right in ${names(violated)}` }, exitCode: 98 };
  }
  // No data is never a pass.
  const silent = modes.filter((mode) => mode.iterations.completed === 0);
  if (silent.length > 0) {
    return { verdict: { is: 'undecided', because: `no iteration completed in ${names(silent)}` }, exitCode: 97 };
  }
  const idle = judged.filter((mode) => mode.consistency?.verdict !== 'no-violation-found');
  if (idle.length > 0) {
    return { verdict: { is: 'undecided', because: `no update was acknowledged in ${names(idle)}` }, exitCode: 97 };
  }
  return {
    verdict: {
      is: 'pass',
      because: judged.length > 0 ? `no violation found in ${names(judged)}` : 'nothing was forbidden',
    },
    exitCode: 0,
  };
};

const names = (modes: readonly ModeResult[]): string => modes.map((mode) => mode.name).join(', ');
