import { writeJson } from '../core/exact/write.ts';
import type { Json } from '../core/json.ts';
import { compileText, TemplateValueError } from './compile.ts';
import { type Template } from './parse.ts';

/** All the values that a template's name may stand for. */
export interface Values {
  readonly size: number;
  readonly at: (index: number) => Json;
}

/**
 * Every text that a template can give, each once. Values that cannot make one, such as rows without a cell that it names, give
 * none.
 *
 * @param valuesOf the values of each of its names
 * @param most gives up if there are more texts
 * @returns `undefined` if there are more than `most`, or if there may be, because several names have more in all combinations
 * @cost a microsecond for each value of each name, and for each combination of those that make a difference
 */
export const textsOf = (
  template: Template,
  valuesOf: (name: string) => Values,
  most = Infinity,
): ReadonlySet<string> | undefined => {
  let combinations: readonly (readonly Json[])[] = [[]];
  for (const name of template.names) {
    const values = different(template, name, valuesOf(name), most);
    if (values === undefined || combinations.length * values.length > most) return undefined;
    combinations = combinations.flatMap((chosen) => values.map((value) => [...chosen, value]));
  }
  const text = textWith(template, template.names);
  return new Set(combinations.flatMap((chosen) => text(chosen) ?? []));
};

/** Those values of one name that make a difference: for each text, the first value that makes it. */
const different = (
  template: Template,
  name: string,
  { size, at }: Values,
  most: number,
): readonly Json[] | undefined => {
  const own = template.parts.filter((part) => typeof part === 'object' && part.names.includes(name));
  // Next to another name, a name's own text is unknown.
  const isAlone = own.every((part) => typeof part === 'object' && part.names.length === 1);
  const text = textWith({ ...template, parts: own.flatMap((part, n) => (n === 0 ? [part] : ['\0', part])) }, [name]);
  const found = new Map<string, Json>();
  for (let index = 0; index < size; index++) {
    const value = at(index);
    const key = isAlone ? text([value]) : writeJson(value);
    if (key !== undefined && !found.has(key)) found.set(key, value);
    if (found.size > most) return undefined;
  }
  return [...found.values()];
};

const textWith = (template: Template, names: readonly string[]): ((values: readonly Json[]) => string | undefined) => {
  const text = compileText<readonly Json[]>(template, (name, property) => {
    const place = names.indexOf(name);
    return property === undefined ? (values) => values[place] : undefined;
  });
  if (typeof text === 'string') return () => text;
  return (values) => {
    try {
      return text(values);
    } catch (error) {
      if (error instanceof TemplateValueError) return undefined;
      throw error;
    }
  };
};
