import type { Reader } from '../../../model/document.js';
import { markdown } from './markdown.js';
import { textDocuments } from './text.js';

/** The concept `prose`: sections of the documents about the project. */
export const proseReaders: readonly Reader[] = [markdown, ...textDocuments];
