import type { Json } from '../core/json.ts';
import type { Told } from './notes.ts';

/** The words of a request's method, as a scenario writes them. */
export const methodWords = ['get', 'post', 'put', 'patch', 'delete', 'head', 'options'] as const;

/** One of {@link methodWords}. */
export type MethodWord = (typeof methodWords)[number];

/** Whether a request changes nothing. */
export const isRead = (method: MethodWord): boolean => method === 'get' || method === 'head' || method === 'options';

/** Whether a request has no body. */
export const sendsNoBody = (method: MethodWord): boolean => method === 'get' || method === 'head';

/** Credentials as a scenario writes them; every text is a template. */
export type DraftAuth =
  'none' | { readonly bearer: string } | { readonly basic: { readonly user: string; readonly password: string } };

/** The body of a request under the scenario's own key for it; every text is a template. */
export type DraftBody =
  | { readonly json: Json }
  | { readonly form: { readonly [name: string]: Json } }
  | { readonly multipart: { readonly [name: string]: Json } }
  | { readonly text: string }
  | { readonly body: { readonly file: string; readonly type?: string } };

/** One request of a scenario to be. */
export interface DraftRequest {
  readonly name: string;
  /** One line, above the step. */
  readonly comment?: string;
  readonly method: MethodWord;
  /** A template, percent-encoded. */
  readonly path: string;
  readonly query: { readonly [name: string]: Json };
  readonly headers: { readonly [name: string]: string };
  readonly auth?: DraftAuth;
  readonly body?: DraftBody;
  readonly redirects: number;
  readonly capture: { readonly [name: string]: Json };
  /** The statuses that it may be answered with; any below 400 where none is named. */
  readonly status: readonly number[];
  /** The members of its answer, at the top, that are single values; those that are whole numbers are named again. */
  readonly answer?: { readonly values: readonly string[]; readonly numbers: readonly string[] };
  /** How its resource's ETag is had and given back, where that was seen. */
  readonly etag?: { readonly isRead: boolean; readonly isNeeded: boolean };
}

/** A variable of the data, its source as a scenario writes it. */
export interface DraftVariable {
  readonly name: string;
  readonly source: Json;
  /** One line, behind it. */
  readonly comment: string;
}

/** A variable of the environment that the scenario reads. */
export interface DraftSecret {
  readonly name: string;
  readonly comment: string;
}

/** A scenario to be, before it is text. */
export interface Draft extends Told {
  /** What it is made from, one line. */
  readonly title: string;
  readonly name: string;
  /** Origin and, where there is one, the path before all paths. */
  readonly target: string;
  readonly targetComment: string;
  readonly secrets: readonly DraftSecret[];
  readonly env: readonly DraftSecret[];
  /** Certificates are not verified. */
  readonly isInsecure?: boolean;
  readonly isHttp2?: boolean;
  /** Keys of the scenario that are about connections: `proxy`, `timeouts`, `connectTo`. */
  readonly settings?: { readonly [key: string]: Json };
  readonly cookies: boolean;
  readonly auth?: DraftAuth;
  readonly data: readonly DraftVariable[];
  readonly login: readonly DraftRequest[];
  readonly steps: readonly DraftRequest[];
  /** Operations that the source has beside the steps, a line each. */
  readonly rest: readonly string[];
}
