import { folded } from './fold-environment.ts';
import type { Tree } from '../text/tree.ts';

/** Keys, at whatever place of a scenario, whose values are nobody else's business. */
const words = '(?:proxy-)?authorization|(?:set-)?cookie|x-api-key|api[-_]?key|password|bearer';
const secretKey = new RegExp(`^(?:${words})$`, 'i');

/** Parameters of a query whose names sound like it, up to the end of the value; templates name no secret of their own. */
const secretParameter =
  /[?&][^=&#\s"'?]{0,40}(?:token|secret|passw|api[-_]?key|session|signature)[^=&#\s"'?]{0,40}=([^&#\s"'$]{1,4096})/gi;

/** The same, with what follows it on its line. */
const secretLine = new RegExp(`(?<![\\w-])(${words})["']?[ \\t]{0,9}:[ \\t]{0,9}["']?([^"'\\r\\n}]{1,4096})`, 'gi');

/**
 * The secrets that a scenario holds: declared ones; the values of credentials and cookies that are written in it; user names
 * with passwords in addresses; parameters of a query that sound like one.
 *
 * @param declared values of the names under `secrets`
 * @param values of all declared names of the environment
 */
export const secretsOf = (
  scenario: Tree,
  declared: readonly string[],
  values: ReadonlyMap<string, string>,
): readonly string[] => [...new Set([...declared, ...secretsIn(scenario, '', values)])];

/** The same for a text that cannot be read as a scenario, line by line. */
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
    // The address of a proxy may go without its scheme.
    ...(key === 'proxy' ? credentialsIn(`http://${text}`) : []),
    ...(secretKey.test(key) ? partsOf(key, withValues(text, values)) : []),
  ];
};

/** No credential is longer than what servers take for a header; and what is searched for is bounded. */
const longestCredential = 8192;

/** What lies between the `${…}` of a template, those of the environment filled in. */
const withValues = (template: string, values: ReadonlyMap<string, string>): readonly string[] =>
  folded(template.slice(0, longestCredential), values)
    .replace(/(?<!\$)\$\{\s*("(?:[^"\\]|\\.)*")\s*\}/g, (_, literal: string) => JSON.parse(literal) as string)
    .split(/(?<!\$)\$\{(?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|[^}"'])*\}/)
    .map((text) => text.replaceAll('$${', '${'));

/** A credential without its scheme, which is no secret; what a Basic one encodes; the value of each cookie. */
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
    // It is not what it says: then it is masked as it stands, and no more.
    return [];
  }
};

/** `user:password@` of an address, with the password alone; a name without a password may be a token. */
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
    // A "%" that stands for itself.
    return text;
  }
};
