import { askedRate, isOpen } from '../../core/result/open-load.ts';
import type { ModeResult, Result } from '../../core/result/result.ts';
import { count, many, perSecond } from '../format.ts';
import { differInMachines, machinesOf } from './first/agents.ts';

/** What is the same in all modes and worth mentioning: the offered rate, users, threads, and an unusual transport. */
export const commonFacts = (result: Result): readonly string[] => {
  const { modes } = result;
  return [
    ...(isOneRate(modes) ? [`${perSecond(askedRate(modes[0]!))}/s`] : []),
    ...same(modes, 'users', (users) => (modes.length === 1 ? usersOf(modes[0]!) : many(users, 'user'))),
    ...same(modes, 'workers', (workers) => (workers === 1 ? '' : many(workers, 'worker'))),
    ...(modes[0]?.agents === undefined || differInMachines(result) ? [] : [machinesOf(modes[0], result)]),
    ...(modes[0] === undefined || differ(modes, 'transport') ? [] : unusualTransport(modes[0])),
  ];
};

/** What a mode's requests were sent with, if that is worth mentioning. */
export const unusualTransport = (mode: ModeResult): readonly string[] =>
  [transportOf(mode)].filter((transport) => transport !== usualTransport);

/** The transport that needs no mention. */
const usualTransport = 'wire';

/** Whether modes differ in something. */
export const differ = (modes: readonly ModeResult[], field: 'users' | 'workers' | 'transport'): boolean =>
  modes.some((mode) => factOf(mode, field) !== factOf(modes[0]!, field));

/** What a mode's requests were sent with: `undici`, `wire, HTTP/2`, or `wire, no keep-alive`. */
export const transportOf = ({ transport, httpVersion, keepAlive = true }: ModeResult): string =>
  [transport, ...(httpVersion === '2' ? ['HTTP/2'] : []), ...(keepAlive ? [] : ['no keep-alive'])].join(', ');

const factOf = <Field extends 'users' | 'workers' | 'transport'>(mode: ModeResult, field: Field): ModeResult[Field] =>
  field === 'transport' ? (transportOf(mode) as ModeResult[Field]) : mode[field];

/** Whether all modes were asked for the same rate, within 1 %. */
const isOneRate = (modes: readonly ModeResult[]): boolean => {
  const rates = modes.filter(isOpen).map(askedRate);
  return rates.length > 0 && rates.length === modes.length && Math.max(...rates) <= 1.01 * Math.min(...rates);
};

const same = <Field extends 'users' | 'workers' | 'transport'>(
  modes: readonly ModeResult[],
  field: Field,
  said: (value: ModeResult[Field]) => string,
): readonly string[] => {
  const [first] = modes;
  if (first === undefined || differ(modes, field)) return [];
  return [said(factOf(first, field))].filter((text) => text !== '');
};

/** How many users a mode had: `64 users`, or, if they were changed by hand during the run, `64 to 77 users`. */
export const usersOf = ({ users, usersChanged = [] }: ModeResult): string => {
  const all = [users, ...usersChanged.map((change) => change.users)];
  const [least, most] = [Math.min(...all), Math.max(...all)];
  return least === most ? many(users, 'user') : `${count(least)} to ${many(most, 'user')}`;
};
