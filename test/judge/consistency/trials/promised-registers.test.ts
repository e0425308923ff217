import { promisedRegisterKinds } from './kinds/promised-registers.ts';
import { trials } from './trial.ts';

trials(promisedRegisterKinds, 320);
