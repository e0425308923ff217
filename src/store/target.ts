import { ContendError } from '../core/errors.ts';
import { defaultServiceUs } from './memory.ts';

const scheme = 'builtin:store';
const example = `${scheme}?service=2ms`;
const known = ['db', 'service', 'pool'];

/** Connections of a pool by default, and at most. */
const [defaultConnections, mostConnections] = [32, 500] as const;

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

/** What a target says about the built-in store. */
export interface StoreTarget {
  /** Time that each operation takes, in µs. 0 on PostgreSQL, which takes its own time. */
  readonly serviceUs: number;
  /** Present: the store is on PostgreSQL, with a pool of this many connections. */
  readonly connections?: number;
}

/**
 * Reads `builtin:store`, `builtin:store?service=2ms` for the time that each of its operations takes (0, `500us`, `2ms`, `1s`, up to
 * 1 h; the timer rounds up to whole ms), or `builtin:store?db=postgres&pool=16` for one on PostgreSQL.
 *
 * Throws `ERR_USAGE` for anything else, naming each parameter that it does not know.
 */
export const parseStoreTarget = (target: string): StoreTarget => {
  const [store = '', ...query] = target.split('?');
  if (store !== scheme) throw wrong(target, `there is no built-in "${store}"`, `Write ${example}.`);
  const parameters = new URLSearchParams(query.join('?'));
  const unknown = [...new Set(parameters.keys())].filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    const names = unknown.map((name) => `"${name}"`).join(', ');
    throw wrong(
      target,
      `unknown parameter${unknown.length > 1 ? 's' : ''} ${names}`,
      `It takes: ${known.join(', ')}, as in ${example}.`,
    );
  }
  const [db = 'memory', service, pool] = known.map((name) => {
    const [value, second] = parameters.getAll(name);
    if (second !== undefined) throw wrong(target, `${name} is given twice`, `Give it once, as in ${example}.`);
    return value;
  });
  if (db === 'postgres') return onPostgres(target, service, pool);
  if (db !== 'memory') throw wrong(target, `db "${db}" is none of memory, postgres`, `Write ${scheme}?db=postgres.`);
  if (pool !== undefined)
    throw wrong(target, 'pool only applies to a database', `Write ${scheme}?db=postgres&pool=${pool}.`);
  if (service === undefined) return { serviceUs: defaultServiceUs };
  const serviceUs = durationUs(service);
  if (serviceUs !== undefined) return { serviceUs };
  throw wrong(target, `service "${service}" is not a time`, 'Write 0, 500us, 2ms or 1s, up to 3600s.');
};

const onPostgres = (target: string, service: string | undefined, pool: string | undefined): StoreTarget => {
  if (service !== undefined) {
    throw wrong(
      target,
      'service only applies to the store in memory: a database takes its own time',
      `Write ${scheme}?db=postgres.`,
    );
  }
  if (pool === undefined) return { serviceUs: 0, connections: defaultConnections };
  const connections = Number(pool);
  if (/^\d+$/u.test(pool) && connections >= 1 && connections <= mostConnections) return { serviceUs: 0, connections };
  throw wrong(
    target,
    `pool "${pool}" is not a number of connections`,
    `Write a whole number, 1 to ${mostConnections}.`,
  );
};
