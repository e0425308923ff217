/** What a target reports of its own time, in µs; meaningless unless `isTimed`. */
export interface ServerTimes {
  /** The answer had a `Server-Timing` header that names `lock` or `db`. */
  isTimed: boolean;
  serverLockUs: number;
  serverQueryUs: number;
}

/** Quoted texts may contain the characters that separate metrics. */
const quoted = /"(?:[^"\\]|\\.)*"/gu;

/**
 * Adds what a `Server-Timing` header says of `lock`, the wait for locks, and `db`, the time in queries: `lock;dur=1.2,
 * db;dur=3`. Durations are in ms; a metric without one is skipped, and so are all others.
 *
 * @cost a microsecond, and the strings; only where a target sends the header
 */
export const addServerTimes = (header: string, into: ServerTimes): void => {
  const text = header.includes('"') ? header.replaceAll(quoted, '') : header;
  for (const metric of text.split(',')) {
    const [name = '', ...parameters] = metric.split(';');
    const word = name.trim().toLowerCase();
    if (word !== 'lock' && word !== 'db') continue;
    const us = durationUs(parameters);
    if (us === undefined) continue;
    if (!into.isTimed) {
      into.isTimed = true;
      into.serverLockUs = 0;
      into.serverQueryUs = 0;
    }
    if (word === 'lock') into.serverLockUs += us;
    else into.serverQueryUs += us;
  }
};

const durationUs = (parameters: readonly string[]): number | undefined => {
  for (const parameter of parameters) {
    const match = /^\s*dur\s*=\s*(\d+(?:\.\d+)?)\s*$/iu.exec(parameter);
    if (match !== null) return Math.round(Number(match[1]) * 1000);
  }
  return undefined;
};
