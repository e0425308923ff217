import type { Json } from '../core/json.ts';
import type { Told } from './notes.ts';

/** The methods of a request, as a scenario writes them. */
export const methodWords = ['get', 'post', 'put', 'patch', 'delete', 'head', 'options'] as const;

/** One of {@link methodWords}. */
export type MethodWord = (typeof methodWords)[number];

/** Whether a request changes nothing. */
export const isRead = (method: MethodWord): boolean => method === 'get' || method === 'head' || method === 'options';

/** Whether a request has no body. */
export const sendsNoBody = (method: MethodWord): boolean => method === 'get' || method === 'head';

/** Credentials as a scenario writes them. Every text is a template. */
export type DraftAuth =
  'none' | { readonly bearer: string } | { readonly basic: { readonly user: string; readonly password: string } };

/** The body of a request under the scenario's own key for it. Every text is a template. */
export type DraftBody =
  | { readonly json: Json }
  | { readonly form: { readonly [name: string]: Json } }
  | { readonly multipart: { readonly [name: string]: Json } }
  | { readonly text: string }
  | { readonly body: { readonly file: string; readonly type?: string } };

/** One request of a draft. */
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
  /** The expected statuses. Empty: any below 400. */
  readonly status: readonly number[];
  /** The top-level members of its answer that are single values, and those of them that are whole numbers. */
  readonly answer?: { readonly values: readonly string[]; readonly numbers: readonly string[] };
  /** Whether its answer has an ETag, and whether it must send one. */
  readonly etag?: { readonly isRead: boolean; readonly isNeeded: boolean };
}

/** A variable of the data, with its source as a scenario writes it. */
export interface DraftVariable {
  readonly name: string;
  readonly source: Json;
  /** One line, after it. */
  readonly comment: string;
}

/** A variable of the environment that the scenario reads. */
export interface DraftSecret {
  readonly name: string;
  readonly comment: string;
}

/** A scenario before it becomes text. */
export interface Draft extends Told {
  /** What it is made from, on one line. */
  readonly title: string;
  readonly name: string;
  /** The origin and, if there is one, the base path. */
  readonly target: string;
  readonly targetComment: string;
  readonly secrets: readonly DraftSecret[];
  readonly env: readonly DraftSecret[];
  /** Certificates are not verified. */
  readonly isInsecure?: boolean;
  readonly isHttp2?: boolean;
  /** Keys of the scenario about connections: `proxy`, `timeouts`, `connectTo`. */
  readonly settings?: { readonly [key: string]: Json };
  readonly cookies: boolean;
  readonly auth?: DraftAuth;
  readonly data: readonly DraftVariable[];
  readonly login: readonly DraftRequest[];
  readonly steps: readonly DraftRequest[];
  /** Operations of the source that are not among the steps, one line each. */
  readonly rest: readonly string[];
}
