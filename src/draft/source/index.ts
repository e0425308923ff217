import { curl } from './curl.ts';
import { har } from './har.ts';
import { openapi } from './openapi.ts';
import type { Source } from './source.ts';

/** The kinds of sources, by their words. */
export const sources: { readonly [word in 'curl' | 'har' | 'openapi']: Source } = { curl, har, openapi };
