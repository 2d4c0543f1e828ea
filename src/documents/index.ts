import type { Combiner, Reader } from '../model/document.js';
import { corsCombiner, corsReaders } from './concepts/cors/index.js';
import { startsCombiners, startsReaders } from './concepts/starts/index.js';

/** Every reader, by format and concept. */
export const readers: readonly Reader[] = [...startsReaders, ...corsReaders];

/** What joins items of one concept across files. */
export const combiners: readonly Combiner[] = [...startsCombiners, corsCombiner];
