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
  /\b(?:require|ensure|assert|enforce|with)\w{0,60}(?:Auth|User|Session|Admin|Permission|Login|LoggedIn|Access|Owner|Role|Account|Member|Team)\w{0,60}\s*\(|\b(?:get|check|verify|validate|is)\w{0,60}(?:Auth|Session|Admin|Permission|LoggedIn|Access|Owner|Role)\w{0,60}\s*\(|\b\w{0,60}[aA]ction\w{0,60}With(?:User|Auth|Session|Team)\w{0,60}\s*\(|\b(?:auth(?:enticated|ed)?|protected|admin|user)\w{0,60}(?:Action|Procedure)\w{0,60}\b/;
const schema = /\.(?:safeParse|parse|parseAsync|safeParseAsync|validate|validateSync)\(|\.(?:schema|inputSchema|input)\(|\w*[sS]chema\s*,/;

/** Longer actions, and more of them in one file, are not looked at: no real module has them. */
const actionChars = 20_000;
const perFile = 500;

/** Where the function or constant that is declared at `from` ends. */
function endOf(code: string, from: number, isFunction: boolean): number {
  const last = Math.min(code.length, from + actionChars);
  for (let i = from; i < last;) {
    const char = code[i]!;
    if (char === '{' || char === '(' || char === '[') {
      const end = closing(code, i);
      if (end < 0) return last;
      // A brace in the place of a type is not the body: `): Promise<{ ok: true }> {`.
      if (isFunction && char === '{' && !/[:|&<,]$/.test(code.slice(Math.max(from, i - 20), i).trimEnd())) return end + 1;
      i = end + 1;
    } else if (
      !isFunction &&
      (char === ';' || (char === '\n' && /^(?:\s*\n|export|const|let|function|async|type|interface)/.test(code.slice(i + 1, i + 40))))
    )
      return i;
    else i = skipToken(code, i);
  }
  return last;
}

function describe(name: string, body: string, asks: (body: string) => boolean): Action {
  const reads = /\b\w*(?:formData|data|form|fd)\.(?:get|getAll|entries)\(/i.test(body);
  return {
    name,
    writes: writing.test(body),
    // Its own name, which may speak of users too, asks for nobody.
    auth: asks(body) || asking.test(body.replace(name, '')) ? true : null,
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
    let seen = 0;
    for (const match of code.matchAll(declared)) {
      if (++seen > perFile) break;
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
