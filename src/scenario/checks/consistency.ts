import { parseExpression } from '../../template/parse.ts';
import {
  type FieldSyntax,
  modelSections,
  type ModelSections,
  type OperationSyntax,
} from '../../judge/consistency/syntax.ts';
import { at, type Complaint } from '../text/locate.ts';
import { readIn, requestTrees } from '../names/requests.ts';
import { didYouMean } from '../text/suggest.ts';
import { checkExpression, checkTemplate, type Scope } from '../names/templates.ts';
import { type Branch, entriesOf, find, itemsOf, numberOf, textOf, type Tree } from '../text/tree.ts';
import { quoted } from '../text/words.ts';
import { capturesOf, checkSeveral, stepsNamed } from './several.ts';

/** A model's section of a scenario, and its syntax. */
export interface SectionTree {
  readonly tree: Tree;
  readonly syntax: ModelSections;
}

/** The known models of a mode. */
export const sectionsOf = (mode: Branch): readonly SectionTree[] =>
  entriesOf(find(mode, 'consistency')).flatMap(([name, { value }]) =>
    Object.hasOwn(modelSections, name)
      ? [{ tree: value, syntax: modelSections[name as keyof typeof modelSections] }]
      : [],
  );

/** The operations of a section, each with its syntax. */
const operationsOf = ({
  tree,
  syntax,
}: SectionTree): readonly { readonly of: OperationSyntax; readonly tree: Tree }[] =>
  Object.entries(syntax.operations).flatMap(([word, of]) => {
    const found = find(tree, word);
    if (found === undefined) return [];
    return (found.kind === 'list' ? itemsOf(found) : [found]).map((one) => ({ of, tree: one }));
  });

/** The operations of all models. */
export const operationsIn = (mode: Branch): readonly Tree[] =>
  sectionsOf(mode).flatMap((section) => operationsOf(section).map(({ tree }) => tree));

/** The names of the steps that are an operation of any model. */
export const observedSteps = (mode: Branch): ReadonlySet<string> =>
  new Set(operationsIn(mode).flatMap((operation) => namesIn(operation)));

const namesIn = (operation: Tree): readonly string[] => stepsNamed(operation).flatMap((step) => textOf(step) ?? []);

/** Finds names of steps that do not exist, and amounts that are not numbers. */
export const checkOperations = (mode: Branch): Complaint[] => {
  const requests = requestTrees(find(mode, 'steps'));
  const names = requests.flatMap((request) => textOf(find(request, 'name')) ?? []);
  const section = find(mode, 'consistency');
  if (section?.kind === 'map' && [...section.entries.keys()].every((name) => name === 'settle'))
    return [at(section, 'no model is named', `such as ${Object.keys(modelSections).slice(0, 3).join(', ')}`)];
  return sectionsOf(mode).flatMap((section) => [
    ...amountsIn(section.syntax.common, section.tree),
    ...checkPromises(section),
    ...operationsOf(section).flatMap(({ of, tree }) => [
      ...stepsNamed(tree).flatMap((step) => checkStep(step, names)),
      ...checkSeveral(tree, of, requests),
      ...checkOneOf(tree, of.oneOf),
      ...checkSent(tree, requests),
      ...amountsIn(of.fields, tree),
    ]),
  ]);
};

/** A promise that means nothing without another one. */
const checkPromises = ({ tree, syntax }: SectionTree): readonly Complaint[] =>
  Object.entries(syntax.promises ?? {}).flatMap(([word, { needs }]) => {
    const said = find(tree, word);
    if (said === undefined || needs === undefined || find(tree, needs) !== undefined) return [];
    return [
      at(said, `${quoted(word)} has no effect without ${quoted(needs)}`, `add ${quoted(needs)}, or leave it out`),
    ];
  });

const amountsIn = (fields: { readonly [field: string]: FieldSyntax } = {}, tree: Tree): readonly Complaint[] =>
  Object.entries(fields).flatMap(([name, { isAmount }]) => (isAmount ? checkAmount(find(tree, name)) : []));

const checkStep = (step: Tree | undefined, names: readonly string[]): Complaint[] => {
  const named = textOf(step);
  if (step === undefined || named === undefined || names.includes(named)) return [];
  const known = `the steps are ${names.slice(0, 10).map(quoted).join(', ')}`;
  return [at(step, `no step is called ${quoted(named)}`, didYouMean(named, names) ?? known)];
};

/** `${stock - 1}`: a name, and the change to it. */
const change = /^\$\{\s*(?<name>\w+)\s*(?<sign>[+-])\s*(?<by>\d+(?:\.\d+)?)\s*\}$/;

const changeIn = (text: string | undefined): { readonly name: string; readonly by: number } | undefined => {
  const { name, sign, by } = change.exec(text ?? '')?.groups ?? {};
  return name === undefined ? undefined : { name, by: sign === '-' ? -Number(by) : Number(by) };
};

