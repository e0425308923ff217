import { onceKinds } from './kinds/once.ts';
import { trials } from './trial.ts';

trials(onceKinds, 320);
