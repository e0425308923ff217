import type { Json } from '../../core/json.ts';
import { member } from '../member.ts';
import { isKey } from '../text.ts';
import { singular, type Names } from '../names.ts';
import { isVersionPart, isVersionText } from '../versions.ts';
import { jsonIn, type Exchange } from './exchange.ts';

/** A value in an answer, and how a capture finds it. */
interface Leaf {
  readonly at: number;
  readonly expression: Json;
  readonly key: string;
  readonly value: string | number;
}

/** Where a value is used in a request: its name there, and which earlier answer may be its source. */
export interface Place {
  readonly name: string;
  /** A token comes from the first answer that gave it. */
  readonly isToken?: boolean;
  /** Part of a path: the value there names a thing. */
  readonly isPath?: boolean;
}

/** A variable that holds a value from an earlier answer. */
export interface Captured {
  readonly name: string;
  readonly type: 'string' | 'number';
}

/** The answers so far, and what later requests have taken from them. */
export interface Answers {
  /** The variable that holds a value, captured from now on. `undefined` if no earlier answer has it. */
  find(value: string | number, place: Place): Captured | undefined;
  /** The variable for what the source itself captures from an earlier answer under this name. */
  named(name: string): Captured | undefined;
  /** Adds the answer of the next exchange. */
  add(exchange: Exchange): void;
  /** The captures from the answer of an exchange. */
  capturesOf(at: number): { readonly [name: string]: Json };
}

const idKey =
  /(?:^|[-_a-z])(?:id|uuid|guid|key|token|slug|ref|sku|version|etag|csrf|nonce|number|code|cursor)$|(?:Id|Uuid|Key|Token|Slug|Ref|Version|Number|Code|Cursor)$/;

const isIdKey = (key: string): boolean => idKey.test(key);

/** How many values of one answer to check: a long list repeats itself. */
const mostLeaves = 2000;
const deepest = 12;
const longestText = 1 << 20;

