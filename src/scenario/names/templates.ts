import { parseExpression, parseTemplate, TemplateSyntaxError, type Expression } from '../../template/parse.ts';
import { withoutDefault } from './defaults.ts';
import type { Complaint } from '../text/locate.ts';
import type { Members } from './names.ts';
import { didYouMean } from '../text/suggest.ts';
import type { Leaf, Mark, Tree } from '../text/tree.ts';
import { cut, either, quoted } from '../text/words.ts';

/** How many unknown names of one template to report: a hundred more would not help. */
const mostUnknown = 10;

/** The names that a template may use in its place. */
export interface Scope {
  readonly known: ReadonlySet<string>;
  /** Names that may have a value: they take a default, `${token ?? "none"}`. */
  readonly maybe?: ReadonlySet<string>;
  /** Why a name that is known elsewhere is not known here. */
  readonly because: (name: string) => string | undefined;
  /** Known names that are not values themselves, and their properties: `lock.token`. */
  readonly members?: Members;
  /** The properties that the values of a name may have, if known. */
  readonly properties?: ReadonlyMap<string, readonly string[]>;
}

/** Characters that the text around `${…}` must not have. */
export interface Forbidden {
  readonly characters: RegExp;
  readonly message: string;
  readonly hint?: string;
}

/** Checks a template. Finds nothing if the value is not text, which the schema refuses. */
export const checkTemplate = (value: Tree | undefined, scope: Scope, forbidden?: Forbidden): Complaint[] =>
  check(value, (leaf, text) => {
    const { parts, names } = parseTemplate(text);
    const complaints = [
      // What it may read from the environment is checked for the whole file at once: see `environment.ts`.
      ...unknownNames(
        leaf,
        text,
        withoutDefault(parts, names, scope.maybe).filter((name) => name !== 'env'),
        scope,
      ),
      ...parts.flatMap((part) => (typeof part === 'string' ? [] : wrongProperties(leaf, text, part, scope))),
    ];
    const bad = forbidden === undefined ? undefined : firstBad(parts, forbidden.characters);
    if (forbidden === undefined || bad === undefined) return complaints;
    const { message, hint } = forbidden;
    return [
      ...complaints,
      { mark: markOf(leaf, text.indexOf(bad)), path: leaf.path, message: `${message}: ${quoted(bad)}`, hint },
    ];
  });

/** Checks an expression that stands alone, as in captures. */
export const checkExpression = (value: Tree | undefined, scope: Scope): Complaint[] =>
  check(value, (leaf, text) => {
    if (text.startsWith('${')) {
      const hint = `write ${cut(text.replace(/^\$\{(.*)\}$/s, '$1'), 60)}`;
      return [{ mark: leaf.mark, path: leaf.path, message: 'this is an expression, without "${" and "}"', hint }];
    }
    const expression = parseExpression(text);
    return [...unknownNames(leaf, text, expression.names, scope), ...wrongProperties(leaf, text, expression, scope)];
  });

/** Checks a text in a language of its own: a pattern, a query. */
export const checkText = (value: Tree | undefined, compile: (text: string) => unknown): Complaint[] =>
  check(value, (_, text) => {
    compile(text);
    return [];
  });

/**
 * Checks the reads of one name that is not a value itself, and nothing else. Finds nothing if the template does not parse.
 *
 * @param known the properties of the name
 * @param example stands in for a member in the hint if no known one is similar
 * @param mend the hint for an unknown member
 */
export const checkMembers = (
  leaf: Leaf,
  name: string,
  known: readonly string[],
  example: string,
  mend: (member: string) => string,
): Complaint[] => {
  const text = String(leaf.value);
  return partsOf(text).flatMap((part) =>
    readsOf(part.root, { [name]: known }).flatMap(({ member }) => {
      if (member !== undefined && known.includes(member)) return [];
      const message =
        member === undefined ? `${quoted(name)} is not a value` : `${quoted(name)} has no ${quoted(member)}`;
      const hint =
        member === undefined ? `write \${${name}.${known[0] ?? example}}` : (didYouMean(member, known) ?? mend(member));
      const whole = member === undefined ? -1 : text.indexOf(`${name}.${member}`);
      const offset = whole === -1 ? offsetOf(text, name) : whole;
      return [{ mark: markOf(leaf, offset), path: leaf.path, message, hint }];
    }),
  );
};

/** Checks every template in a body. */
export const checkJson = (json: Tree | undefined, scope: Scope): Complaint[] => {
  if (json === undefined) return [];
  if (json.kind === 'leaf') return checkTemplate(json, scope);
  const inner = json.kind === 'list' ? json.items : [...json.entries.values()].map(({ value }) => value);
  return inner.flatMap((value) => checkJson(value, scope));
};

/** The names that a template reads, except the environment, which is known everywhere. Empty if it does not parse. */
export const namesOf = (template: string): readonly string[] =>
  partsOf(template)
    .flatMap(({ names }) => names)
    .filter((name) => name !== 'env');

/** The expressions of a template. Empty if it does not parse. */
const partsOf = (template: string): readonly Expression[] => {
  try {
    return parseTemplate(template).parts.filter((part) => typeof part !== 'string');
  } catch (error) {
    if (error instanceof TemplateSyntaxError) return [];
    throw error;
  }
};

