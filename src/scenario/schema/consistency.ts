import { z } from 'zod';
import {
  modelSections,
  type FieldSyntax,
  type ModelSections,
  type OperationSyntax,
  type PromiseSyntax,
} from '../../judge/consistency/syntax.ts';
import { named } from '../text/words.ts';
import { branch, inputSchema, isMap, notation } from './notation.ts';
import { statuses } from './expect.ts';
import { duration, label, path } from './values.ts';

const template = notation(
  (input, refuse) => {
    if (typeof input === 'number' || typeof input === 'boolean') return String(input);
    return typeof input === 'string' && input !== ''
      ? input
      : refuse(`expected a template, got ${named(input)}`, 'such as "${stock - 1}"');
  },
  { type: ['string', 'number', 'boolean'] },
);

const amount = notation(
  (input, refuse) => {
    if (typeof input === 'number') return String(input);
    return typeof input === 'string' && input !== ''
      ? input
      : refuse(`expected a number or a template, got ${named(input)}`, 'such as -1 or "${-amount}"');
  },
  { type: ['number', 'string'] },
);

const said = ({ from, isAmount, isRequired, summary }: FieldSyntax): z.ZodType => {
  const schema = from === 'answered' ? label : isAmount ? amount : template;
  const described = schema.describe(summary);
  return isRequired ? described : described.optional();
};

const operation = ({ fields, summary, isRequired, refusedBy }: OperationSyntax): z.ZodType => {
  const one = z.strictObject({
    step: label.describe('name of the step'),
    ...Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, said(field)])),
    ...(refusedBy === undefined
      ? {}
      : {
          refused: statuses
            .describe(`the status that says there are not enough, or a list of them; ${refusedBy} if not given`)
            .optional()
            .meta({ usually: refusedBy }),
        }),
  });
  const several = z.array(one).min(1);
  const schema = branch<typeof one | typeof several>(
    [one, several],
    (input, refuse) => {
      if (Array.isArray(input)) return several;
      return isMap(input) ? one : refuse(`expected a map with "step", got ${named(input)}`);
    },
    { anyOf: [inputSchema(one), inputSchema(several)] },
  ).describe(`${summary}; a list where several steps do`);
  return isRequired ? schema : schema.optional();
};

const promise = ({ is, summary }: PromiseSyntax): z.ZodType => {
  const schema = is === 'duration' ? duration(1) : is === 'flag' ? z.boolean() : z.int();
  return schema.describe(summary).optional();
};

const model = ({ summary, key, promises, operations, read }: ModelSections): z.ZodType => {
  const keySchema = label.describe(key.summary);
  const readSchema = z.strictObject({
    get: path.describe('path of the value, a template over ${key}'),
    value: label.describe('expression over the answer that gives it: body.stock'),
  });
  return z
    .strictObject({
      key: key.isRequired ? keySchema : keySchema.optional(),
      ...Object.fromEntries(Object.entries(promises ?? {}).map(([word, one]) => [word, promise(one)])),
      ...Object.fromEntries(Object.entries<OperationSyntax>(operations).map(([word, one]) => [word, operation(one)])),
      ...(read === undefined
        ? {}
        : { read: read.isRequired ? readSchema.describe(read.summary) : readSchema.describe(read.summary).optional() }),
    })
    .describe(summary);
};

/** What `consistency:` may hold: a section for each model. */
export const consistency = z.strictObject(
  Object.fromEntries(
    Object.entries<ModelSections>(modelSections).map(([word, sections]) => [word, model(sections).optional()]),
  ),
);

/** One operation of a model, as the schema gives it. */
export type OperationOutput = { readonly step: string; readonly refused?: readonly number[] } & {
  readonly [field: string]: string | undefined;
};

/** One model's section, as the schema gives it. */
export interface ModelOutput {
  readonly key?: string;
  readonly read?: { readonly get: string; readonly value: string };
  readonly [word: string]:
    OperationOutput | readonly OperationOutput[] | string | number | boolean | object | undefined;
}
