import type { OperationName } from '../../../core/history/history.ts';
import type { Promises } from '../../../core/plan/plan.ts';

/** A value that an operation has. */
export interface FieldSyntax {
  readonly summary: string;
  /** A template over what the step knows when it is sent, or an expression over its answer. */
  readonly from: 'sent' | 'answered';
  /** The column that it fills; `list` for a whole list, in rows of its own. */
  readonly to: 'value' | 'operand' | 'version' | 'list';
  readonly isRequired: boolean;
  /** Whether a number may stand in place of a template. */
  readonly isAmount: boolean;
  /** A list without order: it is the same value in any order. */
  readonly isSet?: true;
  /** An answer that tells version 0 need not have it: an empty list has no last element. */
  readonly isNoneAtZero?: true;
}

/** What a step may be. */
export interface OperationSyntax {
  readonly summary: string;
  readonly f: OperationName;
  readonly isRequired: boolean;
  readonly fields: { readonly [field: string]: FieldSyntax };
  /** Fields of which it takes exactly one. */
  readonly oneOf?: readonly string[];
  /** Whether it spans its critical section, starting with the section's first request. */
  readonly spansSection: boolean;
  /** The statuses of a refusal unless a scenario says otherwise, for operations whose refusal says something by itself. */
  readonly usuallyRefused?: readonly number[];
  /**
   * `refusals: justified` promises that it is refused only for a reason; with the statuses of a refusal unless a scenario says otherwise.
   */
  readonly justifies?: { readonly to: keyof Promises; readonly refusedBy: readonly number[] };
  /** An answer may say that there is nothing: `empty:`. */
  readonly mayBeEmpty?: true;
  /** It may combine the answers of several steps, if no single one has everything: `steps:`. */
  readonly maySum?: true;
}

/** Something that a model promises beyond its name. */
export interface PromiseSyntax {
  readonly summary: string;
  /** The field of `Promises` that it is. */
  readonly to: keyof Promises;
  /** Another promise that this one depends on. */
  readonly needs?: string;
  /** `{ fixed: false, sliding: true }`: one of these words, each standing for its value. */
  readonly is: 'duration' | 'flag' | 'whole number' | 'change' | 'count' | { readonly [word: string]: boolean };
}

/** How the value of a key is read, before and after each slot. */
export interface ReadSyntax {
  readonly summary: string;
  readonly isRequired: boolean;
  readonly kind: 'number' | 'scalar' | 'list';
  /** The word for it; `read` if not given. */
  readonly word?: (typeof readWords)[number];
  /** The greatest number of keys; no limit if not given. */
  readonly most?: number;
  /** What is promised about the value. */
  readonly promises?: { readonly [word: string]: PromiseSyntax };
}

/** What the reads of values may be called. */
export const readWords = ['read', 'effect'] as const;

/** What a scenario may say for a model. */
export interface ModelSections {
  readonly summary: string;
  /** What the keys are; with `whole`, the model judges everything as one unless a key is given. */
  readonly key: {
    readonly summary: string;
    readonly isRequired: boolean;
    /** Only the values read before and after a slot have keys: operations are between keys and belong to none. */
    readonly isOfReads?: boolean;
  };
  /** What it promises, if the scenario says so. */
  readonly promises?: { readonly [word: string]: PromiseSyntax };
  /** Fields of every operation. */
  readonly common?: { readonly [field: string]: FieldSyntax };
  readonly operations: { readonly [word: string]: OperationSyntax };
  readonly read?: ReadSyntax;
}

/** A required field. */
export const field = (
  summary: string,
  from: FieldSyntax['from'],
  to: FieldSyntax['to'],
  isAmount = false,
): FieldSyntax => ({
  summary,
  from,
  to,
  isRequired: true,
  isAmount,
});
/** The same, but optional. */
export const optional = <T extends FieldSyntax | OperationSyntax | ReadSyntax>(one: T): T => ({
  ...one,
  isRequired: false,
});

/** A required operation. */
export const operation = (f: OperationName, summary: string, fields: OperationSyntax['fields']): OperationSyntax => ({
  f,
  summary,
  fields,
  isRequired: true,
  spansSection: false,
});

/** By how much. */
export const amount = field('by how much: a number, or a template that gives one', 'sent', 'operand', true);
/** A value that an answer may tell. */
export const told = (what: string): FieldSyntax => optional(field(what, 'answered', 'value'));
/** A step that reads a number, if there is one. */
export const seenNumber = optional(
  operation('read', 'a step that reads the value', {
    value: field('expression over its answer that gives the value: body.stock', 'answered', 'value'),
  }),
);
/** A version that an answer may tell. */
export const version = optional(
  field('expression over its answer that gives a version that only grows: body.version', 'answered', 'version'),
);
/** A key that is read, so it is made from data alone. */
export const key = { summary: 'template over data variables: its values are the keys', isRequired: true };
/** A key that may be made from anything, or left out. */
export const anyKey = {
  summary: 'template: what is judged separately; if not given, all is one key',
  isRequired: false,
};
/** A number that is read before and after. */
export const number: ReadSyntax = {
  summary: 'how to read the value of a key, before and after each slot',
  isRequired: true,
  kind: 'number',
};
