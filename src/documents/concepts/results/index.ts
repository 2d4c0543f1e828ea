import type { Reader } from '../../../model/document.js';
import { cobertura, istanbul, jacoco, lcov } from './coverage.js';
import { loadCsv, loadJson } from './load.js';
import { junit, sarif } from './tests.js';

export const resultsReaders: readonly Reader[] = [junit, sarif, cobertura, jacoco, lcov, istanbul, loadJson, loadCsv];
