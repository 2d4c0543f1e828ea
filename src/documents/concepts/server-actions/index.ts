import type { ConceptItem } from '../../../model/concepts.js';
import type { Item, Reader } from '../../../model/document.js';
import { asksForSession } from '../routes/next.js';
import { closing, skipToken } from '../syntax-text.js';

type Action = Omit<ConceptItem<'server-actions'>, 'path' | 'line'>;

const directive = /["']use server["']/;
const writing =
  /(?<!\b(?:cookies\(\)\)?|cookieStore|[pP]arams|[hH]eaders|[fF]ormData|Object|map|set|cache))\.(?:create|createMany|insert|insertOne|insertMany|update|updateOne|updateMany|upsert|delete|deleteOne|deleteMany|findByIdAndUpdate|findByIdAndDelete|save|destroy)\s*\(|\b(?:redis|kv|valkey)\w*\s*\.(?:set|setex|hset|hdel|del|lpush|rpush|sadd|srem|zadd|incr|decr)\s*\(|`\s*(?:insert into|update \w+ set|delete from)\b/i;
/** Helpers and wrappers named after what they ask for: `requireUser()`, `validatedActionWithUser(schema, ...)`, `authAction.schema(...)`. */
const asking =
  /\b(?:require|ensure|assert|enforce|with)\w*(?:Auth|User|Session|Admin|Permission|Login|LoggedIn|Access|Owner|Role|Account|Member|Team)\w*\s*\(|\b(?:get|check|verify|validate|is)\w*(?:Auth|Session|Admin|Permission|LoggedIn|Access|Owner|Role)\w*\s*\(|\b\w*[aA]ction\w*With(?:User|Auth|Session|Team)\w*\s*\(|\b(?:auth(?:enticated|ed)?|protected|admin|user)\w*(?:Action|Procedure|Client)\w*\b/;
const schema = /\.(?:safeParse|parse|parseAsync|safeParseAsync|validate|validateSync)\(|\.(?:schema|inputSchema|input)\(|\w*[sS]chema\s*,/;

/** Where the function or constant that is declared at `from` ends. */
function endOf(code: string, from: number, isFunction: boolean): number {
  for (let i = from; i < code.length;) {
    const char = code[i]!;
    if (char === '{' || char === '(' || char === '[') {
      const end = closing(code, i);
      if (end < 0) return code.length;
      // A brace in the place of a type is not the body: `): Promise<{ ok: true }> {`.
      if (isFunction && char === '{' && !/[:|&<,]$/.test(code.slice(from, i).trimEnd())) return end + 1;
      i = end + 1;
    } else if (!isFunction && (char === ';' || (char === '\n' && /^(?:\s*\n|export|const|let|function|async|type|interface)/.test(code.slice(i + 1, i + 40)))))
      return i;
    else i = skipToken(code, i);
  }
  return code.length;
}

function describe(name: string, body: string, asks: (body: string) => boolean): Action {
  const reads = /\b\w*(?:formData|data|form|fd)\.(?:get|getAll|entries)\(/i.test(body);
  return {
    name,
    writes: writing.test(body),
    auth: asks(body) || asking.test(body) ? true : null,
    // Fields that nothing looks at before they are used; what is handed on or refused by conditions cannot be told.
    validated: schema.test(body) ? true : reads && !/\bif\s*\(|validat|schema|typeof|instanceof|\?\s/.test(body) ? false : null,
    body: body.slice(0, 2_000),
  };
}

/** Server Actions of React: exports of a module, or functions, that begin with "use server". Each can be called by a POST of anybody. */
const actions: Reader = {
  name: 'server-actions/react',
  kind: 'server-actions',
  files: { languages: ['javascript', 'typescript', 'tsx'], roles: ['product'] },
  keywords: ['use server'],
  read(source) {
    const { code, path } = source;
    const asks = asksForSession(code);
    const wholeModule = /^\s*["']use server["']/.test(code);
    const items: Item[] = [];
    const declared = wholeModule
      ? /^export\s+(?:default\s+)?(?:(async\s+function)\s*(\w+)|const\s+(\w+)\s*(?::[^=\n]+)?=)/gm
      : /\b(?:(async\s+function)\s*(\w+)|const\s+(\w+)\s*=\s*async)\b/g;
    for (const match of code.matchAll(declared)) {
      if (items.length >= 200) break;
      const name = match[2] ?? match[3] ?? '';
      const body = code.slice(match.index, endOf(code, match.index + match[0].length, match[1] !== undefined));
      if (!wholeModule && !directive.test(body.slice(0, 400))) continue;
      if (match[3] !== undefined && !/\basync\b|\(/.test(body)) continue;
      items.push({ path, line: source.at(match.index).line, ...describe(name, body, asks) });
    }
    return { items };
  },
};

export const serverActionReaders: readonly Reader[] = [actions];
