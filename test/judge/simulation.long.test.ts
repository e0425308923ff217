import { simulations } from './simulation.ts';

simulations(2000, { missed: 0.065, failed: 0.015 });