/** A `to` that contradicts the step's own body: both change the same name by a number, but by different ones. */
const checkSent = (tree: Tree, requests: readonly Branch[]): Complaint[] => {
  const to = find(tree, 'to');
  const said = changeIn(textOf(to));
  const step = textOf(find(tree, 'step'));
  const request = requests.find((one) => textOf(find(one, 'name')) === step);
  if (to === undefined || said === undefined || request === undefined) return [];
  const sent = [find(request, 'json'), find(request, 'form')]
    .flatMap(textsIn)
    .filter((text) => changeIn(text)?.name === said.name);
  const [first] = sent;
  if (first === undefined || sent.some((text) => changeIn(text)!.by === said.by)) return [];
  return [
    at(
      to,
      `"to" is ${quoted(textOf(to)!)}, and ${quoted(step!)} sends ${quoted(first)}`,
      'write the value that is sent, or the target is accused of something it was never asked to do',
    ),
  ];
};

const textsIn = (tree: Tree | undefined): readonly string[] => {
  if (tree === undefined) return [];
  if (tree.kind === 'leaf') return [textOf(tree) ?? ''];
  return (tree.kind === 'list' ? tree.items : [...tree.entries.values()].map(({ value }) => value)).flatMap(textsIn);
};

const checkOneOf = (tree: Tree, fields: readonly string[] = []): Complaint[] => {
  if (fields.length === 0 || tree.kind !== 'map') return [];
  const [first, second] = fields.flatMap((name) => find(tree, name) ?? []);
  if (first === undefined) return [at(tree, `${fields.map(quoted).join(' or ')} is missing`, 'one of them')];
  return second === undefined
    ? []
    : [at(second, `${fields.map(quoted).join(' and ')} exclude each other`, 'leave one out')];
};

const checkAmount = (tree: Tree | undefined): Complaint[] => {
  const amount = textOf(tree) ?? numberOf(tree)?.toString();
  if (tree === undefined || amount === undefined || amount.includes('${')) return [];
  const isNumber = amount.trim() !== '' && Number.isFinite(Number(amount));
  if (!isNumber) return [at(tree, `${quoted(amount)} is not a number`, 'such as -1 or "${-amount}"')];
  return Number.isSafeInteger(Number(amount))
    ? []
    : [
        at(
          tree,
          `${quoted(amount)} is not a whole number`,
          'count in the smallest unit: sums of fractions are not exact',
        ),
      ];
};

/**
 * Checks templates and expressions of the operations of one step.
 *
 * @param sent the names known when the step is sent
 * @param answered its answer
 * @param both the two together
 */
export const checkSaid = (
  mode: Branch,
  step: string | undefined,
  { sent, answered, both }: { readonly [what in 'sent' | 'answered' | 'both']: Scope },
): Complaint[] =>
  sectionsOf(mode).flatMap((section) =>
    operationsOf(section)
      .filter(({ tree }) => step !== undefined && namesIn(tree).at(-1) === step)
      .flatMap(({ of, tree }) => [
        ...Object.entries(of.fields).flatMap(([name, { from }]) =>
          from === 'sent'
            ? checkTemplate(find(tree, name), sent)
            : checkExpression(find(tree, name), withCaptures(answered, tree, requestTrees(find(mode, 'steps')))),
        ),
        ...Object.keys(section.syntax.common ?? {}).flatMap((name) => checkTemplate(find(section.tree, name), sent)),
        ...['done', 'refused', 'empty'].flatMap((key) => checkMeaning(find(tree, key), both)),
        // What is read before and after each slot is made of data only, and is checked there.
        ...(readIn(section.tree) === undefined ? checkTemplate(find(section.tree, 'key'), sent) : []),
      ]),
  );

/** If several steps form one operation, their captures are known in addition to the last answer. */
const withCaptures = (answered: Scope, operation: Tree, requests: readonly Branch[]): Scope => {
  const { known, members } = capturesOf(operation, requests);
  return known.length === 0 ? answered : { ...answered, known: new Set([...answered.known, ...known]), members };
};

/** An expression for what an answer means must read the answer. One that does not is a mistake, such as a status in quotes. */
const checkMeaning = (tree: Tree | undefined, scope: Scope): Complaint[] => {
  const complaints = checkExpression(tree, scope);
  const text = textOf(tree);
  // The schema refuses a status in quotes.
  if (tree === undefined || text === undefined || /^\s*\d(?:\d*|xx)\s*$/iu.test(text)) return [];
  if (complaints.length > 0) return complaints;
  if (parseExpression(text).names.some((name) => ['body', 'header', 'status'].includes(name))) return [];
  return [at(tree, `${quoted(text)} does not use the answer`, 'such as "!body.errors", or "status == 200"')];
};
