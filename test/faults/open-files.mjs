// Loaded into the built command: a process that has 200 files open for its own ends.
import { openSync } from 'node:fs';
import { devNull } from 'node:os';

for (let file = 0; file < 200; file++) openSync(devNull, 'r');
