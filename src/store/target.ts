import { ContendError } from '../core/errors.ts';
import { defaultServiceUs } from './memory.ts';

const scheme = 'builtin:store';
const example = `${scheme}?service=2ms`;
const usPer: { readonly [unit: string]: number } = { us: 1, ms: 1000, s: 1_000_000 };
const longestUs = 3_600_000_000;

const wrong = (target: string, what: string, hint: string): ContendError =>
  new ContendError('ERR_USAGE', `target ${target}: ${what}`, hint);

const durationUs = (text: string): number | undefined => {
  if (text === '0') return 0;
  const match = /^(\d+(?:\.\d+)?)(us|ms|s)$/.exec(text);
  if (match === null) return undefined;
  const us = Math.round(Number(match[1]) * usPer[match[2]!]!);
  return us <= longestUs ? us : undefined;
};

/**
 * What a target says of the built-in store: `builtin:store`, or `builtin:store?service=2ms` for the time that each of
 * its operations takes (0, `500us`, `2ms`, `1s`, up to 1 h; the timer rounds up to whole ms).
 *
 * Throws `ERR_USAGE` for anything else, naming each parameter that it does not know.
 */
export const parseStoreTarget = (target: string): { readonly serviceUs: number } => {
  const [store = '', ...query] = target.split('?');
  if (store !== scheme) throw wrong(target, `there is no built-in "${store}"`, `Write ${example}.`);
  const parameters = new URLSearchParams(query.join('?'));
  const unknown = [...new Set(parameters.keys())].filter((name) => name !== 'service');
  if (unknown.length > 0) {
    const names = unknown.map((name) => `"${name}"`).join(', ');
    throw wrong(
      target,
      `unknown parameter${unknown.length > 1 ? 's' : ''} ${names}`,
      `It takes: service, as in ${example}.`,
    );
  }
  const [service, second] = parameters.getAll('service');
  if (second !== undefined) throw wrong(target, 'service is given twice', `Give it once, as in ${example}.`);
  if (service === undefined) return { serviceUs: defaultServiceUs };
  const serviceUs = durationUs(service);
  if (serviceUs !== undefined) return { serviceUs };
  throw wrong(target, `service "${service}" is no time`, 'Write 0, 500us, 2ms or 1s, up to 3600s.');
};
