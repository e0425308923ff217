import type { Micros } from '../units.ts';

/** A pause inside an iteration, drawn evenly between the two: part of its response time, and of the hold of a lock around it. */
export interface ThinkStep {
  readonly kind: 'think';
  readonly us: readonly [least: Micros, most: Micros];
}

/** Steps that run several times. */
export interface RepeatStep<Inner> {
  readonly kind: 'repeat';
  /** How often; or a template that gives a whole number when the step is reached. */
  readonly times: number | string;
  readonly steps: readonly Inner[];
}

/** Steps for when a condition holds, and others for when it does not. */
export interface IfStep<Inner> {
  readonly kind: 'if';
  /** A template of one expression. */
  readonly test: string;
  readonly yes: readonly Inner[];
  readonly no: readonly Inner[];
}

/** One of several lists of steps, drawn by weight from the seed and the iteration's number. */
export interface ChooseStep<Inner> {
  readonly kind: 'choose';
  readonly branches: readonly { readonly weight: number; readonly steps: readonly Inner[] }[];
}

/** Steps under a name; the time of each pass through all of them is recorded. */
export interface GroupStep<Inner> {
  readonly kind: 'group';
  readonly name: string;
  /** Its steps are requests, sent at the same moment. */
  readonly parallel?: true;
  readonly steps: readonly Inner[];
}

/** The most times that steps are repeated: a number from an answer that is beyond it fails the iteration. */
export const mostTimes = 1_000_000;
