import { draftFrom } from '../../src/draft/from.ts';
import type { Draft } from '../../src/draft/draft.ts';
import { writeDraft } from '../../src/draft/write.ts';
import { readScenario } from '../../src/scenario/read-scenario.ts';

/** What is made of a source: the draft, and the text of its scenario, which has no problem. */
export const drafted = (
  text: string,
  more: {
    readonly tags?: string[];
    readonly operations?: string[];
    readonly origin?: string;
    readonly files?: ReadonlyMap<string, string>;
  } = {},
): { readonly draft: Draft; readonly text: string } => {
  const { draft, names } = draftFrom({ text, file: 'given', tags: [], operations: [], ...more });
  const made = writeDraft(draft, names.variable, 'schema.json');
  const read = readScenario({ text: made, file: 'draft.yaml', settings: [], seed: 0 });
  if ('problems' in read) throw new Error(read.problems.map(({ message }) => message).join('\n'));
  return { draft, text: made };
};

/** All that a draft says of itself: what was left out, then what was guessed. */
export const notesOf = ({ left, guessed }: Draft): readonly string[] => [...left, ...guessed];

/** A request with its answer, as a recording has them. */
export interface Recorded {
  readonly method?: string;
  readonly url: string;
  readonly headers?: { readonly [name: string]: string };
  readonly body?: string;
  readonly type?: string;
  readonly status?: number;
  readonly answerHeaders?: { readonly [name: string]: string };
  readonly answer?: string;
  readonly answerType?: string;
}

const pairs = (headers: Recorded['headers'] = {}): readonly { readonly name: string; readonly value: string }[] =>
  Object.entries(headers).map(([name, value]) => ({ name, value }));

/** A HAR file of these requests, sent to `https://api.test`. */
export const harOf = (...entries: readonly Recorded[]): string =>
  JSON.stringify({
    log: {
      entries: entries.map((one) => ({
        request: {
          method: one.method ?? 'GET',
          url: `https://api.test${one.url}`,
          headers: pairs(one.headers),
          ...(one.body === undefined ? {} : { postData: { mimeType: one.type ?? 'application/json', text: one.body } }),
        },
        response: {
          status: one.status ?? 200,
          headers: pairs(one.answerHeaders),
          content: { mimeType: one.answerType ?? 'application/json', text: one.answer ?? '' },
        },
      })),
    },
  });

/** A document with one operation, `POST /a`, whose body has a media type with these keys. */
export const openapiOf = (media: object, components: object = {}): string =>
  JSON.stringify({
    openapi: '3.0.3',
    paths: { '/a': { post: { requestBody: { content: { 'application/json': media } }, responses: {} } } },
    components,
  });
