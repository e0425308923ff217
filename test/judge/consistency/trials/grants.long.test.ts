import { grantKinds } from './kinds/grants.ts';
import { trials } from './trial.ts';

trials(grantKinds, 50_000);
