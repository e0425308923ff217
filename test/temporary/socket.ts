import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { placeFor } from '../../src/store/postgres/own/place.ts';

/** Makes a folder whose path is short enough for a socket's, wherever the temporary folder is. Whoever asks deletes it. */
export const socketFolder = (): string => mkdtempSync(join(placeFor(tmpdir(), undefined), 'socket-'));
