import type { OperationSyntax } from '../../judge/consistency/syntax.ts';
import type { Members } from '../names/names.ts';
import { at, type Complaint } from '../text/locate.ts';
import { hasCopies } from './sections.ts';
import { entriesOf, find, itemsOf, textOf, type Branch, type Tree } from '../text/tree.ts';
import { quoted } from '../text/words.ts';

/** The steps that an operation names: one, or several if no single answer has everything. */
export const stepsNamed = (operation: Tree): readonly Tree[] => {
  const steps = find(operation, 'steps');
  const step = find(operation, 'step');
  return steps === undefined ? (step === undefined ? [] : [step]) : itemsOf(steps);
};

/** Checks how an operation takes the answers of several steps. @param requests of the mode, in their order */
export const checkSeveral = (operation: Tree, of: OperationSyntax, requests: readonly Branch[]): Complaint[] => {
  if (of.maySum !== true || operation.kind !== 'map') return [];
  const [step, steps, snapshot] = ['step', 'steps', 'snapshot'].map((key) => find(operation, key));
  if (step === undefined && steps === undefined)
    return [at(operation, '"step" or "steps" is missing: what to ask', 'one of them')];
  if (step !== undefined && steps !== undefined)
    return [at(steps, '"step" and "steps" exclude each other', 'make "step" one of the steps')];
  if (steps === undefined)
    return snapshot === undefined
      ? []
      : [at(snapshot, 'one answer shows a single state anyway', 'leave "snapshot" out')];
  const isSnapshot = snapshot?.kind === 'leaf' && snapshot.value === true;
  const moments = isSnapshot
    ? []
    : [
        at(
          steps,
          'answers to several steps come from different moments, and their sum is right for none of them',
          'say "snapshot: true" if the target answers them from one state; else let one answer tell the total',
        ),
      ];
  return [...moments, ...checkOrder(itemsOf(steps), requests), ...checkCopies(itemsOf(steps), requests)];
};

const checkOrder = (steps: readonly Tree[], requests: readonly Branch[]): Complaint[] => {
  const order = requests.map((request) => textOf(find(request, 'name')));
  return steps.flatMap((step, number) => {
    const before = steps[number - 1];
    if (before === undefined) return [];
    const [one, other] = [before, step].map((tree) => order.indexOf(textOf(tree)));
    // Names that do not exist are reported with all the others.
    if (one === -1 || other === -1 || one! < other!) return [];
    return one === other
      ? [at(step, `${quoted(textOf(step)!)} is named twice`, 'leave one out')]
      : [at(step, `${quoted(textOf(step)!)} is sent before ${quoted(textOf(before)!)}`, 'name them in their order')];
  });
};

const checkCopies = (steps: readonly Tree[], requests: readonly Branch[]): Complaint[] =>
  steps.flatMap((step) => {
    const request = requests.find((one) => textOf(find(one, 'name')) === textOf(step));
    return request === undefined || !hasCopies(request)
      ? []
      : [at(step, `${quoted(textOf(step)!)} has copies, each with its own answer`, 'name a step that is sent once')];
  });

/** The captures of several steps: by their names, and by the step's name, `page1.sum`. */
export const capturesOf = (
  operation: Tree,
  requests: readonly Branch[],
): { readonly known: readonly string[]; readonly members: Members } => {
  if (find(operation, 'steps') === undefined) return { known: [], members: {} };
  const captured = stepsNamed(operation).flatMap((step): [string, readonly string[]][] => {
    const request = requests.find((one) => textOf(find(one, 'name')) === textOf(step));
    const captures = entriesOf(find(request, 'capture')).map(([capture]) => capture);
    return captures.length === 0 ? [] : [[textOf(step)!, captures]];
  });
  const known = new Set(captured.flatMap(([, captures]) => captures));
  const members = captured.filter(([name]) => !known.has(name));
  return { known: [...known, ...members.map(([name]) => name)], members: Object.fromEntries(members) };
};
