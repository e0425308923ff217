import type { Json } from '../../core/json.ts';
import type { DraftVariable } from '../draft.ts';
import type { Names } from '../names.ts';
import { isSecret } from '../secrets.ts';
import { plain } from '../text.ts';
import { textOf } from './document.ts';
import type { Parameter } from './operations.ts';
import { sampleOf, type Sampling } from './sample.ts';
import { sourceOf } from './scalars.ts';
import { flat, namedValue, typeOf } from './schema.ts';
import { isField } from './security.ts';

/** Variables of the data, one per name and source. */
export interface Variables {
  /** The variable for a parameter, created if necessary. */
  of(wanted: string, source: Json, comment: string): string;
  readonly data: readonly DraftVariable[];
}

/** The variables of one draft. */
export const newVariables = (names: Names): Variables => {
  const data: DraftVariable[] = [];
  const known = new Map<string, string>();
  return {
    data,
    of: (wanted, source, comment) => {
      const id = JSON.stringify([wanted, source]);
      const before = known.get(id);
      if (before !== undefined) return before;
      const name = names.variable(wanted);
      known.set(id, name);
      data.push({ name, source, comment });
      return name;
    },
  };
};

/** The schema of a parameter, with the example next to it merged in. */
export const schemaOf = ({ node, schema }: Parameter, { document }: Sampling): Parameter['schema'] => {
  const [first] = Object.values(document.resolve(node['examples']));
  const example = node['example'] ?? document.resolve(first)['value'];
  return example === undefined ? schema : { ...flat(document, schema).node, example };
};

/** Where a page of a list starts: an example of it is a position in someone else's list. */
const placeInList =
  /^(?:(?:page|next|prev(?:ious)?|continuation|pagination|stream)?[-_]?(?:marker|cursor|token)|(?:next|prev(?:ious)?)[-_]?page|starting[-_]?after|ending[-_]?before|(?:since|max|after|before|last)[-_]?id|stream[-_]?position|last[-_]?evaluated[-_]?key|exclusive[-_]?start[-_]?key)$/i;

/** Values of a query: the required ones, and those with an example or a default in the document. */
export const queryOf = (
  parameters: readonly Parameter[],
  variables: Variables,
  sampling: Sampling,
): { readonly query: { readonly [name: string]: Json }; readonly left: readonly string[] } => {
  const query: { [name: string]: Json } = {};
  const left: string[] = [];
  for (const parameter of parameters) {
    const known = sampling.own?.get(parameter.name);
    if (known !== undefined && isField(parameter.name)) {
      query[parameter.name] = `\${${known}}`;
      continue;
    }
    const schema = schemaOf(parameter, sampling);
    const { node } = flat(sampling.document, schema);
    if (
      !isField(parameter.name) ||
      (!parameter.isRequired &&
        (namedValue(node) === undefined || parameter.node['deprecated'] === true || placeInList.test(parameter.name)))
    )
      left.push(parameter.name);
    else if (parameter.isRequired && isScalar(node) && !isSecret(parameter.name, 'x')) {
      const { source, comment } = sourceOf(node, (said) => sampling.notes.guessed(`${parameter.name}: ${said}`));
      query[parameter.name] = `\${${variables.of(parameter.name, source, comment)}}`;
    } else {
      const value = sampleOf(schema, parameter.name, sampling);
      const { name, node: own } = parameter;
      if (own['content'] !== undefined && typeof value === 'object') query[name] = JSON.stringify(withPlainKeys(value));
      else
        Object.assign(
          query,
          spread({ name, style: textOf(own['style']) ?? 'form', explode: own['explode'] !== false }, value),
        );
    }
  }
  return { query, left };
};

const isScalar = (node: ReturnType<typeof flat>['node']): boolean => {
  const type = typeOf(node);
  return type !== 'object' && type !== 'array';
};

/** A value as fields, in the style of a parameter or of a form's field. */
export const spread = (
  { name, style, explode }: { readonly name: string; readonly style: string; readonly explode: boolean },
  value: Json,
): { readonly [name: string]: Json } => {
  if (typeof value !== 'object' || value === null) return { [name]: value };
  if (Array.isArray(value)) {
    const texts = (value as readonly Json[]).map(fieldOf);
    const between = { spaceDelimited: ' ', pipeDelimited: '|' }[style] ?? ',';
    return { [name]: explode ? texts : texts.join(between) };
  }
  const entries = Object.entries(value as { readonly [key: string]: Json });
  if (style === 'deepObject') return Object.fromEntries(entries.map(([key, one]) => [`${name}[${key}]`, fieldOf(one)]));
  return explode
    ? Object.fromEntries(entries.map(([key, one]) => [key, fieldOf(one)]))
    : { [name]: entries.flatMap(([key, one]) => [plain(key), fieldOf(one)]).join(',') };
};

/** A value as a form's field: a text, which is a template already, or JSON. */
export const fieldOf = (value: Json): string =>
  typeof value === 'string'
    ? value
    : typeof value === 'object' && value !== null
      ? JSON.stringify(withPlainKeys(value))
      : plain(String(value));

/** In a body, keys are no templates. In a text, they would be. */
const withPlainKeys = (value: Json): Json => {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return (value as readonly Json[]).map(withPlainKeys);
  return Object.fromEntries(
    Object.entries(value as { readonly [key: string]: Json }).map(([key, inner]) => [plain(key), withPlainKeys(inner)]),
  );
};
