import { namesBeforeLock, placedRequests } from './sections.ts';
import { at, type Complaint } from '../text/locate.ts';
import { membersOfUser } from '../names/names.ts';
import { checkTemplate, namesOf } from '../names/templates.ts';
import { entriesOf, find, textOf, type Branch, type Tree } from '../text/tree.ts';
import { quoted } from '../text/words.ts';

/** The lock's name, in either notation. */
export const lockNameOf = (lock: Tree | undefined): string | undefined => textOf(lock) ?? entriesOf(lock)[0]?.[0];

/** Locks whose key must tell iterations apart, and what to write if it need not. */
const perKey: { readonly [lock: string]: string } = {
  'keyed': 'write lock: mutex, or a template such as "${product}"',
  'read-write': 'leave "key" out, or write a template such as "${product}"',
};

/** Checks the key of a mode's lock: a template over the names known when the lock is first asked for. */
export const checkLockKey = (mode: Branch): Complaint[] => {
  const lock = find(mode, 'lock');
  const name = lockNameOf(lock) ?? '';
  const options = find(lock, name);
  const key = options?.kind === 'map' ? find(options, 'key') : options;
  if (key === undefined) return [];
  const complaints = checkTemplate(key, {
    known: namesBeforeLock(mode),
    members: membersOfUser(mode),
    because: notKnownYet(mode),
  });
  const text = textOf(key);
  const hint = perKey[name];
  if (complaints.length > 0 || text === undefined || text.trim() === '' || hint === undefined) return complaints;
  return namesOf(text).length > 0
    ? []
    : [at(key, `${quoted(text)} is the same key for every iteration: one lock for all`, hint)];
};

/** Only called for names that are not known before the first critical section. */
const notKnownYet =
  (mode: Branch) =>
  (name: string): string | undefined => {
    if (name === 'lock') return 'a lock has its token only once it is held';
    const from = placedRequests(mode).find(({ request }) => find(request, 'capture', name) !== undefined);
    if (from === undefined) return undefined;
    const step = quoted(textOf(find(from.request, 'name')) ?? 'a step');
    return `${quoted(name)} is captured from the answer to ${step}: it is not known when the lock is asked for`;
  };
