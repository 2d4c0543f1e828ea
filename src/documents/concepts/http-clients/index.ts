import type { Reader } from '../../../model/document.js';
import { go } from './go.js';
import { jvm } from './jvm.js';
import { node } from './node.js';
import { csharp, php, ruby, switches } from './others.js';
import { python } from './python.js';
import { rust } from './rust.js';

export const httpClientsReaders: readonly Reader[] = [python, node, go, jvm, ruby, php, csharp, rust, switches];
