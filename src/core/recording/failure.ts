/**
 * Why a request or an iteration failed.
 *
 * `connect` … `generator` come from the transport; `check`: an answer that was not expected; `capture`: a value that
 * was not there or could not be used; `lock`: no lock in time; `redis`: the server that keeps the
 * leases could not be asked; `gave-up`: conflicts beyond the allowed retries.
 */
export type FailureClass =
  | 'connect'
  | 'timeout'
  | 'reset'
  | 'protocol'
  | 'tls'
  | 'dns'
  | 'aborted'
  | 'generator'
  | 'check'
  | 'capture'
  | 'lock'
  | 'redis'
  | 'gave-up';
