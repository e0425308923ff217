import { z } from 'zod';

/** The JSON Schema of one value, for what zod cannot say of it. */
export type JsonSchema = { readonly [key: string]: unknown };

/** Refuses a value, with a hint where there is one. */
export type Refuse = (message: string, hint?: string) => never;

/**
 * A value that is read from a notation of its own, `10s` or `1..20`.
 *
 * @param read gives the value, or what `refuse` gives back
 * @param json what an editor may know of it
 */
export const notation = <T>(read: (input: unknown, refuse: Refuse) => T, json: JsonSchema) =>
  z
    .unknown()
    .transform((input, context): T => read(input, refuser(context)))
    .meta(json);

/**
 * A value that is one of several things. Which one is decided by what is there, so that the errors are about that one;
 * a plain union would try them all and say "Invalid input".
 *
 * @param pick gives the branch, or what `refuse` gives back
 * @param json what an editor may know of it; any of the branches if not given
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
 * Checks a value, at the top or inside another check.
 *
 * zod does not say which keys would have been known: the message about unknown ones is the list of them, for "did you mean".
 */
export const parseBy = <T extends z.ZodType>(schema: T, input: unknown): z.ZodSafeParseResult<z.output<T>> =>
  schema.safeParse(input, {
    error: ({ code, inst }) =>
      // A map without keys gives a blank: an empty message would be taken for none.
      code === 'unrecognized_keys' && inst instanceof z.ZodObject ? `${Object.keys(inst.shape).join(' ')} ` : undefined,
  });

/** What a schema makes of a part of the value, or all that it refuses in it, below `path`. */
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

/** A schema's JSON Schema, to stand inside another one. */
export const inputSchema = (schema: z.ZodType): JsonSchema => {
  const { $schema: _, ...inner } = jsonSchemaOf(schema);
  return inner;
};

/** A schema's JSON Schema: draft-07, which editors know. */
export const jsonSchemaOf = (schema: z.ZodType) =>
  z.toJSONSchema(schema, {
    io: 'input',
    target: 'draft-7',
    // zod takes the `default` of a value that it transforms away, as one that is in the transformed form.
    override: ({ jsonSchema }) => {
      if (!Object.hasOwn(jsonSchema, 'usually')) return;
      jsonSchema.default = jsonSchema['usually'];
      delete jsonSchema['usually'];
    },
  });

/** Refuses in the words that zod will carry to the user. */
export const refuser =
  (context: z.RefinementCtx): Refuse =>
  (message, hint) => {
    context.addIssue({ code: 'custom', message, params: { hint } });
    return z.NEVER;
  };

/** Whether a value is a map. */
export const isMap = (input: unknown): input is { readonly [key: string]: unknown } =>
  typeof input === 'object' && input !== null && !Array.isArray(input);
