import { itemsSyntax } from '../../measure/data/syntax.ts';
import { mergeLoad } from './load-keys.ts';
import { merge, mergeBy, mergeHeaders, mergeOneOf, isNothing, replace, type Merger } from './merge.ts';
import { allLists, changeReads, changeRequests, listsAround, namer } from '../names/requests.ts';
import { bodyWords } from '../schema/body.ts';
import { sourceWords } from '../schema/data.ts';
import { methodWords } from '../schema/steps.ts';
import { find, textOf, withEntry, type Branch, type Tree } from '../text/tree.ts';

/**
 * A choice is a word or a map with that word as its one key, and two choices never merge. Nor do two sources; all they have in
 * common is the pick.
 */
const mergeVariable: Merger = (below, over) => {
  if (over.kind !== 'map') return over;
  const whole = longForm(below);
  const isOther = sourceWords.some((word) => over.entries.has(word) && find(whole, word) === undefined);
  const hasItems = Object.keys(itemsSyntax).some((word) => over.entries.has(word));
  const pick = whole?.kind === 'map' && hasItems ? whole.entries.get('pick') : undefined;
  const kept = isOther && whole?.kind === 'map' ? withEntry({ ...whole, entries: new Map() }, 'pick', pick) : whole;
  return mergeBy((key) => (key === 'pick' ? replace : merge))(kept, over);
};

/** `1..20` becomes `{ range: 1..20 }`, so that a mode can change only the pick. */
const longForm = (variable: Tree | undefined): Tree | undefined => {
  if (variable?.kind !== 'leaf') return variable;
  return { ...variable, kind: 'map', entries: new Map([['range', { key: variable.mark, value: variable }]]) };
};

/** A command is replaced as a whole, and only one kind of `ready` remains. */
const mergeServe = mergeBy((key) => (key === 'ready' ? mergeOneOf([['get', 'connect', 'log']], () => merge) : merge));

/** A list becomes `{ steps: list }`, so that a mode can change only its maximum age. */
const mergeLogin: Merger = (below, over) => {
  if (over.kind !== 'map' || below?.kind !== 'list') return merge(below, over);
  const whole: Tree = { ...below, kind: 'map', entries: new Map([['steps', { key: below.mark, value: below }]]) };
  return merge(whole, over);
};

const mergers: { readonly [key: string]: Merger } = {
  lock: replace,
  process: replace,
  transport: replace,
  auth: replace,
  load: mergeLoad,
  data: mergeBy(() => mergeVariable),
  serve: mergeServe,
  login: mergeLogin,
};

const mergeMode = mergeBy((key) => (Object.hasOwn(mergers, key) ? mergers[key]! : merge));
const mergeStep = mergeOneOf([methodWords, bodyWords], (key) => (key === 'auth' ? replace : merge));

/** The scenario with a name for every step, by which a mode changes it. Lenient: the schema reports what is not a step. */
export const withNames = (scenario: Branch): Branch =>
  allLists.reduce((named, list) => changeRequests(named, list, namer(find(named, ...list))), scenario);

/**
 * The scenario with a mode's keys laid over it, complete in itself: each request has all the headers it will be sent with.
 *
 * Headers from the weakest to the strongest: the scenario's, a step's, the mode's, the mode's for that step.
 *
 * @param scenario as {@link withNames} gives it
 */
export const layMode = (scenario: Branch, mode: Branch): Branch => {
  const ofMode = find(mode, 'headers');
  const ofAll = isNothing(ofMode) ? undefined : find(scenario, 'headers');
  const changes = find(mode, 'steps');
  const plain = ['headers', 'steps'].reduce((map, key) => withEntry(map, key, undefined), mode);
  let laid = mergeMode(withEntry(scenario, 'modes', undefined), plain) as Branch;

  for (const list of listsAround) {
    const isOwn = mode.entries.has(list[0]);
    if (isOwn) laid = changeRequests(laid, list, namer(find(laid, ...list)));
    laid = changeRequests(laid, list, (step) => {
      const own = find(step, 'headers');
      // A request to another target gets nothing meant for the mode's target, which may be secret.
      if (step.entries.has('target')) return withHeaders(step, [own]);
      return withHeaders(step, isOwn ? [ofAll, ofMode, own] : [ofAll, own, ofMode]);
    });
  }
  laid = changeRequests(laid, ['steps'], (step) => {
    const change = find(changes, textOf(find(step, 'name')) ?? '');
    if (isNothing(change)) return undefined;
    const changed =
      change?.kind === 'map' ? (mergeStep(step, withEntry(change, 'headers', undefined)) as Branch) : step;
    const ofChange = find(change, 'headers');
    return withHeaders(changed, [ofAll, isNothing(ofChange) ? undefined : find(step, 'headers'), ofMode, ofChange]);
  });
  laid = changeReads(laid, (read) => withHeaders(read, [ofAll, find(read, 'headers'), ofMode]));
  return withHeaders(laid, [ofAll, ofMode]);
};

const withHeaders = (map: Branch, layers: readonly (Tree | undefined)[]): Branch => {
  const headers = mergeHeaders(layers);
  return withEntry(map, 'headers', headers === undefined ? undefined : { key: headers.mark, value: headers });
};
