import { anySource } from './any-source.ts';

anySource(20);
