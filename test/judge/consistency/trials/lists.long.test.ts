import { issues } from './kinds/issues.ts';
import { logs } from './kinds/logs.ts';
import { trials } from './trial.ts';

trials([...issues, ...logs], 50_000);
