import { areOversold } from '../../core/result/finding.ts';
import type { ConsistencyResult, ModeResult } from '../../core/result/result.ts';
import { share } from '../format.ts';

/** The state of a mode's data, in plain words. */
export interface DataWord {
  readonly is: 'right' | 'wrong' | 'open';
  /** `right`, `66 % lost`, `43 % wrong`, `oversold`, `wrong`, `not known`, `not put to the test`. */
  readonly text: string;
  /** Whether that is allowed. */
  readonly isAllowed: boolean;
}

const wrongShare = ({ wrong }: ConsistencyResult): string =>
  wrong === undefined || wrong.atLeast === 0 ? 'wrong' : `${share(wrong.atLeast, wrong.of)} wrong`;

/** The state of a mode's data; `undefined` if no consistency was asked for. */
export const dataWordOf = ({ consistency, lost, violations }: ModeResult): DataWord | undefined => {
  if (consistency === null) return undefined;
  const isAllowed = violations === 'allowed';
  switch (consistency.verdict) {
    case 'violated': {
      const text = areOversold(consistency.findings)
        ? 'oversold'
        : lost !== null && lost.atLeast > 0
          ? `${share(lost.atLeast, lost.acknowledged)} lost`
          : wrongShare(consistency);
      return { is: 'wrong', text, isAllowed };
    }
    case 'unknown':
      return { is: 'open', text: 'not known', isAllowed };
    case 'not-exercised':
      return { is: 'open', text: 'not put to the test', isAllowed };
    default:
      return { is: 'right', text: 'right', isAllowed };
  }
};
