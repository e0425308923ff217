import { ContendError } from './errors.ts';

/** A package that is not installed with contend. */
export interface OptionalPackage {
  /** What cannot be without it, as a sentence begins: `cookies: true`. */
  readonly user: string;
  readonly name: string;
  /** What is to be installed; the package alone unless given. */
  readonly install?: readonly string[];
}

/**
 * Loads a package that may be missing.
 *
 * @throws {ContendError} ERR_MISSING_PACKAGE, with how to install it; any other error of loading as it is
 */
export const loadOptional = async <T>(
  load: () => Promise<T>,
  { user, name, install = [name] }: OptionalPackage,
): Promise<T> => {
  try {
    return await load();
  } catch (error) {
    if ((error as { readonly code?: unknown }).code !== 'ERR_MODULE_NOT_FOUND') throw error;
    const flags = install.map((one) => `-p ${one}`).join(' ');
    throw new ContendError(
      'ERR_MISSING_PACKAGE',
      `${user} needs the package ${name}, which is not installed.`,
      `npm install ${install.join(' ')} beside contend; or, without installing: npx -p contend ${flags} contend …`,
      error,
    );
  }
};
