import { sharedLocks, sharedLocksLeft } from './shared-lock.ts';

sharedLocks(20_000);
sharedLocksLeft();
