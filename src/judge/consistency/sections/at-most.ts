import { anyKey, field, type ModelSections, operation } from './parts.ts';

/** So many grants, altogether or in a time. */
export const atMost = {
  summary: 'what may be granted so many times, such as a coupon or the requests of a client: never more often',
  key: anyKey,
  promises: {
    per: {
      summary:
        'in how long a time so many; if not given, altogether: from one "before" to the next, else in the whole run',
      to: 'perNs',
      is: 'duration',
    },
    window: {
      summary:
        'fixed: in windows of that length, wherever they begin; sliding: in every stretch of that length. Fixed if not given',
      to: 'isSliding',
      needs: 'per',
      is: { fixed: false, sliding: true },
    },
    burst: {
      summary: 'how many more may come at once, as a token bucket lets them; none if not given',
      to: 'burst',
      needs: 'per',
      is: 'count',
    },
  },
  common: { limit: field('how many: a number, or a template that gives one', 'sent', 'operand', true) },
  operations: {
    grant: {
      ...operation('grant', 'a step that is granted, or refused', {}),
      usuallyRefused: [409, 429],
    },
  },
} as const satisfies ModelSections;
