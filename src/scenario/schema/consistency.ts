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
import { auth } from './auth.ts';
import { that } from './expect.ts';
import { headers, requests, type RequestOutput } from './steps.ts';
import { count, duration, label, path } from './values.ts';

const template = notation(
  (input, refuse) => {
    if (typeof input === 'number' || typeof input === 'bigint' || typeof input === 'boolean') return String(input);
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

const change = notation(
  (input, refuse) =>
    Number.isSafeInteger(input) && input !== 0
      ? (input as number)
      : refuse(`expected a whole number that is not 0, got ${named(input)}`, 'such as 1 or -100'),
  { type: 'integer', not: { const: 0 } },
);

const answerExpression = notation(
  (input, refuse) =>
    typeof input === 'string' && input.trim() !== ''
      ? input
      : refuse(`expected an expression over the answer, got ${named(input)}`, 'such as "!body.errors" or "body.ok"'),
  { type: 'string', minLength: 1 },
);

/** The possible statuses of an answer: those below 200 are not answers yet. */
const answerStatus = count(200, 599);
const oneRefusal = answerStatus.transform((one) => [one]);
const listOfRefusals = z.array(answerStatus).min(1);

/** A status, a list of them, or an expression over the answer. */
const refusals = branch<typeof oneRefusal | typeof listOfRefusals | typeof answerExpression>(
  [oneRefusal, listOfRefusals, answerExpression],
  (input, refuse) => {
    if (typeof input === 'number') return oneRefusal;
    if (Array.isArray(input)) return listOfRefusals;
    if (typeof input !== 'string')
      return refuse(
        `expected a status, a list of them or an expression over the answer, got ${named(input)}`,
        'such as 409, [409, 410] or "!body.ok"',
      );
    const status = input.trim();
    if (/^\d+$/u.test(status))
      return refuse(`expected a status, got ${named(input)}`, `write ${status} without quotes`);
    const hundreds = /^([1-5])xx$/iu.exec(status)?.[1];
    if (hundreds === undefined) return answerExpression;
    return refuse(
      `expected a status, got ${named(input)}`,
      `write "status >= ${hundreds}00 && status < ${Number(hundreds) + 1}00"`,
    );
  },
);

const said = ({ from, isAmount, isRequired, summary }: FieldSyntax): z.ZodType => {
  const schema = from === 'answered' ? label : isAmount ? amount : template;
  const described = schema.describe(summary);
  return isRequired ? described : described.optional();
};

const refusalSummary = (usual: readonly number[] | undefined): string =>
  usual === undefined
    ? 'what means that it was not done: a status, a list of them, or an expression over the answer: "body.ok == false"'
    : `what means that there are not enough: a status, a list of them, or an expression over the answer; ${usual.join(' and ')} if not given`;

const operation = ({
  f,
  fields,
  summary,
  isRequired,
  usuallyRefused,
  mayBeEmpty,
  justifies,
  maySum,
}: OperationSyntax): z.ZodType => {
  const step = label.describe(
    maySum === true ? 'name of the step, if "steps" does not name several' : 'name of the step',
  );
  const one = z.strictObject({
    step: maySum === true ? step.optional() : step,
    ...(maySum === true && {
      steps: z
        .array(label)
        .min(2)
        .describe('instead of "step", if one answer does not have it all: the names of several, in order')
        .optional(),
      snapshot: z
        .boolean()
        .describe('required with "steps": says that the target answers them from one state')
        .optional(),
    }),
    ...Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, said(field)])),
    done: answerExpression
      .describe('an expression over the answer that says whether it was done, if its status does not: "!body.errors"')
      .optional(),
    ...(justifies !== undefined && {
      refusals: z
        .literal('justified')
        .describe(
          `it is refused only if something else is there; by ${justifies.refusedBy.join(' and ')}, if "refused" is not given`,
        )
        .optional(),
    }),
    ...(mayBeEmpty === true && {
      empty: refusals
        .describe('what means that it is empty: a status, a list of them, or an expression over the answer')
        .optional(),
    }),
    ...(f === 'read'
      ? {}
      : {
          refused: refusals
            .describe(refusalSummary(usuallyRefused))
            .optional()
            .meta(
              usuallyRefused === undefined
                ? {}
                : { usually: usuallyRefused.length === 1 ? usuallyRefused[0] : usuallyRefused },
            ),
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
  ).describe(`${summary}; a list if several steps do`);
  return isRequired ? schema : schema.optional();
};

const promise = ({ is, summary }: PromiseSyntax): z.ZodType => {
  return promised(is).describe(summary).optional();
};

const promised = (is: PromiseSyntax['is']): z.ZodType => {
  if (typeof is === 'object') return z.enum(Object.keys(is));
  switch (is) {
    case 'duration':
      return duration(1);
    case 'flag':
      return z.boolean();
    case 'count':
      return z.int().min(0);
    case 'change':
      return change;
    default:
      return z.int();
  }
};

const model = ({ summary, key, promises, common, operations, read }: ModelSections): z.ZodType => {
  const keySchema = label.describe(key.summary);
  const readSchema = z.strictObject({
    get: path.describe('path of the value, a template over ${key}'),
    value: label.describe('expression over the answer that gives it: body.stock'),
    headers: headers.describe("sent with the read, beside the scenario's headers; null removes one").optional(),
    auth: auth
      .describe("the Authorization header of the read, instead of the scenario's; none: without one")
      .optional(),
    ...Object.fromEntries(Object.entries(read?.promises ?? {}).map(([word, one]) => [word, promise(one)])),
  });
  return z
    .strictObject({
      key: key.isRequired ? keySchema : keySchema.optional(),
      ...Object.fromEntries(Object.entries(promises ?? {}).map(([word, one]) => [word, promise(one)])),
      ...Object.fromEntries(Object.entries<FieldSyntax>(common ?? {}).map(([word, one]) => [word, said(one)])),
      ...Object.fromEntries(Object.entries<OperationSyntax>(operations).map(([word, one]) => [word, operation(one)])),
      ...(read === undefined
        ? {}
        : {
            [read.word ?? 'read']: read.isRequired
              ? readSchema.describe(read.summary)
              : readSchema.describe(read.summary).optional(),
          }),
    })
    .describe(summary);
};

/** What must hold for the target's answers, and how to ask. */
const invariant = z
  .strictObject({
    get: path.describe('path that answers what is checked').optional(),
    steps: requests
      .describe('instead of "get": requests one after the other, if one answer does not say it all')
      .optional(),
    that: that.describe(
      'an expression that must be true, or a list of them: over body, header and status of the answer, over what "steps" capture, sum or debits.sum, and over what "before" and "login" capture: body.debit == body.credit',
    ),
    every: duration(1)
      .describe(
        'also checked this often during the load, outside the users and without a lock; if not given, only before and after it',
      )
      .optional(),
    snapshot: z
      .boolean()
      .describe('with "steps": says that their answers come from one state, so that "every" can be used')
      .optional(),
    headers: headers.describe("sent with the request, beside the scenario's headers; null removes one").optional(),
    auth: auth
      .describe("the Authorization header of the request, instead of the scenario's; none: without one")
      .optional(),
  })
  .describe('what is true at all times: checked before and after each slot');

/** What `consistency:` may contain: a section for each model, and what applies to all. */
export const consistency = z.strictObject({
  settle: duration(1)
    .describe(
      'how long after its request, or after an answer 202, a change may still take effect: contend waits this long before it reads the values after a slot; if not given, at any later time',
    )
    .optional(),
  ...Object.fromEntries(
    Object.entries<ModelSections>(modelSections).map(([word, sections]) => [word, model(sections).optional()]),
  ),
  invariant: invariant.optional(),
});

/** One operation of a model, as the schema gives it. */
export interface OperationOutput {
  readonly step?: string;
  readonly steps?: readonly string[];
  readonly done?: string;
  readonly refused?: readonly number[] | string;
  readonly empty?: readonly number[] | string;
  readonly [field: string]: string | boolean | readonly number[] | readonly string[] | undefined;
}

/** How a value is read, as the schema gives it. */
export interface ReadOutput extends Pick<RequestOutput, 'auth'> {
  readonly get: string;
  readonly value: string;
  readonly headers?: RequestOutput['headers'];
}

/** One model's section, as the schema gives it. */
export interface ModelOutput {
  readonly key?: string;
  readonly read?: ReadOutput;
  readonly [word: string]:
    OperationOutput | readonly OperationOutput[] | string | number | boolean | object | undefined;
}

/** An invariant, as the schema gives it. */
export type InvariantOutput = z.output<typeof invariant>;
