import { anySource } from './any-source.ts';

anySource(0.5);
