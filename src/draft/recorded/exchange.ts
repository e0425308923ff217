import type { Json } from '../../core/json.ts';
import type { MethodWord } from '../draft.ts';

/** The body of a recorded request, parsed; texts as sent. */
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
  /** The file's name as sent. */
  readonly fileName?: string;
}

/** The answer. */
export interface RecordedAnswer {
  readonly status: number;
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** Empty if not recorded. */
  readonly text: string;
  readonly mediaType: string;
}

/** A request that was sent, and its answer if known. */
export interface Exchange {
  /** Its position in the source: `entry 12`. */
  readonly where: string;
  readonly method: MethodWord;
  readonly url: URL;
  /** In the order sent, with their original names. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body?: RecordedBody;
  readonly basic?: { readonly user: string; readonly password: string };
  readonly answer?: RecordedAnswer;
  /** What the source captures from the answer, under names that later requests use; each an expression. */
  readonly captures?: { readonly [name: string]: Json };
  /** How many redirects were followed between the request and its answer. */
  readonly redirects: number;
}

/** The first value of a header. */
export const headerOf = (headers: Exchange['headers'], name: string): string | undefined =>
  headers.find(([key]) => key.toLowerCase() === name)?.[1];

/**
 * Parses a body by its media type: JSON and forms into values, anything else as text.
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

/** The value of a JSON text. `undefined` if it is not JSON. */
export const jsonIn = (text: string): unknown => {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
};
