import { z } from 'zod';
import type { Micros } from '../../core/units.ts';
import { mostTimes } from '../../core/plan/flow.ts';
import { named } from '../text/words.ts';
import { branch, handOver, isMap, notation, type JsonSchema } from './notation.ts';
import { label, span } from './values.ts';
import { listOf, methodWords, requestPicked, type RequestOutput } from './steps.ts';

/** A step as the schema gives it. */
export type StepOutput =
  RequestOutput | CriticalOutput | ThinkOutput | RepeatOutput | IfOutput | ChooseOutput | GroupOutput;

/** Steps under the lock of the mode. */
export interface CriticalOutput {
  readonly critical: readonly StepOutput[];
}

/** A pause. */
export interface ThinkOutput {
  readonly think: readonly [least: Micros, most: Micros];
}

/** Steps that are repeated. */
export interface RepeatOutput {
  readonly repeat: { readonly times: number | string; readonly steps: readonly StepOutput[] };
}

/** Steps on a condition. */
export interface IfOutput {
  readonly if: string;
  readonly then: readonly StepOutput[];
  readonly else?: readonly StepOutput[] | undefined;
}

/** One list of steps out of several. */
export interface ChooseOutput {
  readonly choose: readonly { readonly weight: number; readonly steps: readonly StepOutput[] }[];
}

/** Steps under a name. */
export interface GroupOutput {
  readonly group: {
    readonly name: string;
    readonly parallel: boolean;
    readonly steps: readonly StepOutput[];
  };
}

/** The keys that make a step something other than a request. */
export const blockWords = ['critical', 'think', 'repeat', 'if', 'choose', 'group'] as const;

const mostBranches = 100;

const nestedSteps: JsonSchema = { $ref: '#/properties/steps' };
const noSteps: JsonSchema = { type: 'array', maxItems: 0 };

const times = notation(
  (input, refuse) => {
    const isTimes = typeof input === 'number' && Number.isInteger(input) && input >= 1 && input <= mostTimes;
    if (isTimes || (typeof input === 'string' && input.startsWith('${'))) return input;
    return refuse(
      `expected a whole number from 1 to ${mostTimes.toLocaleString('en')}, got ${named(input)}`,
      'or a template that gives one: "${pages}"',
    );
  },
  {
    anyOf: [
      { type: 'integer', minimum: 1, maximum: mostTimes },
      { type: 'string', pattern: String.raw`^\$\{` },
    ],
  },
);

const condition = notation(
  (input, refuse) =>
    typeof input === 'string' && input.startsWith('${')
      ? input
      : refuse(`expected a condition, got ${named(input)}`, 'such as "${stock > 0}"'),
  { type: 'string', pattern: String.raw`^\$\{` },
);

/** The steps allowed wherever `inner` is allowed. Read lazily, because steps may contain one another without end. */
const blocksOf = (inner: () => z.ZodType<StepOutput>) => {
  const list = (least: 0 | 1) =>
    z
      .unknown()
      .transform((input, context) => handOver(listOf(inner(), least), input, context))
      .meta(least === 1 ? nestedSteps : { anyOf: [nestedSteps, noSteps] });
  const think = z.strictObject({
    think: span.describe('a pause, 10ms or 10ms..50ms: part of the response time, and of the hold when it is critical'),
  });
  const repeat = z.strictObject({
    repeat: z
      .strictObject({
        times: times.describe('how often: a number, or a template that gives one'),
        steps: list(1).describe('what is repeated'),
      })
      .describe('steps that run several times'),
  });
  const either = z.strictObject({
    if: condition.describe('a condition: "${stock > 0}"'),
    // oxlint-disable-next-line unicorn/no-thenable -- a word of the scenario, and a list: it is never awaited
    then: list(0).describe('steps if the condition holds'),
    else: list(0).describe('steps if it does not').optional(),
  });
  const choose = z.strictObject({
    choose: z
      .array(
        z.strictObject({
          weight: z.number().positive().max(1e9).describe('how often, relative to the others; default 1').prefault(1),
          steps: list(0).describe('what to do; [] for nothing'),
        }),
      )
      .min(1)
      .max(mostBranches)
      .describe('one of these lists of steps, chosen by weight, from the seed and the number of the iteration'),
  });
  const group = z.strictObject({
    group: z
      .strictObject({
        name: label.describe('name in reports'),
        parallel: z
          .boolean()
          .describe(
            'sends its steps, which must be requests, at the same moment, as a browser loads the parts of a page',
          )
          .prefault(false),
        steps: list(1).describe('the steps of the group'),
      })
      .describe('steps under a name: the report shows how long they take together'),
  });
  return { think, repeat, if: either, choose, group };
};

const inside = (): z.ZodType<StepOutput> => stepInside;
const outside = (): z.ZodType<StepOutput> => stepOutside;

const blocksInside = blocksOf(inside);
const blocksOutside = blocksOf(outside);

const isRequest = (input: { readonly [key: string]: unknown }): boolean =>
  methodWords.some((word) => Object.hasOwn(input, word));

const pickedFrom =
  <T extends z.ZodType>(blocks: { readonly [word: string]: T }, request: T) =>
  (input: unknown): T => {
    if (!isMap(input) || isRequest(input)) return request;
    const word = Object.keys(blocks).find((key) => Object.hasOwn(input, key));
    return word === undefined ? request : blocks[word]!;
  };

const stepInside: z.ZodType<StepOutput> = branch<z.ZodType>(
  [...Object.values(blocksInside), requestPicked],
  pickedFrom<z.ZodType>(blocksInside, requestPicked),
) as z.ZodType<StepOutput>;

const critical = z.strictObject({
  critical: listOf(stepInside, 1).describe(
    'steps that run under the lock of the mode; after a conflict they start again from the first',
  ),
});

const stepOutside: z.ZodType<StepOutput> = branch<z.ZodType>(
  [critical, ...Object.values(blocksOutside), requestPicked],
  pickedFrom<z.ZodType>({ critical, ...blocksOutside }, requestPicked),
) as z.ZodType<StepOutput>;

/** What one iteration does. */
export const steps = listOf(stepOutside, 1);
