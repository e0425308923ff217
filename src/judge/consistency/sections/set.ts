import { anyKey, field, type ModelSections, operation, optional } from './parts.ts';

const element = field('template of the element', 'sent', 'value');

/** Elements that are there or not, without order. */
export const set = {
  summary: 'elements that are added and removed: none is lost, none comes back, none is there that was never added',
  key: { ...anyKey, summary: 'template over data variables: the sets; one set if not given' },
  operations: {
    add: operation('add', 'a step that adds an element', { value: element }),
    remove: optional(operation('remove', 'a step that removes one', { value: element })),
    see: optional(
      operation('read', 'a step that reads all elements', {
        values: { ...field('expression over its answer: the list of all elements', 'answered', 'value'), isSet: true },
      }),
    ),
  },
  read: {
    summary: 'how to read all elements, before and after each slot',
    isRequired: false,
    kind: 'list',
  },
} as const satisfies ModelSections;
