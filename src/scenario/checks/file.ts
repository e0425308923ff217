import { at, atKey, type Complaint } from '../text/locate.ts';
import { loneModeName, modesAre, mostModes } from '../layers/modes.ts';
import { allLists, requestTrees } from '../names/requests.ts';
import { didYouMean } from '../text/suggest.ts';
import { entriesOf, find, textOf, type Branch, type Entry, type Tree } from '../text/tree.ts';
import { quoted } from '../text/words.ts';

const reserved = new Set(['body', 'header', 'status', 'lock', 'env', 'key', 'true', 'false', 'null', 'this']);
/** Headers that only the transport sets, and what to do instead. */
const ownHeaders: ReadonlyMap<string, string> = new Map([
  ['content-length', 'leave it out: it follows from the body'],
  ['transfer-encoding', 'leave it out: a body is sent with its length'],
  ['connection', 'keepAlive: false gives each request a new connection'],
  ['keep-alive', 'keepAlive: false gives each request a new connection'],
  ['upgrade', 'leave it out: contend speaks only HTTP'],
  ['expect', 'leave it out: a body is sent at once, without waiting for 100 Continue'],
]);

/**
 * Checks the names in the file, before any mode is laid over it.
 *
 * @param scenario with the names of its steps
 */
export const checkFile = (scenario: Branch): Complaint[] => [
  ...checkModes(scenario),
  ...entriesOf(find(scenario, 'modes')).flatMap(([, { value }]) => checkChangedSteps(value, scenario)),
  ...[scenario, ...entriesOf(find(scenario, 'modes')).map(([, { value }]) => value)].flatMap(checkNamesIn),
];

const checkModes = (scenario: Branch): Complaint[] => {
  const tree = find(scenario, 'modes');
  const modes = entriesOf(tree);
  const names = modes.map(([name]) => name);
  const complaints: Complaint[] = [];
  if (tree?.kind === 'map' && modes.length === 0)
    complaints.push(at(tree, 'no mode is named', 'such as "locked: mutex"'));
  if (modes.length > mostModes) complaints.push(at(tree!, `at most ${mostModes} modes, these are ${modes.length}`));
  for (const [name, entry] of modes) {
    if (/^[\p{L}\p{N}][\p{L}\p{N}._-]{0,63}$/u.test(name)) continue;
    complaints.push(
      atKey(entry, `${quoted(name)} cannot name a mode`, 'letters, digits, ".", "_" and "-", at most 64'),
    );
  }
  const control = find(scenario, 'control');
  const named = textOf(control);
  const known = tree === undefined ? [loneModeName(scenario)] : names;
  if (
    control !== undefined &&
    named !== undefined &&
    !known.includes(named) &&
    (tree === undefined || tree.kind === 'map')
  ) {
    complaints.push(at(control, `no mode is called ${quoted(named)}`, didYouMean(named, known) ?? modesAre(known)));
  }
  return complaints;
};

const checkChangedSteps = (mode: Tree, scenario: Branch): Complaint[] => {
  const names = requestTrees(find(scenario, 'steps')).flatMap((step) => textOf(find(step, 'name')) ?? []);
  return entriesOf(find(mode, 'steps'))
    .filter(([name]) => !names.includes(name))
    .map(([name, entry]) => {
      const hint = didYouMean(name, names) ?? `the steps are ${names.slice(0, 10).map(quoted).join(', ')}`;
      return atKey(entry, `no step is called ${quoted(name)}`, hint);
    });
};

/** Names of variables and headers, in the scenario or in a mode. */
const checkNamesIn = (part: Tree): Complaint[] => {
  const changed = entriesOf(find(part, 'steps')).map(([, { value }]) => value);
  const requests = [...allLists.flatMap((list) => requestTrees(find(part, ...list))), ...changed];
  const variables = [find(part, 'data'), ...requests.map((request) => find(request, 'capture'))];
  return [
    ...[part, ...requests].flatMap((tree) => checkHeaders(find(tree, 'headers'))),
    ...variables.flatMap((map) => entriesOf(map).flatMap(([name, entry]) => checkVariableName(name, entry))),
  ];
};

const checkHeaders = (headers: Tree | undefined): Complaint[] => {
  const seen = new Set<string>();
  return entriesOf(headers).flatMap(([name, entry]) => {
    const lower = name.toLowerCase();
    const isTaken = seen.has(lower);
    seen.add(lower);
    if (!/^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/.test(name)) return [atKey(entry, `${quoted(name)} cannot name a header`)];
    const instead = ownHeaders.get(lower);
    if (instead !== undefined) return [atKey(entry, `the header "${lower}" cannot be set`, instead)];
    return isTaken
      ? [atKey(entry, `the header "${lower}" is there twice: case does not count`, 'leave one of them out')]
      : [];
  });
};

const checkVariableName = (name: string, entry: Entry): Complaint[] => {
  if (reserved.has(name)) return [atKey(entry, `${quoted(name)} is reserved`, 'take another name')];
  if (/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) return [];
  return [atKey(entry, `${quoted(name)} cannot name a variable`, 'a letter or "_", then letters, digits and "_"')];
};
