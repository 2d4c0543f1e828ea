/**
 * Flags of V8 for the built command line. A regular expression that has gone back a hundred million times, some two seconds, goes on
 * in V8's engine of linear time, which gives the same match: no file can hold an audit up for ever, whatever was overlooked in an
 * expression. Not earlier, since that engine takes much memory on long texts. It knows no lookarounds and no backreferences; none of
 * our expressions is exponential without it (test/safe/own-expressions.test.ts).
 */
export const boundedExpressions = [
  '--enable-experimental-regexp-engine-on-excessive-backtracks',
  '--regexp-backtracks-before-fallback=100000000',
] as const;
