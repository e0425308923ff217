import type { Draft } from '../draft.ts';
import type { Names } from '../names.ts';

/** What was given, as text. */
export interface SourceInput {
  readonly text: string;
  /** The same as a value, where it was taken apart to see what it is. */
  readonly value?: unknown;
  /** What it is called in errors: the name of the file, `the command`. */
  readonly file: string;
  /** Of an OpenAPI document: operations with one of these tags alone. */
  readonly tags: readonly string[];
  /** Of an OpenAPI document: operations that match one of these alone: `POST /pets`, `/pets/*`, an operationId. */
  readonly operations: readonly string[];
  /** Of requests to several origins: the one that is the target; the source itself says if not given. */
  readonly origin?: string;
  /** Of a document in several files: their texts, by the path from the folder of the first. */
  readonly files?: ReadonlyMap<string, string>;
}

/** A draft, and the names that it has taken. */
export interface Drafted {
  readonly draft: Draft;
  readonly names: Names;
}

/** Makes a draft of one kind of source. @throws {ContendError} ERR_USAGE where nothing can be made of it */
export type Source = (input: SourceInput) => Drafted;
