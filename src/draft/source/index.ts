import { curl } from './curl.ts';
import { har } from './har.ts';
import { openapi } from './openapi.ts';
import { postman } from './postman.ts';
import type { Source } from './source.ts';

/** The kinds of sources, by name. */
export const sources: { readonly [word in 'curl' | 'har' | 'openapi' | 'postman']: Source } = {
  curl,
  har,
  openapi,
  postman,
};
