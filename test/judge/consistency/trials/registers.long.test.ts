import { registers } from './kinds/registers.ts';
import { trials } from './trial.ts';

trials(registers, 50_000);
