import { ContendError, messageOf } from './errors.ts';
import { resultShape } from './result-shape.ts';
import { schemaVersion, type LockResult, type ModeResult, type Result } from './result.ts';

/**
 * Reads a result document that this build or an older one has written; of fields that it does not know it takes no notice.
 *
 * @param file what it is called in an error
 * @throws {ContendError} ERR_USAGE for a document of a newer version, with its number, and for anything else that is none
 */
export const readResult = (text: string, file: string): Result => {
  const document = parse(text, file);
  const version = (document as { schemaVersion?: unknown } | null)?.schemaVersion;
  if (typeof version === 'number' && version > schemaVersion) {
    throw new ContendError(
      'ERR_USAGE',
      `${file} is a result document of schemaVersion ${version}; this contend reads up to ${schemaVersion}.`,
      'Read it with the contend that wrote it, or a newer one.',
    );
  }
  const wrong = resultShape(document, '');
  if (wrong !== undefined) throw noDocument(file, wrong);
  return completed(document as Older);
};

/** A document whose modes may lack what was added to the version later. */
type Older = Omit<Result, 'modes'> & {
  readonly modes: readonly (Omit<ModeResult, 'wastedRequests' | 'anatomy' | 'locks'> &
    Partial<Pick<ModeResult, 'wastedRequests' | 'anatomy'>> & {
      readonly locks: readonly (Omit<LockResult, 'lapsed' | 'starvation'> &
        Partial<Pick<LockResult, 'lapsed' | 'starvation'>>)[];
    })[];
};

const completed = ({ modes, ...document }: Older): Result => ({
  ...document,
  modes: modes.map((mode) => ({
    wastedRequests: 0,
    anatomy: null,
    ...mode,
    locks: mode.locks.map((lock) => ({ lapsed: 0, starvation: null, ...lock })),
  })),
});

const parse = (text: string, file: string): unknown => {
  if (text.trim() === '') throw noDocument(file, 'it is empty, as it is until the first round of a run is over');
  try {
    return JSON.parse(text);
  } catch (error) {
    throw noDocument(file, messageOf(error), error);
  }
};

const noDocument = (file: string, why: string, cause?: unknown): ContendError =>
  new ContendError(
    'ERR_USAGE',
    `${file} is no result document: ${why}.`,
    'contend run --out DIR writes DIR/result.json; contend run --json prints one.',
    cause,
  );
