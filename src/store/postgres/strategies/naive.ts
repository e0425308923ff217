import { overwrite } from './overwrite.ts';
import type { Strategy } from './strategy.ts';

/** Reads, decides, writes: what others write in between is overwritten, and of two rows one may be written alone. */
export const naive: Strategy = {
  promises: 'nothing',
  change: (database, work, { timing }) => database.session(timing, (session) => overwrite(session, work)),
};
