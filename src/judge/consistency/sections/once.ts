import { field, type ModelSections, operation, optional } from './parts.ts';

/** Something that is done once for each key, however often it is asked for. */
export const once = {
  summary: 'what is done once for each key however often it is asked for, such as a charge by its idempotency key',
  key: { summary: 'template: the idempotency key', isRequired: true },
  operations: {
    do: {
      ...operation('do', 'a step that does it, or answers as it did the first time', {
        answer: optional(
          field(
            'expression over its answer: what has to be alike for all who ask by one key, such as body.id',
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
      'how it is read what was done by a key, before and after each slot; of 1,000 keys at most, those that its first iterations have',
    isRequired: false,
    kind: 'number',
    most: 1000,
    promises: {
      by: { summary: 'by how much doing it once moves the value; 1 if not given', to: 'effectBy', is: 'change' },
    },
  },
} as const satisfies ModelSections;
