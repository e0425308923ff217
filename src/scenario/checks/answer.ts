import { compileJsonPath } from '../../template/json-path.ts';
import { bodyExpression } from '../../template/parse.ts';
import { compilePattern } from '../../template/pattern.ts';
import { at, type Complaint } from '../text/locate.ts';
import { checkExpression, checkJson, checkText, checkTemplate, type Scope } from '../names/templates.ts';
import { entriesOf, find, itemsOf, type Branch, type Leaf, type Tree } from '../text/tree.ts';

/**
 * Checks what a step captures and expects: expressions, patterns and queries that do not parse, and unknown names.
 *
 * @param scope the names that the step knows
 * @param withAnswer the same with its answer
 */
export const checkAnswer = (step: Branch, scope: Scope, withAnswer: Scope): Complaint[] => [
  ...entriesOf(find(step, 'capture')).flatMap(([, { value }]) => checkCapture(value, withAnswer)),
  ...checkExpect(find(step, 'expect'), scope, withAnswer),
];

const checkCapture = (capture: Tree, scope: Scope): Complaint[] => [
  ...checkExpression(capture, scope),
  ...checkPattern(find(capture, 'text')),
  ...checkText(find(capture, 'jsonpath'), (query) => (query.startsWith('$') ? compileJsonPath(query) : undefined)),
];

const checkExpect = (expect: Tree | undefined, scope: Scope, withAnswer: Scope): Complaint[] => {
  const that = find(expect, 'that');
  return [
    ...entriesOf(find(expect, 'headers')).flatMap(([, { value }]) => [
      ...[value, find(value, 'equals'), find(value, 'contains')].flatMap((text) => checkTemplate(text, scope)),
      ...checkPattern(find(value, 'matches')),
    ]),
    ...textsIn(find(expect, 'text')).flatMap((value) => [
      ...[value, find(value, 'equals'), find(value, 'contains')].flatMap((text) => checkTemplate(text, scope)),
      ...checkPattern(find(value, 'matches')),
    ]),
    ...entriesOf(find(expect, 'body')).flatMap(([path, { key, value }]) => [
      ...checkExpression(pathLeaf(path, value, key), withAnswer),
      ...checkJson(value, scope),
    ]),
    ...(that?.kind === 'list' ? itemsOf(that) : [that]).flatMap((one) => checkExpression(one, withAnswer)),
  ];
};

const textsIn = (text: Tree | undefined): readonly Tree[] =>
  text === undefined ? [] : text.kind === 'list' ? itemsOf(text) : [text];

/** The key as the expression that it stands for. The exact position of a fault in it is unknown. */
const pathLeaf = (path: string, { path: below }: Tree, key: Leaf['mark']): Leaf => ({
  kind: 'leaf',
  mark: key,
  path: below,
  value: bodyExpression(path),
});

const checkPattern = (pattern: Tree | undefined): Complaint[] =>
  checkText(pattern, compilePattern).map((complaint) => ({
    ...at(pattern!, complaint.message, 'patterns are those of RE2: no look-around and no back-references'),
  }));
