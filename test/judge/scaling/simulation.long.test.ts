import { simulations } from './simulation.ts';

simulations(1000);
