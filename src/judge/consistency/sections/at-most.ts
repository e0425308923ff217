import { anyKey, field, type ModelSections, operation } from './parts.ts';

/** A limit on grants, altogether or within a time. */
export const atMost = {
  summary:
    'what may be granted a limited number of times, such as a coupon or the requests of a client: never more often',
  key: anyKey,
  promises: {
    per: {
      summary:
        'the period of the limit; if not given, all the time from one "before" to the next, or else the whole run',
      to: 'perNs',
      is: 'duration',
    },
    window: {
      summary:
        'fixed: in windows of that length, wherever they begin; sliding: in every stretch of that length. Default fixed',
      to: 'isSliding',
      needs: 'per',
      is: { fixed: false, sliding: true },
    },
    burst: {
      summary: 'how many more may be granted at once, as by a token bucket; default none',
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
