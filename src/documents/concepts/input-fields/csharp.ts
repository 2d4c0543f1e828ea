import type { Item, Reader } from '../../../model/document.js';
import { closing, findCalls } from '../syntax-text.js';
import { field, typed } from './shared.js';

const request = /^\w*(?:Request|RequestModel|Dto|DTO|InputModel|Input|FormModel)$/;
const notRequest = /Response|Login|Handler|Validator|Http/;
const elsewhere = /(?:^|\/)(?:\w*Client\w*|Mobile\w*|Maui\w*|\w*\.?Infrastructure|\w*\.?Domain)\//;
const bound = /MaxLength|StringLength|EmailAddress|Url|RegularExpression|EncryptedStringLength|Length\(|EnumDataType/;

/**
 * C#: string properties of request classes with data annotations. A class is one by its name, or because a handler of a minimal
 * API or an action takes it as its body; the latter two may stand in different files, and the combiner joins them.
 */
export const csharp: Reader = {
  name: 'input-fields/csharp',
  kind: 'input-fields',
  files: { languages: ['csharp'], roles: ['product'] },
  keywords: ['Request', 'Dto', 'DTO', 'InputModel', 'ViewModel', '[Required', 'MapPost', 'MapPut', 'MapPatch', '[FromBody'],
  read(source) {
    const { code } = source;
    const items: Item[] = bodies(code).map((model) => ({ ...field(source, 0, 'data-annotations', model, '', false), marker: 'body' }));
    if (elsewhere.test(source.path)) return { items };
    const annotated = code.includes('[Required');
    for (const m of code.matchAll(/\b(?:class|record(?:\s+struct)?)\s+(\w+)\b(?!Handler)/g)) {
      const named = request.test(m[1]!);
      if (notRequest.test(m[1]!) || (!named && !annotated)) continue;
      const open = code.slice(m.index).search(/[({]/);
      if (open < 0) continue;
      const from = m.index + open;
      const end = closing(code, from);
      const body = code.slice(from, end < 0 ? from + 4000 : end);
      for (const f of body.matchAll(/((?:\[[^\]\n]*\]\s*)*)(?:(?:public|required|virtual)\s+)*string\??\s+(\w+)\s*(?=[{,)]|$)/g)) {
        if (typed.test(f[2]!) || (!named && /^(?:Email|Password)$/.test(f[2]!))) continue;
        const item = field(source, from + f.index + f[0].search(/\S/), 'data-annotations', m[1]!, f[2]!, bound.test(f[1]!));
        items.push(named ? item : { ...item, marker: 'class' });
      }
    }
    return { items };
  },
};

/** The types that handlers of POST, PUT and PATCH take: explicit parameters of lambdas, and what `[FromBody]` stands before. */
function bodies(code: string): string[] {
  const found = new Set<string>();
  for (const call of findCalls(code, /\.Map(?:Post|Put|Patch)(?=\s*\()/g)) {
    const parameters = /\(([^()]{1,500})\)\s*=>/.exec(call.arguments[1]?.text ?? '')?.[1] ?? '';
    for (const m of parameters.matchAll(/(?:^|,)\s*(?:\[[^\]]*\]\s*)?([A-Z]\w*)\??\s+\w+/g)) found.add(m[1]!);
  }
  for (const m of code.matchAll(/\[FromBody\]\s*([A-Z]\w*)\b/g)) found.add(m[1]!);
  return [...found];
}

/** Without the markers: classes that no handler takes are left out. */
export function takenAsBody(items: readonly Item[]): Item[] {
  const marked = (item: Item) => (item as Item & { marker?: string }).marker;
  const taken = new Set(items.filter((i) => marked(i) === 'body').map((i) => i.model));
  return items.flatMap((item) => {
    const kind = marked(item);
    if (!kind) return [item];
    if (kind === 'body' || !taken.has(item.model)) return [];
    const { marker: _marker, ...rest } = item as Item & { marker?: string };
    return [rest as Item];
  });
}
