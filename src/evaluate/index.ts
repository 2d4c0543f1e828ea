export { buildReport, categoryOrder, type ReportParts } from './build-report.js';
export { applyExceptions } from './exceptions.js';
export { evaluateCheck } from './outcome.js';
export { rollUp, withRollUps } from './rollup.js';
export { computeScore } from './score.js';
export { evaluateTree } from './tree.js';
export { decideVerdict, exitCodeOf } from './verdict.js';
