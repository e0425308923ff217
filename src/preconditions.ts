import type { Host } from './core/host.ts';
import { isBuiltin, type Plan } from './core/plan/plan.ts';
import { readFiles } from './measure/runner/files.ts';
import { checkOpenFiles } from './measure/runner/open-files.ts';
import { checkPackages } from './measure/runner/packages.ts';
import { credentialsOf } from './measure/transport/connect/credentials.ts';
import { checkStore, parseStoreTarget } from './store/open.ts';

export { checkLoopback } from './measure/runner/cluster/controller/loopback.ts';
export { checkServed, commandsOf } from './serve/check.ts';

/**
 * Checks that every target of a plan can be opened, as far as its address and certificates show.
 *
 * @throws {ContendError} ERR_USAGE
 */
export const checkTargets = async (plan: Plan, readText: Host['readText']): Promise<void> => {
  for (const mode of plan.modes) if (isBuiltin(mode)) parseStoreTarget(mode.target);
  await credentialsOf(plan.modes, readText);
};

/**
 * Checks that the files that a plan's requests send can be read.
 *
 * @throws {ContendError} ERR_USAGE
 */
export const checkFiles = async (
  { modes, file }: Plan,
  host: Pick<Host, 'readInside' | 'listInside'>,
): Promise<void> => {
  for (const mode of modes) await readFiles(mode, file, host);
};

/**
 * Checks that this machine can do what a plan asks for, as far as that can be known before anything is sent.
 *
 * @param agents the number of agents of the run
 * @throws {ContendError} ERR_OPEN_FILES, ERR_MISSING_PACKAGE
 */
export const checkMachine = async (
  { modes }: Plan,
  host: Pick<Host, 'openFilesLimit' | 'machine' | 'env'>,
  agents = 0,
): Promise<void> => {
  // Agents check their own limits.
  const here = modes.filter((mode) => (mode.agents ?? agents) === 0);
  checkOpenFiles(here, host.openFilesLimit(), host.machine.cores);
  await checkPackages(modes);
  for (const mode of modes) if (isBuiltin(mode)) await checkStore(parseStoreTarget(mode.target), host.env);
};
