import { setKinds } from './kinds/sets.ts';
import { trials } from './trial.ts';

trials(setKinds, 50_000);
