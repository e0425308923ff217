import type { Result } from '../../../core/result/result.ts';
import { comparedBy } from '../../sections/cells.ts';
import { hasIntervals, levelOf, readingOf } from '../../sections/compared.ts';
import { isAllowedWrong, isNamed } from '../../sections/first/modes.ts';
import { dataWordOf } from '../../sections/data.ts';
import { markup, said, type Part } from '../markup/markup.ts';

/** What the words and signs of the first table mean; only those that appear in it. */
export const key = (result: Result): Part => {
  const told = [...versus(result), ...signs(result)];
  return told.length === 0
    ? undefined
    : markup`<p class="how">${told.map((one, at) => [at === 0 ? undefined : ' ', one])}</p>`;
};

const versus = (result: Result): readonly Part[] => {
  const compared = comparedBy(result);
  if (compared === undefined || result.comparisons.length === 0) return [];
  const what = compared === 'p99' ? 'p99 of the response time' : 'iterations per second';
  const control = said(result.scenario.control, 24);
  if (!hasIntervals(result)) return [markup`vs ${control}: ${what}, ÷ those of ${control}.`, ...readingOf(result)];
  const isOpen = result.comparisons.some(({ metric, verdict }) => metric === compared && verdict === 'inconclusive');
  return [
    markup`vs ${control}: ${what} ÷ ${compared === 'p99' ? 'that' : 'those'} of ${control}, with the ${levelOf(result)} interval over the rounds, drawn on a logarithmic axis${isOpen ? '; dashed and hollow: too wide to say anything' : undefined}.`,
  ];
};

const signs = (result: Result): readonly Part[] => {
  const { modes, cheapest } = result;
  const named = modes.filter((mode) => isNamed(result, mode));
  const isLost = modes.some((mode) => dataWordOf(mode)?.text.endsWith(' lost') === true);
  const isWrong = modes.some((mode) => dataWordOf(mode)?.text.endsWith(' % wrong') === true);
  return [
    ...(named.length === 0
      ? []
      : [
          `◀: ${cheapest?.is === 'level' ? 'level as the cheapest that kept' : 'the cheapest that kept'} the data right.`,
        ]),
    ...(isLost ? ['Lost: acknowledged changes that are missing.'] : []),
    ...(isWrong ? ['Wrong: grants of what another still held, of all grants.'] : []),
    ...(modes.some(isAllowedWrong) ? ['Allowed: the scenario permits wrong data in this mode.'] : []),
  ];
};
