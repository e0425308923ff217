import { versions } from './kinds/versions.ts';
import { trials } from './trial.ts';

trials(versions, 50_000);
