import type { RequestCounts, Result } from '../../../core/result/result.ts';
import { outcomesOf, requestsOfAll } from '../../sections/requests.ts';
import { bytes, count } from '../../format.ts';
import { plain, widthOf } from '../../plain.ts';
import { span, type Line } from '../layout/line.ts';

/** The requests of all modes together: the number, the bytes received and the statuses. */
export const requests = (result: Result, width: number): Line[] => {
  const all = requestsOfAll(result);
  if (all.total === 0) return [];
  const received = all.bytes === undefined ? '' : `, ${bytes(all.bytes)}`;
  return pieces('requests  ', [`${count(all.total)} in all${received}`, ...outcomes(all)], width);
};

/** The count of each status: `status    200  81,903     429  148`. */
export const statuses = (requests: RequestCounts, width: number): Line[] =>
  pieces('status    ', outcomes(requests), width);

const outcomes = (requests: Pick<RequestCounts, 'byStatus' | 'byError'>): readonly string[] =>
  outcomesOf(requests).map(([outcome, number]) => `${plain(outcome, 12)}  ${count(number)}`);

/** Pieces side by side behind a label, on as many lines as needed. */
const pieces = (label: string, all: readonly string[], width: number): Line[] => {
  const lines: string[] = [];
  for (const one of all) {
    const last = lines.at(-1);
    if (last !== undefined && widthOf(last) + 5 + widthOf(one) <= width) lines[lines.length - 1] = `${last}     ${one}`;
    else lines.push(`${lines.length === 0 ? label : ' '.repeat(label.length)}${one}`);
  }
  return lines.map((line) => [span(line)]);
};
