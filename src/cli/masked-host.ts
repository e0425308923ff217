import { ContendError } from '../core/errors.ts';
import type { Host } from '../core/host.ts';
import type { Mask } from '../core/mask.ts';

/** A host whose standard error, which gets progress and warnings, shows no secret. Documents are masked before they are shown. */
export const maskedHost = (host: Host, mask: Mask): Host => {
  const { stderr } = host;
  return {
    ...host,
    stderr: { isTTY: stderr.isTTY, columns: () => stderr.columns(), write: (text) => stderr.write(mask(text)) },
  };
};

/** The error that ends a command, without a secret in its message. */
export const maskedError = (error: unknown, mask: Mask): unknown => {
  if (error instanceof ContendError)
    return new ContendError(error.code, mask(error.message), mask(error.hint), error.cause, error.output.map(mask));
  if (!(error instanceof Error)) return error;
  // For a bug, the stack is shown, which begins with the message.
  if (error.stack !== undefined) error.stack = mask(error.stack);
  error.message = mask(error.message);
  return error;
};
