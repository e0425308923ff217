import { registerTrials } from './register-trials.ts';

registerTrials(20);
