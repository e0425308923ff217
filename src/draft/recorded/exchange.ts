import type { Json } from '../../core/json.ts';
import type { MethodWord } from '../draft.ts';

/** The body of a recorded request, taken apart; texts as they were sent. */
export type RecordedBody =
  | { readonly kind: 'json'; readonly value: unknown; readonly text: string }
  | { readonly kind: 'form'; readonly fields: readonly (readonly [name: string, value: string])[] }
  | { readonly kind: 'multipart'; readonly parts: readonly RecordedPart[] }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'file'; readonly file: string };

/** A part of a form with files: a value, or the name of a file. */
export interface RecordedPart {
  readonly name: string;
  readonly value?: string;
  readonly file?: string;
  readonly type?: string;
  /** What the file is called where it is sent. */
  readonly fileName?: string;
}

/** What came back. */
export interface RecordedAnswer {
  readonly status: number;
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** Empty where the recording has none. */
  readonly text: string;
  readonly mediaType: string;
}

/** A request that somebody sent, and what came back where that is known. */
export interface Exchange {
  /** Where in the source it stands: `entry 12`. */
  readonly where: string;
  readonly method: MethodWord;
  readonly url: URL;
  /** In the order of sending, with the names as they were. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body?: RecordedBody;
  readonly basic?: { readonly user: string; readonly password: string };
  readonly answer?: RecordedAnswer;
  /** What the source takes of the answer, under names that later requests use; each an expression. */
  readonly captures?: { readonly [name: string]: Json };
  /** How many redirects lie between the request and its answer. */
  readonly redirects: number;
}

/** The first value of a header. */
export const headerOf = (headers: Exchange['headers'], name: string): string | undefined =>
  headers.find(([key]) => key.toLowerCase() === name)?.[1];

/**
 * A body by its media type: JSON and forms taken apart, anything else as text.
 *
 * @param mediaType with or without its parameters
 */
export const bodyOf = (text: string, mediaType: string): RecordedBody => {
  const type = mediaType.split(';')[0]!.trim().toLowerCase();
  if (/^application\/(?:[\w.+-]*\+)?json$/.test(type)) {
    const value = jsonIn(text);
    if (value !== undefined) return { kind: 'json', value, text };
  }
  if (type === 'application/x-www-form-urlencoded' && text.includes('='))
    return { kind: 'form', fields: [...new URLSearchParams(text)] };
  return { kind: 'text', text };
};

/** The value of a JSON text; undefined where it is none. */
export const jsonIn = (text: string): unknown => {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
};
