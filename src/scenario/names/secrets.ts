import { folded } from './fold-environment.ts';
import type { Tree } from '../text/tree.ts';

/** Keys anywhere in a scenario whose values are secret. */
const words = '(?:proxy-)?authorization|(?:set-)?cookie|x-api-key|api[-_]?key|password|bearer';
const secretKey = new RegExp(`^(?:${words})$`, 'i');

/** Query parameters with such names, up to the end of the value. Templates contain no secrets of their own. */
const secretParameter =
  /[?&][^=&#\s"'?]{0,40}(?:token|secret|passw|api[-_]?key|session|signature)[^=&#\s"'?]{0,40}=([^&#\s"'$]{1,4096})/gi;

/** The same, with the rest of the line. */
const secretLine = new RegExp(`(?<![\\w-])(${words})["']?[ \\t]{0,9}:[ \\t]{0,9}["']?([^"'\\r\\n}]{1,4096})`, 'gi');

/**
 * The secrets in a scenario: declared ones, credentials and cookies written in it, user names with passwords in addresses, and
 * query parameters that sound like secrets.
 *
 * @param declared values of the names under `secrets`
 * @param values of all declared names of the environment
 */
export const secretsOf = (
  scenario: Tree,
  declared: readonly string[],
  values: ReadonlyMap<string, string>,
): readonly string[] => [...new Set([...declared, ...secretsIn(scenario, '', values)])];

/** The same, line by line, for a text that cannot be read as a scenario. */
export const secretsInText = (text: string): readonly string[] => [
  ...credentialsIn(text),
  ...parametersIn(text),
  ...[...text.matchAll(secretLine)].flatMap(([, key = '', value = '']) => partsOf(key, [value])),
];

const secretsIn = (tree: Tree, key: string, values: ReadonlyMap<string, string>): readonly string[] => {
  if (tree.kind === 'list') return tree.items.flatMap((item) => secretsIn(item, key, values));
  if (tree.kind === 'map') return [...tree.entries].flatMap(([inner, { value }]) => secretsIn(value, inner, values));
  if (tree.value === null || typeof tree.value === 'boolean') return [];
  const text = String(tree.value);
  return [
    ...credentialsIn(text),
    ...parametersIn(text),
    // The address of a proxy may have no scheme.
    ...(key === 'proxy' ? credentialsIn(`http://${text}`) : []),
    ...(secretKey.test(key) ? partsOf(key, withValues(text, values)) : []),
  ];
};

/** No credential is longer than servers accept for a header, and this bounds the search. */
const longestCredential = 8192;

/** The text between the `${…}` of a template, with those of the environment filled in. */
const withValues = (template: string, values: ReadonlyMap<string, string>): readonly string[] =>
  folded(template.slice(0, longestCredential), values)
    .replace(/(?<!\$)\$\{\s*("(?:[^"\\]|\\.)*")\s*\}/g, (_, literal: string) => JSON.parse(literal) as string)
    .split(/(?<!\$)\$\{(?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|[^}"'])*\}/)
    .map((text) => text.replaceAll('$${', '${'));

/** A credential without its scheme, which is not secret; the decoded form of a Basic one; the value of each cookie. */
const partsOf = (key: string, texts: readonly string[]): readonly string[] => {
  if (/cookie/i.test(key))
    return texts.flatMap((text) => text.split(/;\s*/).map((pair) => pair.replace(/^[^=]*=/, '').trim()));
  return texts.flatMap((text) => {
    const credential = text.replace(/^\s*[A-Za-z][\w-]*\s+/, '').trim();
    const basic = /^\s*basic\s+([\w+/=-]+)\s*$/i.exec(text)?.[1];
    return [credential, ...(basic === undefined ? [] : passwordIn(basic))];
  });
};

const passwordIn = (base64: string): readonly string[] => {
  try {
    return [atob(base64).replace(/^[^:]*:/, '')];
  } catch {
    // It is not really Basic: then only the text as written is masked.
    return [];
  }
};

/** `user:password@` in an address, and the password by itself. A name without a password may be a token. */
const credentialsIn = (text: string): readonly string[] =>
  [...text.matchAll(/\w:\/\/([^/?#\s]{1,1000})@/g)].flatMap(([, userinfo = '']) => {
    const [user = '', ...rest] = userinfo.split(':');
    const password = rest.join(':');
    return (password === '' ? [user] : [password, userinfo]).flatMap((part) => [part, decoded(part)]);
  });

const parametersIn = (text: string): readonly string[] =>
  [...text.matchAll(secretParameter)].flatMap(([, value = '']) => [value, decoded(value)]);

const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    // A literal "%".
    return text;
  }
};
