import type { Place } from './file.js';

export type Answer = 'yes' | 'no' | 'unknown';

/** The evidence ladder: how strong a yes is. */
export type Rung = 'present' | 'configured' | 'enforced' | 'observed';

/** One fact that a verdict rests on. `answer` is the leaf's own answer; a place or what was looked for is always given. */
export interface Evidence {
  readonly probe: string;
  readonly answer: Answer;
  /** A `no` at a place, or a `yes` under `none`, is a violation that was seen; otherwise something is missing. */
  readonly violation: boolean;
  readonly location?: Place;
  /** The live endpoint that it was seen at, without credentials: `https://app.example.org/health`. */
  readonly where?: string;
  readonly excerpt?: string;
  /** The lines of code from there to the end of the statement, secrets masked; for failures only. */
  readonly frame?: { line: number; lines: string[] };
  readonly message: string;
  readonly rung?: Rung;
  /** Why somebody accepted this place; set when exceptions are applied. */
  readonly waived?: string;
}

/** A probe's judgement of one leaf. `held`/`total` count items where the leaf judges many (the share earned in the score). */
export interface Judgement {
  readonly answer: Answer | 'not-applicable';
  readonly evidence: readonly Evidence[];
  readonly held?: number;
  readonly total?: number;
}
