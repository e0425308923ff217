import { sharedLocks } from './shared-lock.ts';

sharedLocks(100_000);
