import type { Plan } from '../core/plan/plan.ts';
import type { Result } from '../core/result/result.ts';
import { judgeGates } from '../judge/gate/gate.ts';

/** Whether a gate can stop the run before its last round. */
export const mayStop = ({ gates }: Plan): boolean => gates.some((gate) => 'abort' in gate && gate.abort);

/** Whether more rounds could decide a gate that compares modes. */
export const isOpen = ({ gates }: Result): boolean =>
  gates.some(({ verdict, unit, samples }) => verdict === 'undecided' && unit === 'ratio' && samples > 0);

/** Whether a gate with `abort` has failed on what was measured so far, even though the run is not over. */
export const hasLost = ({ gates: asked }: Plan, { modes, generator }: Result): boolean =>
  judgeGates(asked, { modes, generator, looks: 'every round' }).some(({ verdict }, at) => {
    const gate = asked[at]!;
    return verdict === 'fail' && 'abort' in gate && gate.abort;
  });
