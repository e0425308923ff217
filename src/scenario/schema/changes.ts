import { z } from 'zod';

/**
 * The same keys, all optional, without defaults, `null` allowed: what may be laid over a map of this shape.
 *
 * Maps inside are treated alike, since maps merge. Everything else replaces, and so must be complete.
 */
export const changes = (shape: z.ZodRawShape): { [key: string]: z.ZodOptional<z.ZodNullable> } =>
  Object.fromEntries(Object.entries(shape).map(([key, schema]) => [key, change(schema as z.ZodType)]));

const change = (schema: z.ZodType): z.ZodOptional<z.ZodNullable> => {
  const bare = withoutDefault(schema);
  const inner = bare instanceof z.ZodObject ? z.strictObject(changes(bare.shape)) : bare;
  const nullable = inner.nullable();
  return (bare.description === undefined ? nullable : nullable.describe(bare.description)).optional();
};

const withoutDefault = (schema: z.ZodType): z.ZodType =>
  schema instanceof z.ZodPrefault || schema instanceof z.ZodOptional
    ? withoutDefault(schema.unwrap() as z.ZodType)
    : schema;
