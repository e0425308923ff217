import { sharedLocks, sharedLocksLeft } from './shared-lock.ts';

sharedLocks(6000);
sharedLocksLeft();
