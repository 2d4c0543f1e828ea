import type { Combiner, Reader } from '../model/document.js';
import { startsCombiners, startsReaders } from './concepts/starts/index.js';

/** Every reader, by format and concept. */
export const readers: readonly Reader[] = [...startsReaders];

/** What joins items of one concept across files. */
export const combiners: readonly Combiner[] = [...startsCombiners];
