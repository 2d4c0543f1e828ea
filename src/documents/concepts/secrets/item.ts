import type { Item } from '../../../model/document.js';
import type { Variant } from '../../../model/file.js';
import type { Source } from '../../../model/source.js';
import { entropy } from '../../../safe/redact.js';

/** One credential in the concept's shape. `value` never leaves this function: its prefix (if known) and its entropy do. */
export function secretItem(
  source: Source,
  offset: number,
  rule: string,
  value: string,
  known: { name?: string; prefix?: string; placeholder?: boolean; variant?: Variant } = {},
): Item {
  return {
    path: source.path,
    line: source.at(offset).line,
    rule,
    excerpt: `${known.prefix ?? ''}***`,
    name: known.name ?? '',
    placeholder: known.placeholder ?? false,
    entropy: Math.round(entropy(value) * 100) / 100,
    role: source.file.role,
    variant: known.variant ?? source.file.variant,
  };
}
