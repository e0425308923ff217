import { versionTrials } from './version-order-trials.ts';

versionTrials(20);
