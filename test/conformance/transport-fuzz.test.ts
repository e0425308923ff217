import { anyAnswers } from './transport-fuzz.ts';

anyAnswers({ answers: 100, parsings: 2000, limitMs: 8000 });
