import { parseTemplate, TemplateSyntaxError } from '../../template/parse.ts';
import { checkObserved } from './body.ts';
import { observedSteps } from './consistency.ts';
import { hasCopies } from './sections.ts';
import { at, type Complaint } from '../text/locate.ts';
import { noNames } from '../names/names.ts';
import { groupNames, requestTrees } from '../names/requests.ts';
import { namesOf } from '../names/templates.ts';
import { methodWords } from '../schema/steps.ts';
import { entriesOf, find, itemsOf, textOf, type Branch, type Tree } from '../text/tree.ts';
import { walk } from '../names/walk.ts';
import { quoted } from '../text/words.ts';

/**
 * Reports faults in the ways through a mode's steps: conditions that are not expressions, a redirect where a change is counted, and
 * groups with the same name.
 */
export const checkFlow = (mode: Branch): Complaint[] => {
  const observed = observedSteps(mode);
  const found: Complaint[] = [];
  walk(find(mode, 'steps'), noNames, false, {
    request: (request) => {
      const name = textOf(find(request, 'name'));
      if (name !== undefined && observed.has(name)) found.push(...checkObserved(request));
    },
    block: (step) => {
      found.push(...checkParallel(find(step, 'group')));
      found.push(...checkOne(find(step, 'if'), '"if"', 'a condition', 'such as "${stock > 0}"'));
      found.push(...checkOne(find(step, 'repeat', 'times'), '"times"', 'a number', 'such as 3, or "${pages}"'));
    },
  });
  return [...found, ...checkGroups(find(mode, 'steps'))];
};

/** Requests sent at the same time do not know each other's answers. */
const checkParallel = (group: Tree | undefined): Complaint[] => {
  const parallel = find(group, 'parallel');
  if (parallel?.kind !== 'leaf' || parallel.value !== true) return [];
  const steps = itemsOf(find(group, 'steps'));
  const captured = steps.map((step) => entriesOf(find(step, 'capture')).map(([name]) => name));
  return steps.flatMap((step, at_): Complaint[] => {
    if (step.kind !== 'map' || !methodWords.some((word) => step.entries.has(word)))
      return [
        at(step, 'a parallel group can only contain requests', 'take it out of the group, or leave "parallel" out'),
      ];
    const others = new Set(captured.filter((_, other) => other !== at_).flat());
    const [name] = textsIn(step)
      .flatMap((text) => namesOf(text))
      .filter((one) => others.has(one));
    const known = name === undefined ? [] : [name];
    const keys = hasCopies(step) ? ['copies'] : [];
    return [
      ...known.map((one) =>
        at(
          step,
          `${quoted(one)} is captured by a request that is sent at the same moment`,
          'capture it in a step before the group',
        ),
      ),
      ...keys.map((key) =>
        at(
          step,
          `${quoted(key)} is not allowed in a parallel group`,
          'leave it out, or move that step out of the group',
        ),
      ),
    ];
  });
};

const textsIn = (tree: Tree): readonly string[] => {
  if (tree.kind === 'leaf') return typeof tree.value === 'string' ? [tree.value] : [];
  return [...itemsOf(tree), ...entriesOf(tree).map(([, { value }]) => value)].flatMap(textsIn);
};

/** A gate names a step or a group, so no two may have the same name. */
const checkGroups = (steps: Tree | undefined): Complaint[] => {
  const ofSteps = new Set(requestTrees(steps).map((request) => textOf(find(request, 'name'))));
  const ofGroups = new Set<string>();
  return groupNames(steps).flatMap((tree) => {
    const name = textOf(tree);
    if (name === undefined) return [];
    if (ofGroups.has(name)) return [at(tree, `two groups are called ${quoted(name)}`, 'give one another name')];
    ofGroups.add(name);
    const message = `a step is called ${quoted(name)} as well`;
    return ofSteps.has(name) ? [at(tree, message, 'give one of them another name')] : [];
  });
};

/** With text around it, an expression becomes text: as a condition it would always hold, and it is not a number. */
const checkOne = (value: Tree | undefined, key: string, what: string, hint: string): Complaint[] => {
  const text = textOf(value);
  // The schema refuses what starts in any other way.
  if (value === undefined || text?.startsWith('${') !== true) return [];
  try {
    const { parts } = parseTemplate(text);
    const [only] = parts;
    if (parts.length !== 1 || typeof only === 'string') return [at(value, `${key} is one expression, ${what}`, hint)];
    return only!.names.length === 0
      ? [at(value, `${quoted(text)} is the same for every iteration`, `${key} takes an expression over variables`)]
      : [];
  } catch (error) {
    // Reported where all templates are checked.
    if (error instanceof TemplateSyntaxError) return [];
    throw error;
  }
};