/** The answers of one recording. */
export const newAnswers = (names: Names): Answers => {
  const leaves: Leaf[] = [];
  const texts: { readonly at: number; readonly text: string }[] = [];
  const captures: { [name: string]: Json }[] = [];
  const named = new Map<string, Captured>();
  const paths: string[] = [];
  const byName = new Map<string, Leaf>();

  const take = (leaf: Leaf): Captured => {
    const id = idOf(leaf.at, leaf.expression);
    const known = named.get(id);
    if (known !== undefined) return known;
    const isPlain = /^(?:id|uuid|guid|key|name|code|number|ref|slug|version|value)$/i.test(leaf.key);
    const name = names.variable(isPlain ? `${thingOf(paths[leaf.at]!)} ${leaf.key}` : leaf.key);
    const captured = { name, type: typeof leaf.value === 'number' ? 'number' : 'string' } as const;
    named.set(id, captured);
    captures[leaf.at]![name] = leaf.expression;
    return captured;
  };

  return {
    find: (value, place) => {
      const text = String(value);
      if (text === '' || text.length > 4096 || (isVersionText(text) && !isCondition(place))) return undefined;
      const fits = leaves.filter((leaf) => String(leaf.value) === text && isTelling(text, leaf.key, place));
      // A thing keeps its name from request to request, but what changes with each write is captured again.
      const known = fits.find(
        ({ at, expression, key }) => !/etag|version|modified/i.test(key) && named.has(idOf(at, expression)),
      );
      if (known !== undefined) return take(known);
      const leaf = place.isToken === true ? fits[0] : (fits.findLast(({ key }) => isIdKey(key)) ?? fits.at(-1));
      if (leaf !== undefined) return take(leaf);
      const found = text.length < 16 ? undefined : texts.findLast(({ text: answer }) => answer.includes(text));
      const pattern = found === undefined ? undefined : patternOf(found.text, text);
      return found === undefined || pattern === undefined
        ? undefined
        : take({ at: found.at, expression: { text: pattern }, key: place.name, value: text });
    },
    named: (name) => {
      const leaf = byName.get(name);
      return leaf === undefined ? undefined : take(leaf);
    },
    add: ({ url, answer, captures: own = {} }) => {
      const at = captures.length;
      captures.push({});
      paths.push(url.pathname);
      for (const [name, expression] of Object.entries(own)) byName.set(name, { at, expression, key: name, value: '' });
      if (answer === undefined) return;
      for (const [name, value] of answer.headers) {
        const lower = name.toLowerCase();
        if (/^(?:etag|last-modified)$|token|csrf|xsrf|^x-[\w-]*id$/.test(lower))
          leaves.push({ at, expression: member('header', lower), key: lower, value });
        if (lower === 'location') leaves.push(...locationLeaves(at, value, url, answer.status === 201));
      }
      const text = answer.text.slice(0, longestText);
      const json = /json/i.test(answer.mediaType) || /^\s*[[{]/.test(text) ? jsonIn(text) : undefined;
      if (json === undefined) texts.push({ at, text });
      else leaves.push(...leavesIn(json, 'body', '', at, 0).slice(0, mostLeaves));
    },
    capturesOf: (at) => captures[at] ?? {},
  };
};

const idOf = (at: number, expression: Json): string => JSON.stringify([at, expression]);

/** Headers that send back what an answer said, however short it was. */
const conditions: { readonly [name: string]: string } = {
  'if-match': 'etag',
  'if-unmodified-since': 'last-modified',
};

const isCondition = ({ name }: Place): boolean => Object.hasOwn(conditions, name.toLowerCase());

/** Short values may match by chance: then both sides must look like the name of a thing. */
const isTelling = (value: string, key: string, { name, isPath, isToken }: Place): boolean => {
  const condition = conditions[name.toLowerCase()];
  if (condition !== undefined) return key === condition || (key !== 'last-modified' && /etag|version/i.test(key));
  if (key === 'last-modified') return false;
  if (isToken === true) return value.length >= 4;
  if (value.length >= 12 && /\d/.test(value) && !/\s/.test(value)) return true;
  return isIdKey(key) && (isPath === true || isIdKey(name));
};

/** What a path is about: the last part that is not an id. */
export const thingOf = (path: string): string => {
  const parts = path.split('/').filter((part) => /^[A-Za-z][A-Za-z_-]{1,30}$/.test(part));
  return singular(parts.at(-1) ?? 'thing');
};

const leavesIn = (value: unknown, expression: string, key: string, at: number, depth: number): readonly Leaf[] => {
  if (typeof value === 'string' || (typeof value === 'number' && Number.isSafeInteger(value)))
    return key === '' ? [] : [{ at, expression, key, value }];
  if (typeof value !== 'object' || value === null || depth > deepest) return [];
  if (Array.isArray(value))
    return value.slice(0, 50).flatMap((item, index) => leavesIn(item, `${expression}[${index}]`, key, at, depth + 1));
  return Object.entries(value)
    .slice(0, 200)
    .flatMap(([name, inner]) => (isMember(name) ? leavesIn(inner, member(expression, name), name, at, depth + 1) : []));
};

/** Names that an expression can access. */
const isMember = (name: string): boolean => /^[\w .:@/-]{1,60}$/.test(name) && isKey(name);

/** The parts of a redirect's path and query, except for those of the request that was answered, and versions. */
const locationLeaves = (at: number, location: string, from: URL, isMade: boolean): readonly Leaf[] => {
  if (!URL.canParse(location, from.href)) return [];
  const own = new Set(from.pathname.split('/'));
  const leads = new URL(location, from.href);
  const path = leads.pathname.split('/');
  const parts = location.split('/');
  // The parts for the host are not in the path.
  const ahead = parts.length - path.length;
  const asked = [...leads.searchParams].flatMap(([name, value]): readonly Leaf[] => {
    const mark = ['?', '&'].map((one) => `${one}${name}=`).find((one) => location.includes(one));
    const isOpaque = /^[\w.~-]*\d[\w.~-]*$/.test(value) && !location.includes('#') && /^[\w.-]{1,40}$/.test(name);
    if (mark === undefined || !isOpaque || from.searchParams.get(name) === value) return [];
    return [{ at, expression: `split(split(header.location, "${mark}")[1], "&")[0]`, key: name, value }];
  });
  const inPath = parts.flatMap((whole, index): readonly Leaf[] => {
    const part = whole.split(/[?#]/)[0]!;
    // A new thing in a collection may have any name.
    const isNew = isMade && `${from.pathname.replace(/\/$/, '')}/${part}` === leads.pathname.replace(/\/$/, '');
    const isOpaque = (isNew ? /^[\w.~-]+$/ : /^[\w.~-]*\d[\w.~-]*$/).test(part);
    // The last part may have a query, which is cut off again.
    const isWhole = part === whole || (index === parts.length - 1 && whole.startsWith(`${part}?`));
    if (!isOpaque || !isWhole || index < ahead || own.has(part)) return [];
    if (isVersionPart(part, path.slice(0, index - ahead), index === parts.length - 1)) return [];
    const expression = `split(header.location, "/")[${index}]`;
    return [{ at, expression: part === whole ? expression : `split(${expression}, "?")[0]`, key: 'id', value: part }];
  });
  return [...inPath, ...asked];
};

/** A pattern that finds a value by the text before it on its line. `undefined` if that finds something else first. */
const patternOf = (text: string, value: string): string | undefined => {
  if (!/^[^"'<>&\s]+$/.test(value)) return undefined;
  const at = text.indexOf(value);
  const before = markBefore(/[^\r\n]*$/.exec(text.slice(Math.max(0, at - 200), at))![0]);
  if (before === undefined || before.length < 3) return undefined;
  // A plain search, so that no pattern runs here.
  if (text.indexOf(before) !== at - before.length) return undefined;
  const rest = /^[^"'<>&\s]+/.exec(text.slice(at))![0];
  return rest === value ? `${before.replace(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`)}([^"'<>&\\s]+)` : undefined;
};

/** The text right before a value that names it: its tag, or `csrf = "`. It must not contain other values, which may be secret or change. */
const markBefore = (line: string): string | undefined => {
  const tag = /<[a-z][^<>]*$/i.exec(line)?.[0];
  const isStill = tag !== undefined && !/["'=]/.test(tag.replaceAll(stillAttribute, '').replace(/[\w:-]+=["']?$/, ''));
  return isStill ? tag : /[\w$-]{2,40}["']?\s*[:=]\s*["']?$/.exec(line)?.[0];
};

/** An attribute that names a field, and does not hold its value. */
const stillAttribute = /\s(?:name|type|id)=(["'])[\w.[\]:-]{1,40}\1/gi;
