import { counterTrials } from './counter-trials.ts';

counterTrials(20);
