export { makePlan, vetPatterns, type Plan, type PlanInput, type Vetted } from './plan.js';
export { scan, type ScanOptions } from './scan.js';
export { compileSelector } from './selector.js';
export { blankComments } from './comments.js';
export { sourceOf } from './source.js';
export { hasGrammar, parse } from './syntax.js';
