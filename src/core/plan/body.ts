/** What a request sends, if it is not JSON. Values are templates. */
export type Body = FormBody | MultipartBody | TextBody | FileBody;

/** `application/x-www-form-urlencoded` */
export interface FormBody {
  readonly kind: 'form';
  readonly fields: { readonly [name: string]: readonly string[] };
}

/** `multipart/form-data` */
export interface MultipartBody {
  readonly kind: 'multipart';
  /** A name may occur several times. */
  readonly fields: { readonly [name: string]: readonly Part[] };
}

/** One part of a form: a value, a value with its own media type, or a file. */
export type Part = string | ValuePart | FilePart;

/** A value that says what it is. */
export interface ValuePart {
  readonly value: string;
  readonly type: string;
}

/** `text/plain` */
export interface TextBody {
  readonly kind: 'text';
  readonly text: string;
}

/** An unchanged file. */
export interface FileBody extends FilePart {
  readonly kind: 'file';
}

/** A file in the folder of the scenario. */
export interface FilePart {
  /** Path in the folder of the scenario; may contain a template. */
  readonly file: string;
  /** Its name in the form, a template; default: its own name. */
  readonly name?: string;
  /** Its media type. */
  readonly type: string;
}

/** What the Authorization header is made of; both are templates. */
export type Auth =
  | { readonly kind: 'basic'; readonly user: string; readonly password: string }
  | { readonly kind: 'bearer'; readonly token: string };

/** The files that a request sends, as the scenario names them. */
export const filesOf = (body: Body | undefined): readonly string[] => {
  if (body?.kind === 'file') return [body.file];
  if (body?.kind !== 'multipart') return [];
  return Object.values(body.fields)
    .flat()
    .flatMap((part) => (typeof part !== 'string' && 'file' in part ? [part.file] : []));
};
