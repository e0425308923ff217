import { transferKinds } from './kinds/transfers.ts';
import { trials } from './trial.ts';

trials(transferKinds, 50_000);
