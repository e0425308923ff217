import { anySource } from './any-source.ts';

anySource(1);
