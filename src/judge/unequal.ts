import type { Warning } from '../core/result/warning.ts';
import type { UnequalWork } from './compare/work.ts';
import { listOf, ratioText, shareText } from './phrases.ts';

/** `65 % of the answers to book were 200 in before, 42 % in after`, with all modes that differ from the control there in one phrase. */
export const workText = (unequal: readonly [UnequalWork, ...UnequalWork[]]): string => {
  const [{ step, status, control, other }] = unequal;
  const each = (text: (value: number) => string): string =>
    unequal.map(({ mode, own }) => `${text(own)} in ${mode}`).join(', ');
  if (status !== undefined)
    return `${percent(other)} of the answers to ${step} were ${status} in ${control}, ${each(percent)}`;
  return unequal.every(({ own }) => own <= 1) && other <= 1
    ? `${percent(other)} of the iterations sent ${step} in ${control}, ${each(percent)}`
    : `${ratioText(other)} requests for each iteration were ${step} in ${control}, ${each(ratioText)}`;
};

const percent = (share: number): string => (share === 0 ? '0 %' : shareText(share));

/** Warns that modes compared with each other did different work, once for all of them. */
export const unequalWarning = (unequal: readonly UnequalWork[]): readonly Warning[] => {
  const [first] = unequal;
  if (first === undefined) return [];
  const each = unequal
    .filter((one, at) => unequal.findIndex((other) => isSamePlace(one, other)) === at)
    .map((one) => workText([one, ...unequal.filter((other) => other !== one && isSamePlace(one, other))]));
  const instead =
    first.alike === undefined ? '' : `, or compare a step's own time: service.p50(${first.mode}/${first.alike})`;
  return [
    {
      code: 'UNEQUAL_WORK',
      message: `the modes did different work: ${each.join('; ')}. Throughput, response times and CPU per iteration of ${listOf(unequal.map(({ mode }) => mode))} do not compare with those of ${first.control}.`,
      hint: `Let all modes find the same outcome, as with a key of its own for each user or stock enough for all${instead}.`,
    },
  ];
};

const isSamePlace = (one: UnequalWork, other: UnequalWork): boolean =>
  one.step === other.step && one.status === other.status;
