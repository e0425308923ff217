import { parseDocument } from 'yaml';
import { ContendError, messageOf } from '../core/errors.ts';
import { sources } from './source/index.ts';
import type { Drafted, SourceInput } from './source/source.ts';

/**
 * Makes a draft of what people already have; which kind it is, its content says.
 *
 * @throws {ContendError} ERR_USAGE for what is none of them, or is broken, with where and how to mend it
 */
export const draftFrom = (input: SourceInput): Drafted => {
  const text = input.text.replace(/^\ufeff/, '');
  if (text.trim() === '')
    throw new ContendError(
      'ERR_USAGE',
      `${input.file} is empty.`,
      'It takes a curl command, a HAR file or an OpenAPI document.',
    );
  const word = kindOf(text, input.file);
  const drafted = sources[word]({ ...input, text });
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
      drafted.draft.notes.slice(0, 5).join('; '),
    );
  return drafted;
};

/** A document says what it is at the beginning of a line, whatever its descriptions say of curl. */
const kindOf = (text: string, file: string): keyof typeof sources => {
  const isCurl = /^\s*(?:\$\s+)?(?:sudo\s+)?[\w./\\-]*curl(?:\.exe)?\s/im.test(text);
  if (isCurl && !/^\s*[{[]/.test(text) && !/^["']?(?:openapi|swagger)["']?\s*:/m.test(text)) return 'curl';
  const document = /^\s*[{[]/.test(text) ? jsonOf(text, file) : yamlOf(text, file);
  if (typeof document === 'object' && document !== null) {
    if ('openapi' in document) return 'openapi';
    const { log } = document as { readonly log?: { readonly entries?: unknown } };
    if (Array.isArray(log?.entries)) return 'har';
    if ('swagger' in document)
      throw new ContendError(
        'ERR_USAGE',
        `${file} is a Swagger 2.0 document.`,
        'Convert it to OpenAPI 3 first: npx swagger2openapi, or the editor at editor.swagger.io.',
      );
    if ('info' in document && 'item' in document)
      throw new ContendError(
        'ERR_USAGE',
        `${file} is a Postman collection.`,
        'Convert it to OpenAPI 3 first, or copy its requests as curl.',
      );
  }
  throw new ContendError(
    'ERR_USAGE',
    `${file} is neither a curl command nor a HAR file nor an OpenAPI document.`,
    'A curl command begins with curl, a HAR file has log.entries, an OpenAPI document says openapi: 3.0.3 or 3.1.0 at its top.',
  );
};

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
