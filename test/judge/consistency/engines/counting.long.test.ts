import { countingTrials } from './counting-trials.ts';

countingTrials(20);
