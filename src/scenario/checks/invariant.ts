import { invariantName } from '../../core/plan/plan.ts';
import { parseExpression, TemplateSyntaxError } from '../../template/parse.ts';
import type { Members } from '../names/names.ts';
import { requestTrees, stepsOfInvariant } from '../names/requests.ts';
import { at, atKey, type Complaint } from '../text/locate.ts';
import { entriesOf, find, itemsOf, textOf, type Branch, type Tree } from '../text/tree.ts';
import { quoted } from '../text/words.ts';

/** Checks how a mode's invariant is asked. Names in its texts are checked where all names are. */
export const checkInvariant = (mode: Branch): Complaint[] => {
  const invariant = find(mode, 'consistency', invariantName);
  if (invariant?.kind !== 'map') return [];
  const [get, steps, every, snapshot] = ['get', 'steps', 'every', 'snapshot'].map((key) => find(invariant, key));
  if (get === undefined && steps === undefined)
    return [at(invariant, '"get" or "steps" is missing: what to ask', 'such as get: /report')];
  if (get !== undefined && steps !== undefined)
    return [at(steps, '"get" and "steps" exclude each other', 'make "get" the first of the steps')];
  const isSnapshot = snapshot?.kind === 'leaf' && snapshot.value === true;
  const several =
    steps !== undefined && every !== undefined && !isSnapshot
      ? [
          at(
            every,
            'answers to several steps come from different moments: each may be right and all together look wrong, while the load is on',
            'leave "every" out, or say "snapshot: true" if the target answers them from one state',
          ),
        ]
      : [];
  const lone =
    get !== undefined && snapshot !== undefined
      ? [at(snapshot, 'one answer shows a single state anyway', 'leave "snapshot" out')]
      : [];
  const empty = steps?.kind === 'list' && steps.items.length === 0 ? [at(steps, 'there is no step to ask with')] : [];
  const beside =
    steps === undefined
      ? []
      : ['headers', 'auth'].flatMap((key) => {
          const entry = invariant.entries.get(key);
          return entry === undefined ? [] : [atKey(entry, `each of the steps has its own ${quoted(key)}`)];
        });
  return [...several, ...lone, ...empty, ...beside, ...thatIn(mode).flatMap(checkReading)];
};

/** The expressions of a mode's invariant. */
export const thatIn = (mode: Branch): readonly Tree[] => {
  const that = find(mode, 'consistency', invariantName, 'that');
  if (that === undefined) return [];
  return that.kind === 'list' ? itemsOf(that) : [that];
};

/** The captures of an invariant's steps, by the name of the step: `debits.sum`. */
export const stepsAsNames = (mode: Branch): Members =>
  Object.fromEntries(
    requestTrees(find(mode, ...stepsOfInvariant)).flatMap((step): [string, readonly string[]][] => {
      const name = textOf(find(step, 'name'));
      const captures = entriesOf(find(step, 'capture')).map(([capture]) => capture);
      return name === undefined || captures.length === 0 || !isName(name) ? [] : [[name, captures]];
    }),
  );

const isName = (text: string): boolean => /^[A-Za-z_]\w*$/u.test(text) && !['body', 'header', 'status'].includes(text);

/** An expression that reads nothing from an answer is true or false whatever the target does. */
const checkReading = (that: Tree): Complaint[] => {
  const text = textOf(that);
  if (text === undefined || text.startsWith('${')) return [];
  try {
    return parseExpression(text).names.length === 0
      ? [at(that, `${quoted(text)} does not use the answer`, 'such as "body.debit == body.credit"')]
      : [];
  } catch (error) {
    // Reported where all expressions are checked.
    if (error instanceof TemplateSyntaxError) return [];
    throw error;
  }
};