const check = (value: Tree | undefined, look: (leaf: Leaf, text: string) => Complaint[]): Complaint[] => {
  if (value?.kind !== 'leaf' || typeof value.value !== 'string') return [];
  try {
    return look(value, value.value);
  } catch (error) {
    if (!(error instanceof TemplateSyntaxError)) throw error;
    const { message, offset, unknown } = error;
    const said = { mark: markOf(value, offset), path: value.path };
    if (unknown === undefined) return [{ ...said, message: `cannot be read: ${cut(message, 160)}` }];
    const hint = didYouMean(unknown.word, unknown.known) ?? `the functions are ${unknown.known.join(', ')}`;
    return [{ ...said, message: cut(message, 160), hint }];
  }
};

const unknownNames = (leaf: Leaf, text: string, names: readonly string[], scope: Scope): Complaint[] =>
  names
    .filter((name) => !scope.known.has(name))
    .slice(0, mostUnknown)
    .map((name) => ({
      mark: markOf(leaf, offsetOf(text, name)),
      path: leaf.path,
      message: `unknown name ${quoted(name)}`,
      hint: scope.because(name) ?? inBrackets(text, name) ?? didYouMean(name, scope.known) ?? knownHere(scope),
    }));

/** `header.x-token` subtracts a name. This writes it correctly if the name is what follows the hyphen. */
const inBrackets = (text: string, name: string): string | undefined => {
  for (const [, path, member] of text.matchAll(/([A-Za-z_][\w.[\]"]*)\.([A-Za-z_]\w*(?:-\w+)+)/g)) {
    if (member!.split('-').slice(1).includes(name)) return `a name with a hyphen is written ${path}["${member}"]`;
  }
  return undefined;
};

const wrongProperties = (leaf: Leaf, text: string, { root }: Expression, scope: Scope): Complaint[] => {
  const { members = {}, properties = new Map<string, readonly string[]>() } = scope;
  return [
    ...wrongMembers(leaf, text, root, members),
    ...readsOf(root, Object.fromEntries(properties)).flatMap(({ name, member }) => {
      const known = properties.get(name)!;
      if (member === undefined || known.includes(member)) return [];
      const told = known.length === 0 ? 'it is a single value' : `it has ${known.slice(0, 12).join(', ')}`;
      const hint = didYouMean(member, known) ?? told;
      const message = `${quoted(name)} has no ${quoted(member)}`;
      return [{ mark: markOf(leaf, offsetOf(text, name)), path: leaf.path, message, hint }];
    }),
  ];
};

const wrongMembers = (leaf: Leaf, text: string, root: unknown, members: Members): Complaint[] =>
  readsOf(root, members).flatMap(({ name, member }) => {
    const known = members[name]!;
    if (member !== undefined && known.includes(member)) return [];
    const message =
      member === undefined ? `${quoted(name)} is not a value` : `${quoted(name)} has no ${quoted(member)}`;
    const meant = member === undefined ? undefined : didYouMean(member, known);
    const hint = meant ?? `write ${either(known.map((one) => `\${${name}.${one}}`))}`;
    return [{ mark: markOf(leaf, offsetOf(text, name)), path: leaf.path, message, hint }];
  });

/** Where an expression reads one of these names, and which member. `undefined`: the whole, or a computed member. */
const readsOf = (
  node: unknown,
  members: Members,
): readonly { readonly name: string; readonly member: string | undefined }[] => {
  if (typeof node !== 'object' || node === null) return [];
  const { type, name, object, property, computed } = node as {
    readonly [key: string]: { readonly name?: string; readonly value?: unknown } | string | undefined;
  };
  if (type === 'Identifier' && typeof name === 'string')
    return Object.hasOwn(members, name) ? [{ name, member: undefined }] : [];
  if (type !== 'MemberExpression' || typeof object !== 'object' || typeof property !== 'object')
    return Object.values(node).flatMap((inner) => readsOf(inner, members));
  if (object.name === undefined || !Object.hasOwn(members, object.name))
    return [object, ...(computed ? [property] : [])].flatMap((inner) => readsOf(inner, members));
  const { name: member, value } = property;
  return [{ name: object.name, member: computed ? (typeof value === 'string' ? value : undefined) : member }];
};

const knownHere = ({ known, members = {} }: Scope): string => {
  const values = [...known].filter((name) => !Object.hasOwn(members, name));
  return values.length === 0 ? 'no names are known here' : `known here: ${values.slice(0, 12).join(', ')}`;
};

/** The offset of a name's first use by itself: after the first `${` of a template, from the start of an expression. */
const offsetOf = (text: string, name: string): number => {
  const from = Math.max(0, text.indexOf('${'));
  for (let at = text.indexOf(name, from); at !== -1; at = text.indexOf(name, at + 1)) {
    if (!/[\w$.]/.test(text[at - 1] ?? ' ') && !/[\w$]/.test(text[at + name.length] ?? ' ')) return at;
  }
  return from;
};

const firstBad = (parts: readonly unknown[], characters: RegExp): string | undefined => {
  for (const part of parts) {
    const [bad] = (typeof part === 'string' ? characters.exec(part) : null) ?? [];
    if (bad !== undefined) return bad;
  }
  return undefined;
};

/** The position in the file of a character of a value. The value's own position if the file writes it in another form. */
export const markOf = (leaf: Leaf, offset: number): Mark =>
  leaf.textAt === undefined || offset < 0 ? leaf.mark : leaf.textAt + Math.min(offset, String(leaf.value).length);
