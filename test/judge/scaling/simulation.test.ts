import { simulations } from './simulation.ts';

simulations(200);
