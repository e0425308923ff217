import { queueKinds } from './kinds/queues.ts';
import { trials } from './trial.ts';

trials(queueKinds, 320);
