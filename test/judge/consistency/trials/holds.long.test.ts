import { holdKinds } from './kinds/holds.ts';
import { trials } from './trial.ts';

trials(holdKinds, 50_000);
