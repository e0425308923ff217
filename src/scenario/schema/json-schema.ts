import { examples } from './examples.ts';
import { jsonSchemaOf } from './notation.ts';
import { scenarioSchema } from './scenario.ts';

/** The JSON Schema (draft-07, which editors know) of a scenario file: every key described, every default named. */
export const scenarioJsonSchema = (): object => {
  const { properties, ...schema } = jsonSchemaOf(scenarioSchema);
  return {
    title: 'contend scenario',
    ...schema,
    properties: Object.fromEntries(
      Object.entries(properties ?? {}).map(([key, property]) => [
        key,
        Object.hasOwn(examples, key) ? { ...(property as object), examples: examples[key] } : property,
      ]),
    ),
  };
};

/** The same as the text of a file: `scenario.schema.json`. */
export const scenarioSchemaText = (): string => `${JSON.stringify(scenarioJsonSchema(), null, 2)}\n`;
