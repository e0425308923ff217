import { field, type ModelSections, operation, optional } from './parts.ts';

/** Something that is done once for each key, however often it is requested. */
export const once = {
  summary: 'what is done once per key, however often it is requested, such as a charge by its idempotency key',
  key: { summary: 'template: the idempotency key', isRequired: true },
  operations: {
    do: {
      ...operation('do', 'a step that does it, or answers as it did the first time', {
        answer: optional(
          field(
            'expression over its answer: what must be the same for all requests with one key, such as body.id',
            'answered',
            'value',
          ),
        ),
      }),
      usuallyRefused: [409],
    },
  },
  read: {
    word: 'effect',
    summary:
      'how to read what was done for a key, before and after each slot; for at most 1,000 keys, those of its first iterations',
    isRequired: false,
    kind: 'number',
    most: 1000,
    promises: {
      by: { summary: 'by how much one effect changes the value; default 1', to: 'effectBy', is: 'change' },
    },
  },
} as const satisfies ModelSections;
