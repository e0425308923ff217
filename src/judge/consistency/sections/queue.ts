import { anyKey, field, type ModelSections, operation, optional } from './parts.ts';

/** What is put in and taken out, each once, in any order. */
export const queue = {
  summary: 'what is put in is taken out once, such as a job: never twice, nothing that was not put in, nothing lost',
  key: { ...anyKey, summary: 'template over data variables: the queues; one queue if not given' },
  operations: {
    put: optional(
      operation('put', 'a step that puts something in, a different value each time', {
        value: field('template of the value', 'sent', 'value'),
      }),
    ),
    take: {
      ...operation('take', 'a step that takes something out', {
        value: field(
          'expression over its answer that gives the value: body.id; null says that it is empty',
          'answered',
          'value',
        ),
      }),
      mayBeEmpty: true,
    },
  },
  read: {
    summary: 'how to read everything in it, before and after each slot',
    isRequired: false,
    kind: 'list',
  },
} as const satisfies ModelSections;
