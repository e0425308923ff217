import { parseExpression, TemplateSyntaxError } from '../../template/parse.ts';
import { at, atKey, type Complaint } from '../text/locate.ts';
import { entriesOf, find, itemsOf, textOf, type Branch, type Tree } from '../text/tree.ts';
import { loginOf, methodsIn, requestTrees } from '../names/requests.ts';
import { quoted } from '../text/words.ts';
import { operationsIn } from './consistency.ts';
import { stepsNamed } from './several.ts';

/** Finds what reads the body of an answer to a HEAD, which has none: captures, checks, and what models take from it. */
export const checkHead = (mode: Branch): Complaint[] => {
  const heads = [find(mode, 'before'), loginOf(mode), find(mode, 'steps'), find(mode, 'after')]
    .flatMap(requestTrees)
    .filter((request) => methodsIn(request).some(([word]) => word === 'head'));
  const names = new Set(heads.flatMap((head) => textOf(find(head, 'name')) ?? []));
  const said = operationsIn(mode).filter((operation) =>
    stepsNamed(operation).some((step) => names.has(textOf(step) ?? '')),
  );
  return [
    ...heads.flatMap((head) => [...captured(head), ...expected(find(head, 'expect'))]),
    // What is sent is a template, which cannot read a body.
    ...said.flatMap((operation) => entriesOf(operation).flatMap(([, { value }]) => expression(value))),
  ];
};

const captured = (head: Branch): Complaint[] =>
  entriesOf(find(head, 'capture')).flatMap(([, { value }]) => {
    const other = find(value, 'text') ?? find(value, 'jsonpath');
    return other === undefined ? expression(value) : [without(other)];
  });

const expected = (expect: Tree | undefined): Complaint[] => {
  if (expect?.kind !== 'map') return [];
  const body = expect.entries.get('body');
  const size = expect.entries.get('size');
  const that = find(expect, 'that');
  return [
    ...(body === undefined ? [] : [atKey(body, hasNone('"body"'), hint)]),
    ...(size === undefined || (size.value.kind === 'leaf' && size.value.value === 0)
      ? []
      : [atKey(size, hasNone('"size"'), hint)]),
    ...(that?.kind === 'list' ? itemsOf(that) : that === undefined ? [] : [that]).flatMap(expression),
  ];
};

const expression = (tree: Tree): Complaint[] => {
  const text = textOf(tree);
  if (text === undefined || text.startsWith('${')) return [];
  try {
    return parseExpression(text).names.includes('body') ? [without(tree)] : [];
  } catch (error) {
    // Reported where expressions are checked.
    if (error instanceof TemplateSyntaxError) return [];
    throw error;
  }
};

const without = (tree: Tree): Complaint => at(tree, hasNone(quoted(textOf(tree) ?? '')), hint);

const hasNone = (what: string): string => `${what} asks for a body, and the answer to a HEAD has none`;

const hint = 'write get instead of head, or read a header: header.etag';
