import type { Item, Reader } from '../../../model/document.js';
import { closing } from '../syntax-text.js';
import { field, notInput, typed } from './shared.js';

/** What a handler takes: `Json(body): Json<NewItem>`, `form: web::Form<Wrapper<NewItem>>`. */
const taken = /:\s*(?:\w+::)*(?:Valid(?:ated)?<\s*)?(?:\w+::)*(?:Valid(?:ated)?)?(?:Json|Form|JsonForm)<([\w<>:,\s]{1,200}?)>+\s*[,)]/g;
const named = /^(?:New|Create|Update|Add|Edit|Insert|Patch|Register|SignUp)[A-Z]|(?:Request|Req|Input|Form|Dto|DTO)$/;
const bound =
  /\b(?:length|char_length|byte_length|graphemes)\s*\([^)\n]*\b(?:max|equal)\s*=|\bmax_length\b|\b(?:email|url|ip|uuid)\b|\blen_char_max\b/;

/** Rust: structs that serde reads from a body, bounded by validator, garde or nutype. A type of its own is no free text. */
export const rust: Reader = {
  name: 'input-fields/rust',
  kind: 'input-fields',
  files: { languages: ['rust'], roles: ['product'] },
  keywords: ['Deserialize'],
  read(source) {
    const { code } = source;
    const items: Item[] = [];
    const bodies = new Set([...code.matchAll(taken)].flatMap((m) => m[1]!.match(/[A-Z]\w*/g) ?? []));
    for (const m of code.matchAll(/#\[derive\(([^)]*\bDeserialize\b[^)]*)\)\]([^{};]{0,600}?)\bstruct\s+(\w+)[^{};]{0,80}\{/g)) {
      const name = m[3]!;
      if ((!bodies.has(name) && !named.test(name)) || /Query|Params/.test(name) || (notInput.test(name) && !name.endsWith('Payload')))
        continue;
      if (/Login|SignIn/.test(name)) continue;
      const from = m.index + m[0].length - 1;
      const end = closing(code, from);
      const body = code.slice(from + 1, end < 0 ? from + 4_000 : end);
      for (const f of body.matchAll(
        /((?:#\[(?:[^\n[\]]|\[[^\n[\]]*\])*\]\s*)*)(?:pub(?:\([^)\n]*\))?\s+)?(\w+)\s*:\s*(?:Option<\s*)?(?:String|Cow<[^>\n]*str>|&'\w+ str)\s*>?\s*(?:,|$)/g,
      ))
        if (!typed.test(f[2]!))
          items.push(field(source, from + 1 + f.index + f[0].indexOf(f[2]!), 'serde', name, f[2]!, bound.test(f[1]!)));
    }
    return { items };
  },
};
