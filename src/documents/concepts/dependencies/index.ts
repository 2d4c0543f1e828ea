import type { Reader } from '../../../model/document.js';
import { jvm } from './jvm.js';
import { managedVersionReaders } from './managed-versions.js';
import { npm } from './npm.js';
import { others } from './others.js';
import { python } from './python.js';

/** Declared and locked packages of every ecosystem. */
export const dependencyReaders: readonly Reader[] = [...npm, ...python, ...jvm, ...others, ...managedVersionReaders];
export { managedDependencies } from './managed-versions.js';
