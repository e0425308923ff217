import type { Draft } from '../draft.ts';
import type { Names } from '../names.ts';

/** The input, as text. */
export interface SourceInput {
  readonly text: string;
  /** The parsed value, if it was parsed to find out what it is. */
  readonly value?: unknown;
  /** Its name in errors: the file's name, `the command`. */
  readonly file: string;
  /** For an OpenAPI document: only operations with one of these tags. */
  readonly tags: readonly string[];
  /** For an OpenAPI document: only operations that match one of these: `POST /pets`, `/pets/*`, an operationId. */
  readonly operations: readonly string[];
  /** For requests to several origins: the target. Default: the source's own. */
  readonly origin?: string;
  /** For a document in several files: their texts, by their path from the first one's folder. */
  readonly files?: ReadonlyMap<string, string>;
}

/** A draft, and the names used in it. */
export interface Drafted {
  readonly draft: Draft;
  readonly names: Names;
}

/** Makes a draft from one kind of source. @throws {ContendError} ERR_USAGE if nothing can be made of it */
export type Source = (input: SourceInput) => Drafted;
