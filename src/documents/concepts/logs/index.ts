import type { Reader } from '../../../model/document.js';
import { sinkReaders } from './sinks.js';
import { statements } from './statements.js';

/** `log-sinks` and `log-statements`. */
export const logReaders: readonly Reader[] = [...sinkReaders, statements];
