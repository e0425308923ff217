import type { OperationName } from '../../../core/history/history.ts';
import type { Promises } from '../../../core/plan/plan.ts';

/** Something that an operation says. */
export interface FieldSyntax {
  readonly summary: string;
  /** A template over what the step knows when it is sent, or an expression over its answer. */
  readonly from: 'sent' | 'answered';
  /** The column that it enters; `list`: a whole list, in rows of its own. */
  readonly to: 'value' | 'operand' | 'version' | 'list';
  readonly isRequired: boolean;
  /** A number may stand for a template. */
  readonly isAmount: boolean;
  /** A list in no order: whatever its order is, it is the same value. */
  readonly isSet?: true;
  /** It need not be in an answer that tells version 0: an empty list has no last element. */
  readonly isNoneAtZero?: true;
}

/** What a step may be. */
export interface OperationSyntax {
  readonly summary: string;
  readonly f: OperationName;
  readonly isRequired: boolean;
  readonly fields: { readonly [field: string]: FieldSyntax };
  /** Fields of which it takes one. */
  readonly oneOf?: readonly string[];
  /** It reaches from the first request of its critical section on. */
  readonly spansSection: boolean;
  /** The statuses by which it is refused unless a scenario says otherwise, where a refusal says something by itself. */
  readonly usuallyRefused?: readonly number[];
  /** `refusals: justified` promises that it is refused for a reason, and by which statuses unless a scenario says otherwise. */
  readonly justifies?: { readonly to: keyof Promises; readonly refusedBy: readonly number[] };
  /** An answer may say that there is nothing: `empty:`. */
  readonly mayBeEmpty?: true;
  /** It may take the answers of several steps, where one has not all: `steps:`. */
  readonly maySum?: true;
}

/** Something that a model promises beside what its name says. */
export interface PromiseSyntax {
  readonly summary: string;
  /** The field of `Promises` that it is. */
  readonly to: keyof Promises;
  /** Another promise, without which it says nothing. */
  readonly needs?: string;
  /** `{ fixed: false, sliding: true }`: one of these words, which stand for that. */
  readonly is: 'duration' | 'flag' | 'whole number' | 'change' | 'count' | { readonly [word: string]: boolean };
}

/** How the value of a key is read, before and after each slot. */
export interface ReadSyntax {
  readonly summary: string;
  readonly isRequired: boolean;
  readonly kind: 'number' | 'scalar' | 'list';
  /** What it is called; `read` if not given. */
  readonly word?: (typeof readWords)[number];
  /** Of so many keys at most; of all if not given. */
  readonly most?: number;
  /** What is promised of the value. */
  readonly promises?: { readonly [word: string]: PromiseSyntax };
}

/** What the reads of values may be called. */
export const readWords = ['read', 'effect'] as const;

/** What a scenario says where it names a model. */
export interface ModelSections {
  readonly summary: string;
  /** What the keys are; `whole`: the model judges one thing unless a key is given. */
  readonly key: {
    readonly summary: string;
    readonly isRequired: boolean;
    /** Only what is read before and after a slot is by key: operations are between keys, and of no one. */
    readonly isOfReads?: boolean;
  };
  /** What it promises, where the scenario says so. */
  readonly promises?: { readonly [word: string]: PromiseSyntax };
  /** What it says of every operation. */
  readonly common?: { readonly [field: string]: FieldSyntax };
  readonly operations: { readonly [word: string]: OperationSyntax };
  readonly read?: ReadSyntax;
}

/** A field that is needed. */
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
/** The same, where it need not be there. */
export const optional = <T extends FieldSyntax | OperationSyntax | ReadSyntax>(one: T): T => ({
  ...one,
  isRequired: false,
});

/** An operation that is needed. */
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
/** What is read by key, of data alone. */
export const key = { summary: 'template over data variables: its values are the keys', isRequired: true };
/** What may be of anything, or left out. */
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
