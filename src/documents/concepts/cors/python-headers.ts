import type { Reader } from '../../../model/document.js';
import { ownerAt } from './django-middleware.js';
import { manualHeaders } from './node.js';
import { codeFiles } from './shared.js';

/** Headers set by hand in Django, Flask and others: `response["Access-Control-Allow-Origin"] = "*"`, `response.headers.add(...)`. */
export const pythonHeaders: Reader = {
  name: 'cors/python-headers',
  kind: 'cors',
  files: codeFiles('python'),
  keywords: ['Access-Control-Allow-Origin'],
  read(source) {
    const offsets = [0, ...[...source.code.matchAll(/\n/g)].map((m) => m.index + 1)];
    const items = manualHeaders(source, 'header');
    return { items: items.map((item) => ({ ...item, owner: ownerAt(source.path, source.code, offsets[item.line - 1] ?? 0) })) };
  },
};
