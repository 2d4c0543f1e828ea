import type { FileInfo } from '../../src/model/file.js';
import type { Source } from '../../src/model/source.js';
import { sourceOf as scanned } from '../../src/scan/source.js';
import { classify } from '../../src/target/classify.js';

/** A `Source` for readers' tests from a path and its text, classified and read as the pass does; `file` overrides the classification. */
export function sourceOf(path: string, text: string, file: Partial<FileInfo> = {}): Source {
  const [info] = classify([{ path, size: Buffer.byteLength(text) }]);
  return scanned({ ...info!, ...file }, text);
}
