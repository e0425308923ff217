import type { Redis } from 'ioredis';
import type { Host } from '../../../../core/host.ts';
import type { Connections } from '../link/connections.ts';
import type { Channels } from '../link/line.ts';
import type { Packages } from '../link/packages.ts';
import type { ClusterKey } from '../link/seal.ts';
import type { Consent } from './consent.ts';

/** What an agent lends, and what it works with. */
export interface Lending {
  readonly host: Pick<
    Host,
    | 'clock'
    | 'epochNs'
    | 'name'
    | 'network'
    | 'machine'
    | 'tool'
    | 'makeTemporaryFolder'
    | 'openFile'
    | 'readBytes'
    | 'removeFile'
    | 'wallClockMs'
    | 'cpuUs'
    | 'processCpuUs'
    | 'openFilesLimit'
  >;
  readonly packages: Packages;
  readonly connections: Connections;
  readonly key: ClusterKey;
  readonly consent: Consent;
  /** The number of threads. */
  readonly threads: number;
  /** Reports what happens to the lent machine to its owner, a line at a time. */
  readonly say: (line: string) => void;
}

/** What a session needs in addition. */
export interface SessionParts extends Lending {
  readonly redis: Redis;
  readonly channels: Channels;
  /** Aborted when the agent is ended. */
  readonly signal: AbortSignal;
}
