import { anyAnswers } from './transport-fuzz.ts';

anyAnswers({ answers: 5000, parsings: 100_000, limitMs: 60_000 });
