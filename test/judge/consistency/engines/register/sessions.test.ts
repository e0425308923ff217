import { sessionTrials } from './sessions-trials.ts';

sessionTrials(1);
