import { parseTemplate, TemplateSyntaxError } from '../../template/parse.ts';
import type { Complaint } from '../text/locate.ts';
import { textOf, type Tree } from '../text/tree.ts';
import { quoted } from '../text/words.ts';
import { markOf, type Scope } from './templates.ts';

/** What other tools write for `${name}`; `$top=` is the name of a field in a query, as OData has it. */
const inPath = /\{\{\s*(?<double>\w+)\s*\}\}|(?<!\$)\{(?<single>\w+)\}|\$(?<bare>\w+)(?![\w=])/g;

/**
 * `{id}`, `{{id}}` and `$id` in a path where `id` is a name that is known there: sent as it stands, no target would know it.
 *
 * Of any other name nothing is said, as it may be meant as it stands; nor of bodies, where GraphQL and MongoDB write so.
 */
export const checkPathLooks = (path: Tree | undefined, { known, members = {} }: Scope): Complaint[] => {
  const text = textOf(path);
  if (path?.kind !== 'leaf' || text === undefined) return [];
  return literalsOf(text)
    .flatMap((literal) => [...literal.matchAll(inPath)])
    .flatMap(([looks, ...names]) => {
      const name = names.slice(0, 3).find((one) => one !== undefined)!;
      if (!known.has(name) || Object.hasOwn(members, name)) return [];
      const encoded = encodeURIComponent(looks);
      const hint = `is "\${${name}}" meant? what is to be sent as it stands is written ${encoded}`;
      const message = `${quoted(looks)} is no template`;
      return [{ mark: markOf(path, text.indexOf(looks)), path: path.path, message, hint }];
    });
};

/** The text around `${…}`; none where the template does not parse, which is told elsewhere. */
const literalsOf = (text: string): readonly string[] => {
  try {
    return parseTemplate(text).parts.filter((part) => typeof part === 'string');
  } catch (error) {
    if (error instanceof TemplateSyntaxError) return [];
    throw error;
  }
};
