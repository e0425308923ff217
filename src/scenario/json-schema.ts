import { z } from 'zod';
import { scenarioSchema } from './schema/scenario.ts';

/** The JSON Schema (draft-07, which editors know) of a scenario file: every key described, every default named. */
export const scenarioJsonSchema = (): object => ({
  title: 'contend scenario',
  ...z.toJSONSchema(scenarioSchema, {
    io: 'input',
    target: 'draft-7',
    // zod takes the `default` of a value that it transforms away, as one that is in the transformed form.
    override: ({ jsonSchema }) => {
      if (!Object.hasOwn(jsonSchema, 'usually')) return;
      jsonSchema.default = jsonSchema['usually'];
      delete jsonSchema['usually'];
    },
  }),
});
