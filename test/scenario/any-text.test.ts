import { anyText } from './any-text.ts';

anyText(0.5);
