import { wholeOf } from '../../core/exact/whole.ts';
import { isAlias, isMap, isScalar, isSeq, type Pair, type ParsedNode, type YAMLMap } from 'yaml';
import type { Complaint } from './locate.ts';
import { pathTo, type Branch, type Entry, type Tree } from './tree.ts';
import { quoted } from './words.ts';

/** How many values a scenario may have, counting those that aliases stand for. */
const mostValues = 10_000;

const deepest = 64;
const forbiddenKeys = new Set(['__proto__', 'constructor', 'prototype']);

/** A scenario's text as a tree, as far as possible, and the faults in the text itself. */
export interface Reading {
  readonly tree?: Branch;
  readonly complaints: readonly Complaint[];
}

/** What grows from a node, and how many levels it has below it. */
interface Growth {
  readonly tree: Tree;
  readonly height: number;
}

/** `size`: its number of values, with aliases expanded. */
interface Anchor extends Growth {
  readonly size: number;
}

interface State {
  readonly text: string;
  readonly complaints: Complaint[];
  /** By name; `open`: its own value is still being read. */
  readonly anchors: Map<string, Anchor | 'open'>;
  values: number;
}

/**
 * A composed document as a {@link Tree}: aliases resolved and bounded, keys checked, numbers safe for JSON.
 *
 * Refuses, each with its place: tags, keys that are not text, duplicate keys, keys that would reach a prototype, more than 64
 * levels, more than {@link mostValues} values.
 */
export const growTree = (contents: ParsedNode, text: string): Reading => {
  const state: State = { text, complaints: [], anchors: new Map(), values: 0 };
  const { tree } = grow(contents, '', 0, state);
  if (state.values > mostValues) {
    const message = `too many values: a scenario has at most ${mostValues.toLocaleString('en')}, aliases expanded`;
    return { complaints: [{ mark: 0, path: '', message }] };
  }
  if (tree.kind === 'map') return { tree, complaints: state.complaints };
  const complaint = {
    mark: tree.mark,
    path: '',
    message: 'a scenario is a map with keys such as "target" and "steps"',
  };
  return { complaints: [...state.complaints, complaint] };
};

const grow = (node: ParsedNode | null, path: string, depth: number, state: State): Growth => {
  const mark = node?.range[0] ?? 0;
  const nothing: Growth = { tree: { kind: 'leaf', mark, path, value: null }, height: 0 };
  state.values++;
  if (node === null || state.values > mostValues) return nothing;
  const complain = (message: string, hint?: string): void => void state.complaints.push({ mark, path, message, hint });
  if (depth > deepest) {
    complain(`nested deeper than ${deepest} levels`);
    return nothing;
  }
  if (isAlias(node)) return growAlias(node.source, depth, state, complain) ?? nothing;
  if (node.tag !== undefined) complain(`the tag ${quoted(node.tag)} is refused`, tagHint(node.tag));
  const name = node.anchor;
  const before = state.values;
  if (name !== undefined) state.anchors.set(name, 'open');
  const growth = growNode(node, path, depth, state, complain);
  if (name !== undefined) state.anchors.set(name, { ...growth, size: state.values - before });
  return growth;
};

/** A leading "!" is a tag in YAML, but a "not" in an expression. */
const tagHint = (tag: string): string =>
  /^!(?:\w+\.|\()/u.test(tag)
    ? `an expression that begins with "!" is quoted: ${quoted(tag)}`
    : 'a scenario needs no tags';

const growAlias = (
  name: string,
  depth: number,
  state: State,
  complain: (message: string, hint?: string) => void,
): Growth | undefined => {
  const anchor = state.anchors.get(name);
  if (anchor === undefined)
    complain(`no anchor "&${name}" before this alias`, `quote it, if it is text; else set "&${name}" at a value above`);
  else if (anchor === 'open') complain(`"*${name}" contains itself`);
  else {
    state.values += anchor.size;
    if (depth + anchor.height <= deepest) return anchor;
    complain(`nested deeper than ${deepest} levels`);
  }
  return undefined;
};

const growNode = (
  node: ParsedNode,
  path: string,
  depth: number,
  state: State,
  complain: (message: string, hint?: string) => void,
): Growth => {
  const mark = node.range[0];
  if (isMap(node)) return growMap(node, path, depth, state);
  if (isSeq(node)) {
    const grown = node.items.map((item, at) => grow(item as ParsedNode | null, `${path}[${at}]`, depth + 1, state));
    return { tree: { kind: 'list', mark, path, items: grown.map(({ tree }) => tree) }, height: above(grown) };
  }
  const value = isScalar(node) ? node.value : null;
  if (typeof value === 'string')
    return { tree: { kind: 'leaf', mark, path, value, ...textAt(node, value, state.text) }, height: 0 };
  if (typeof value === 'number') {
    const source = isScalar(node) ? (node.source ?? '') : '';
    const long = /e/iu.test(source) ? undefined : wholeOf(source);
    if (long !== undefined) return { tree: { kind: 'leaf', mark, path, value: long }, height: 0 };
    const safe = Number.isFinite(value) && (!Number.isInteger(value) || Number.isSafeInteger(value));
    if (!safe) complain('a number that JSON cannot carry exactly', 'quote it, if it is text');
    // `+ 0` turns -0, which JSON does not have, into 0.
    return { tree: { kind: 'leaf', mark, path, value: safe ? value + 0 : 0 }, height: 0 };
  }
  return { tree: { kind: 'leaf', mark, path, value: typeof value === 'boolean' ? value : null }, height: 0 };
};

const above = (below: readonly Growth[]): number => below.reduce((most, { height }) => Math.max(most, height), 0) + 1;

const growMap = (node: YAMLMap, path: string, depth: number, state: State): Growth => {
  const mark = node.range?.[0] ?? 0;
  const entries = new Map<string, Entry>();
  const grown: Growth[] = [];
  for (const pair of node.items as Pair<ParsedNode, ParsedNode | null>[]) {
    const at = pair.key.range[0];
    const complain = (message: string, hint?: string): void =>
      void state.complaints.push({ mark: at, path, message, hint });
    const key = isScalar(pair.key) && pair.key.tag === undefined ? pair.key.value : undefined;
    if (typeof key !== 'string') {
      const source = isScalar(pair.key) ? pair.key.source : undefined;
      complain('a key must be text', source === undefined || source === '' ? undefined : `quote it: ${quoted(source)}`);
    } else if (forbiddenKeys.has(key))
      complain(`the key "${key}" is refused`, 'it would reach the prototype of an object: take another name');
    else if (entries.has(key)) complain(`the key ${quoted(key)} is there twice`, 'leave one of them out');
    else {
      // No alias can mean an anchor on a key, because keys are text.
      const value = grow(pair.value, pathTo(path, key), depth + 1, state);
      grown.push(value);
      entries.set(key, { key: at, value: pair.value === null ? { ...value.tree, mark: at } : value.tree });
    }
  }
  const tree: Branch = { kind: 'map', mark, path, entries };
  return { tree, height: above(grown) };
};

/** The offset of the value's first character, if the file writes the value literally. */
const textAt = (node: ParsedNode, value: string, text: string): { readonly textAt?: number } => {
  const [from, to] = node.range;
  const offset = text.slice(from, to).indexOf(value);
  return offset === 0 || offset === 1 ? { textAt: from + offset } : {};
};
