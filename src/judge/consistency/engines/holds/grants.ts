import { fail, type History, ok, operations } from '../../../../core/history/history.ts';

/** In the column of operations: a request to hold something. */
export const acquireOf = operations.indexOf('acquire');
/** In the column of operations: giving it back. */
export const releaseOf = operations.indexOf('release');

/** Whether a row is an acquire that was granted. */
export const isGrant = ({ f, status }: History, row: number): boolean => f[row] === acquireOf && status[row] === ok;

/** Whether a row is a release that was done, or may have been. */
export const isRelease = ({ f, status }: History, row: number): boolean => f[row] === releaseOf && status[row] !== fail;

/** What a row acquires or releases: the name in `value`, 0 if there is none. */
export const thingOf = ({ value }: History, row: number): number => (Number.isNaN(value[row]!) ? 0 : value[row]!);
