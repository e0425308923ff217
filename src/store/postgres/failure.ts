import { messageOf } from '../../core/errors.ts';
import { TryAgainError } from '../try-again.ts';

const codeOf = (error: unknown): string => {
  const code = (error as { readonly code?: unknown } | undefined)?.code;
  return typeof code === 'string' ? code : '';
};

const [serializationFailure, deadlock, lockTimeout, queryCanceled] = ['40001', '40P01', '55P03', '57014'] as const;

/** Whether a transaction failed because of concurrent ones, and may well succeed when it is run again. */
export const isRetriable = (error: unknown): boolean => {
  const code = codeOf(error);
  return code === serializationFailure || code === deadlock;
};

/** Errors of the connection (08), of a server that is full (53) or shutting down (57P), and of the system: no server, or no longer one. */
const lost = /^(08|53|57P)|^E(CONNREFUSED|CONNRESET|PIPE|NOENT|TIMEDOUT|NOTFOUND|HOSTUNREACH|AI_AGAIN)$/;

/** What pg says without a code. */
const lostInWords =
  /connection terminated|client has encountered a connection error|not queryable|query read timeout/iu;
const poolInWords = /timeout exceeded when trying to connect/iu;

/** Whether the connection can no longer be used. */
export const isLost = (error: unknown): boolean => {
  const code = codeOf(error);
  return code === '' ? lostInWords.test(messageOf(error)) : lost.test(code);
};

/** What a client is told about a database error: to try again, if that may help; otherwise the error itself. */
export const toldOf = (error: unknown): unknown => {
  const code = codeOf(error);
  if (code === deadlock)
    return new TryAgainError(409, 0, 'a deadlock, which the database resolved against this', error);
  if (code === serializationFailure) return new TryAgainError(409, 0, 'a conflict with another transaction', error);
  if (code === lockTimeout || code === queryCanceled) return new TryAgainError(503, 1, 'no lock in time', error);
  if (poolInWords.test(messageOf(error)))
    return new TryAgainError(503, 1, 'no free connection in the pool in time', error);
  return isLost(error)
    ? new TryAgainError(503, 1, `the database cannot be reached: ${messageOf(error)}`, error)
    : error;
};
