import type { ModeResult, RequestCounts, Result } from '../../core/result/result.ts';
import { right, type TextColumn } from './columns.ts';
import { bytes, count, nothing } from '../format.ts';
import { plain } from '../plain.ts';

/** Statuses beyond this number are counted together. */
const mostStatuses = 10;

const other = 'other';

/** The count of each status, and of each failure without a status, the commonest first: `200  81,903`. */
export const outcomesOf = (
  requests: Pick<RequestCounts, 'byStatus' | 'byError'>,
): readonly (readonly [outcome: string, count: number])[] => {
  const all = [...Object.entries(requests.byStatus), ...Object.entries(requests.byError)].toSorted(
    ([, one], [, another]) => another - one,
  );
  const rest = all.slice(mostStatuses).reduce((sum, [, number]) => sum + number, 0);
  return [...all.slice(0, mostStatuses), ...(rest === 0 ? [] : ([[other, rest]] as const))];
};

/** The measured requests of all modes together; `bytes` is `undefined` if the document does not have them. */
export const requestsOfAll = ({ modes }: Result): Pick<RequestCounts, 'total' | 'byStatus' | 'byError' | 'bytes'> => {
  const all = modes.map(({ requests }) => requests);
  const known = all.flatMap((one) => one.bytes ?? []);
  return {
    total: sum(all.map(({ total }) => total)),
    byStatus: addUp(all.map(({ byStatus }) => byStatus)),
    byError: addUp(all.map(({ byError }) => byError)),
    ...(known.length < all.length ? {} : { bytes: sum(known) }),
  };
};

/** A mode's measured requests: the number, the outcomes and the bytes received. */
export const requestColumns = (result: Result): readonly TextColumn<ModeResult>[] => {
  const outcomes = outcomesOf(requestsOfAll(result)).map(([outcome]) => outcome);
  const named = outcomes.filter((outcome) => outcome !== other);
  const cell = ({ requests: { byStatus, byError } }: ModeResult, outcome: string): number =>
    byStatus[outcome] ?? byError[outcome as keyof typeof byError] ?? 0;
  return [
    right('requests', ({ requests }) => count(requests.total)),
    ...named.map((outcome) => right<ModeResult>(plain(outcome, 12), (mode) => count(cell(mode, outcome)))),
    ...(named.length === outcomes.length
      ? []
      : [right<ModeResult>(other, (mode) => count(mode.requests.total - sum(named.map((one) => cell(mode, one)))))]),
    ...(result.modes.some(({ requests }) => requests.bytes !== undefined) ? received : []),
  ];
};

const received: readonly TextColumn<ModeResult>[] = [
  right('received', ({ requests }) => (requests.bytes === undefined ? nothing : bytes(requests.bytes))),
  right('received/s', (mode) => bytesPerSecond(mode)),
];

/** The bytes received with a second's worth of iterations. */
const bytesPerSecond = ({ requests, iterations: { completed }, throughputPerSecond }: ModeResult): string =>
  requests.bytes === undefined || completed === 0
    ? nothing
    : `${bytes((requests.bytes / completed) * throughputPerSecond)}/s`;

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);

const addUp = (maps: readonly { readonly [name: string]: number }[]): { readonly [name: string]: number } => {
  const total: { [name: string]: number } = {};
  for (const map of maps) for (const [name, number] of Object.entries(map)) total[name] = (total[name] ?? 0) + number;
  return total;
};
