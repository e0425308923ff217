import { ContendError } from '../../core/errors.ts';
import type { Host } from '../../core/host.ts';
import type { EnvironmentInput } from '../../scenario/layers/environment.ts';

/**
 * What a scenario may read from the environment: the variables, and those of `-e NAME=VALUE`, which win.
 *
 * @throws {ContendError} ERR_USAGE for a flag without "="; it is not repeated, because it may be a secret
 */
export const environmentFrom = (flags: readonly string[] = [], variables: Host['env']): EnvironmentInput => ({
  variables,
  flags: Object.fromEntries(
    flags.map((flag) => {
      const at = flag.indexOf('=');
      if (at < 1) throw new ContendError('ERR_USAGE', '-e needs a name and a value.', 'Write -e API_TOKEN=abc123.');
      return [flag.slice(0, at), flag.slice(at + 1)];
    }),
  ),
});
