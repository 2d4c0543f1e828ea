import type { Reader } from '../../../model/document.js';
import { manualHeaders } from './node.js';
import { codeFiles } from './shared.js';

/** Headers set by hand in Django, Flask and others: `response["Access-Control-Allow-Origin"] = "*"`, `response.headers.add(...)`. */
export const pythonHeaders: Reader = {
  name: 'cors/python-headers',
  kind: 'cors',
  files: codeFiles('python'),
  keywords: ['Access-Control-Allow-Origin'],
  read(source) {
    return { items: manualHeaders(source, 'header') };
  },
};
