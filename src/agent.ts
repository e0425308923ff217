/** The machines of a run: what `contend agent` lends, and what a run needs to ask for them. */
export { allowedHosts, type Consent } from './measure/runner/cluster/agent/consent.ts';
export { lend } from './measure/runner/cluster/agent/lend.ts';
export { clusterKeyFrom, newKey } from './measure/runner/cluster/link/seal.ts';
