import { counters, stocks } from './kinds/amounts.ts';
import { trials } from './trial.ts';

trials([...counters, ...stocks], 50_000);
