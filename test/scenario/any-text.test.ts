import { anyText } from './any-text.ts';

anyText(1);
