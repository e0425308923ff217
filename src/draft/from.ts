import { parseDocument } from 'yaml';
import { ContendError, messageOf } from '../core/errors.ts';
import { otherwise, powerShell, toolOf } from './source/foreign.ts';
import { sources } from './source/index.ts';
import type { Drafted, SourceInput } from './source/source.ts';

/**
 * Makes a draft from what people already have. The content shows which kind it is.
 *
 * @throws {ContendError} ERR_USAGE if it is of no known kind, or broken, with the place and a fix
 */
export const draftFrom = (input: SourceInput): Drafted => {
  const text = input.text.replace(/^\ufeff/, '');
  if (text.trim() === '')
    throw new ContendError(
      'ERR_USAGE',
      `${input.file} is empty.`,
      'It takes a curl command, a HAR file, a Postman collection or an OpenAPI document.',
    );
  if (packed.some((mark) => text.startsWith(mark)))
    throw new ContendError('ERR_USAGE', `${input.file} is packed.`, 'Unpack it first, and give what is in it.');
  if (text.slice(0, 10_000).includes('\0'))
    throw new ContendError(
      'ERR_USAGE',
      `${input.file} is no text in UTF-8.`,
      'Save it as UTF-8; what PowerShell writes with > may be UTF-16: curl.exe -o openapi.json … writes it as it is.',
    );
  const { word, value } = kindOf(text, input.file);
  if (word === 'openapi' && input.origin !== undefined)
    throw new ContendError(
      'ERR_USAGE',
      `${input.file} is an OpenAPI document: its requests go to its first server.`,
      'Leave --origin out, and write another target into the scenario.',
    );
  const drafted = sources[word]({ ...input, text, ...(value === undefined ? {} : { value }) });
  if (word !== 'openapi' && input.tags.length + input.operations.length > 0)
    throw new ContendError(
      'ERR_USAGE',
      `${input.file} is no OpenAPI document: it has no operations to choose from.`,
      'Leave --tag and --operations out.',
    );
  if (drafted.draft.steps.length === 0)
    throw new ContendError(
      'ERR_USAGE',
      `Nothing of ${input.file} can be sent by contend.`,
      drafted.draft.left.slice(0, 5).join('; '),
    );
  return drafted;
};

/** How zip and gzip files start, read as text. */
const packed = ['PK\u0003\u0004', '\u001f\ufffd'];

/** A document shows what it is at the start of a line, whatever its descriptions say about curl. */
const kindOf = (text: string, file: string): { readonly word: keyof typeof sources; readonly value?: unknown } => {
  const isCurl = /^\s*(?:\$\s+)?(?:sudo\s+)?[\w./\\-]*curl(?:\.exe)?\s/im.test(text);
  const isMarked = /^\s*[{[<]/.test(text) || /^["']?(?:openapi|swagger)["']?\s*:/m.test(text);
  // In PowerShell, curl may be an alias for a command that has its own flags.
  const isAlias = /\bcurl(?:\.exe)?\s+(?:[^\n]*\s)?-(?:Uri|Method|Headers|Body|ContentType|UseBasicParsing)\b/.test(
    text,
  );
  if (isCurl && !isMarked && !isAlias) return { word: 'curl' };
  const isDocument = /^["']?(?:openapi|swagger)["']?\s*:/m.test(text) || isOurs(text);
  const tool = isAlias && !isMarked ? powerShell : isDocument ? undefined : toolOf(text);
  if (tool !== undefined)
    throw new ContendError('ERR_USAGE', `${file} is ${tool}, which is not read.`, otherwise(tool));
  if (!isMarked && !isDocument && isInScript.test(text)) return { word: 'curl' };
  const document = /^\s*[{[]/.test(text) ? jsonOf(text, file) : yamlOf(text, file);
  if (typeof document === 'object' && document !== null) {
    if ('openapi' in document || 'swagger' in document) return { word: 'openapi', value: document };
    const { log } = document as { readonly log?: { readonly entries?: unknown } };
    if (Array.isArray(log?.entries)) return { word: 'har' };
    if ('item' in document || ('collection' in document && 'item' in (document.collection as object)))
      return { word: 'postman' };
    if ('_postman_variable_scope' in document)
      throw new ContendError(
        'ERR_USAGE',
        `${file} is an environment of Postman: it has values, and no requests.`,
        'Give the collection; what it reads of this one is set with -e NAME=VALUE.',
      );
    if ('collections' in document && Array.isArray(document.collections))
      throw new ContendError(
        'ERR_USAGE',
        `${file} has all data of a Postman account.`,
        'Export one of its collections, as "Collection v2.1".',
      );
    if ('requests' in document && 'order' in document)
      throw new ContendError(
        'ERR_USAGE',
        `${file} is a Postman collection in format 1.`,
        'Export it again as "Collection v2.1".',
      );
  }
  throw new ContendError(
    'ERR_USAGE',
    `${file} is neither a curl command nor a HAR file nor a Postman collection nor an OpenAPI document.`,
    'A curl command begins with curl, a HAR file has log.entries, a collection has item, an OpenAPI document says openapi: 3.0.3, 3.1.0 or swagger: "2.0" at its top. Other tools: docs/coming-from.md.',
  );
};

/** curl inside a line of a script: `until curl …`, `ID=$(curl …)`, `docker exec web curl …`, `CURL=$(which curl)`. */
const isInScript =
  /^#!.*sh\b[^]*\bcurl\b|(?:^|[\s;|&!({`"'=])(?:[\w./-]*\/)?curl(?:\.exe)?\s+(?:-|["'$]?(?:https?:|localhost|[\d.]+[:/]|[\w-]+(?:\.[\w-]+)+|\$))|=\$?[(`]\s*(?:which|command -v|type -p)\s+curl\b/im;

/** A JSON document with the marks of a known kind. */
const isOurs = (text: string): boolean =>
  /^\s*\{/.test(text) && /"(?:entries|item|openapi|swagger)"\s*:/.test(text) && !/"_type"\s*:\s*"export"/.test(text);

const jsonOf = (text: string, file: string): unknown => {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw new ContendError(
      'ERR_USAGE',
      `${file} is no JSON: ${messageOf(error)}.`,
      'Save or download it again: it may have been cut off.',
      error,
    );
  }
};

const yamlOf = (text: string, file: string): unknown => {
  const document = parseDocument(text, { uniqueKeys: false, merge: true, logLevel: 'silent' });
  const [error] = document.errors;
  if (error !== undefined) {
    const [place] = error.linePos ?? [];
    const at = place === undefined ? file : `${file}:${place.line}:${place.col}`;
    throw new ContendError(
      'ERR_USAGE',
      `${at}: ${error.message.split('\n')[0]!.replace(/ at line \d+, column \d+:?$/, '')}.`,
      'It is read as YAML, being no curl command and no JSON.',
    );
  }
  try {
    return document.toJS({ maxAliasCount: 1000 }) as unknown;
  } catch (error) {
    throw new ContendError(
      'ERR_USAGE',
      `${file} cannot be read: ${messageOf(error)}.`,
      'Write out what its aliases stand for.',
      error,
    );
  }
};
