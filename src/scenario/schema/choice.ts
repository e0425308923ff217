import { z } from 'zod';
import type { Choice, Json } from '../../core/json.ts';
import { didYouMean } from '../text/suggest.ts';
import { either, named, quoted } from '../text/words.ts';
import { handOver, inputSchema, isMap, refuser, type JsonSchema } from './notation.ts';

/** The words of one choice: each with its description, and the options it takes. */
export interface Words {
  readonly [word: string]: { readonly summary: string; readonly options: z.ZodType };
}

/**
 * A member of a family: a word, or a map with that word as its one key. The key that is there decides.
 *
 * @param what is chosen, for messages: `lock`
 */
export const choice = (what: string, words: Words) =>
  z
    .unknown()
    .transform((input, context): Choice => {
      const refuse = refuser(context);
      const known = Object.keys(words);
      const keys = isMap(input) ? Object.keys(input) : [];
      const word = typeof input === 'string' ? input : keys[0];
      if (word === undefined || keys.length > 1) {
        return refuse(
          `expected one ${what}, got ${keys.length > 1 ? keys.map(quoted).join(' and ') : named(input)}`,
          oneOf(known),
        );
      }
      if (!Object.hasOwn(words, word)) {
        return refuse(`unknown ${what} ${quoted(word)}`, didYouMean(word, known) ?? oneOf(known));
      }
      const { options, summary } = words[word]!;
      if (isMap(input)) return { name: word, options: handOver(options, input[word], context, [word]) as Json };
      const alone = options.safeParse(undefined);
      if (!alone.success) return refuse(`"${word}" needs a value`, `write { ${word}: … }: ${summary}`);
      return { name: word, options: alone.data as Json };
    })
    .meta({ anyOf: Object.entries(words).flatMap(([word, syntax]) => wordSchemas(word, syntax)) });

const oneOf = (known: readonly string[]): string => `it is ${either(known)}`;

const wordSchemas = (word: string, { summary, options }: Words[string]): JsonSchema[] => {
  const map = {
    type: 'object',
    properties: { [word]: inputSchema(options) },
    required: [word],
    additionalProperties: false,
    description: summary,
  };
  return options.safeParse(undefined).success ? [{ const: word, description: summary }, map] : [map];
};
