import { z } from 'zod';

/** The JSON Schema of one value, for what zod cannot express. */
export type JsonSchema = { readonly [key: string]: unknown };

/** Refuses a value, with a hint if there is one. */
export type Refuse = (message: string, hint?: string) => never;

/**
 * A value with its own notation, such as `10s` or `1..20`.
 *
 * @param read gives the value, or what `refuse` gives back
 * @param json what an editor may know about it
 */
export const notation = <T>(read: (input: unknown, refuse: Refuse) => T, json: JsonSchema) =>
  z
    .unknown()
    .transform((input, context): T => read(input, refuser(context)))
    .meta(json);

/**
 * A value of several possible kinds. The input decides which kind it is, so that the errors are about that one. A plain union would
 * try them all and say "Invalid input".
 *
 * @param pick gives the branch, or what `refuse` gives back
 * @param json what an editor may know about it; by default, any of the branches
 */
export const branch = <T extends z.ZodType>(
  branches: readonly T[],
  pick: (input: unknown, refuse: Refuse) => T,
  json: JsonSchema = { anyOf: branches.map(inputSchema) },
) =>
  z
    .unknown()
    .transform((input, context): z.output<T> => {
      const picked = pick(input, refuser(context));
      return context.issues.length > 0 ? z.NEVER : handOver(picked, input, context);
    })
    .meta(json);

/**
 * Checks a value, at the top level or inside another check.
 *
 * zod does not say which keys are known, so the message about unknown ones is their list, for "did you mean".
 */
export const parseBy = <T extends z.ZodType>(schema: T, input: unknown): z.ZodSafeParseResult<z.output<T>> =>
  schema.safeParse(input, {
    error: ({ code, inst }) =>
      // A map without keys gives a space, because an empty message would count as none.
      code === 'unrecognized_keys' && inst instanceof z.ZodObject ? `${Object.keys(inst.shape).join(' ')} ` : undefined,
  });

/** A schema's output for a part of the value, or everything it refuses in it, below `path`. */
export const handOver = <T extends z.ZodType>(
  schema: T,
  input: unknown,
  context: z.RefinementCtx,
  path: readonly PropertyKey[] = [],
): z.output<T> => {
  const result = parseBy(schema, input);
  if (result.success) return result.data;
  for (const issue of result.error.issues) {
    context.issues.push({ ...issue, input: undefined, path: [...path, ...issue.path] });
  }
  return z.NEVER;
};

/** A schema's JSON Schema, to be used inside another one. */
export const inputSchema = (schema: z.ZodType): JsonSchema => {
  const { $schema: _, ...inner } = jsonSchemaOf(schema);
  return inner;
};

/** A schema's JSON Schema: draft-07, which editors know. */
export const jsonSchemaOf = (schema: z.ZodType) =>
  z.toJSONSchema(schema, {
    io: 'input',
    target: 'draft-7',
    // zod drops the `default` of a value that it transforms, because the default is in the transformed form.
    override: ({ jsonSchema }) => {
      if (!Object.hasOwn(jsonSchema, 'usually')) return;
      jsonSchema.default = jsonSchema['usually'];
      delete jsonSchema['usually'];
    },
  });

/** Refuses in the words that zod passes on to the user. */
export const refuser =
  (context: z.RefinementCtx): Refuse =>
  (message, hint) => {
    context.addIssue({ code: 'custom', message, params: { hint } });
    return z.NEVER;
  };

/** Whether a value is a map. */
export const isMap = (input: unknown): input is { readonly [key: string]: unknown } =>
  typeof input === 'object' && input !== null && !Array.isArray(input);
