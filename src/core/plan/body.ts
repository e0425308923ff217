/** What a request sends, where that is no JSON. Values are templates. */
export type Body = FormBody | MultipartBody | TextBody | FileBody;

/** `application/x-www-form-urlencoded` */
export interface FormBody {
  readonly kind: 'form';
  readonly fields: { readonly [name: string]: readonly string[] };
}

/** `multipart/form-data` */
export interface MultipartBody {
  readonly kind: 'multipart';
  readonly fields: { readonly [name: string]: string | FilePart };
}

/** `text/plain` */
export interface TextBody {
  readonly kind: 'text';
  readonly text: string;
}

/** A file as it is. */
export interface FileBody extends FilePart {
  readonly kind: 'file';
}

/** A file in the folder of the scenario. */
export interface FilePart {
  /** Path from the folder of the scenario. */
  readonly file: string;
  /** Its media type. */
  readonly type: string;
}

/** What the Authorization header is made of; both are templates. */
export type Auth =
  | { readonly kind: 'basic'; readonly user: string; readonly password: string }
  | { readonly kind: 'bearer'; readonly token: string };

/** The files that a request sends. */
export const filesOf = (body: Body | undefined): readonly string[] => {
  if (body?.kind === 'file') return [body.file];
  if (body?.kind !== 'multipart') return [];
  return Object.values(body.fields).flatMap((part) => (typeof part === 'string' ? [] : [part.file]));
};
