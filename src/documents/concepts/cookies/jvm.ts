import type { Item, Reader } from '../../../model/document.js';
import { findCalls } from '../syntax-text.js';
import { carries, item, nameOf, off, type Options } from './shared.js';

/** How far the settings of a cookie stand behind its making. */
const reach = 1_500;

/** The value of a constant of the same file, or the name itself: COOKIE_NAME says little. */
function resolved(name: string, code: string): string {
  const constant = /^[\w.]+$/.test(name) ? (name.split('.').at(-1) ?? '') : '';
  if (constant === '') return name;
  return new RegExp(`\\b${constant}\\s*(?::\\s*String\\s*)?=\\s*"([^"\\n]{1,80})"`).exec(code)?.[1] ?? name;
}

const entry = (name: string, text: string | undefined) => (text === undefined ? [] : [[name, { text }] as const]);

/** `.httpOnly(true).secure(isProd).sameSite("Lax")` behind Spring's builder. */
function chained(chain: string): Options {
  const set = (name: string) => new RegExp(`\\.${name}\\(([^()]*(?:\\([^()]*\\))?[^()]*)\\)`).exec(chain)?.[1];
  return new Map([...entry('httpOnly', set('httpOnly')), ...entry('secure', set('secure')), ...entry('sameSite', set('sameSite'))]);
}

/** `cookie.setHttpOnly(true)` and `cookie.isHttpOnly = true` behind the making of `cookie`; none where it has no name. */
function assigned(variable: string, rest: string): Options {
  if (variable === '') return new Map();
  const set = (name: string) =>
    new RegExp(
      `\\b${variable}\\.(?:set${name}\\(([^()\\n]*(?:\\(\\))?)\\)|is${name}\\s*=\\s*([^\\n]{1,60})|${name.toLowerCase()}\\s*=\\s*([^\\n]{1,60}))`,
    ).exec(rest);
  const value = (name: string) =>
    set(name)
      ?.slice(1)
      .find((group) => group !== undefined);
  const site = new RegExp(`\\b${variable}\\.setAttribute\\(\\s*"SameSite"\\s*,\\s*([^()\\n]{1,60})\\)`, 'i').exec(rest)?.[1];
  return new Map([...entry('httpOnly', value('HttpOnly')), ...entry('secure', value('Secure')), ...entry('sameSite', site)]);
}

/** A cookie that ends at once deletes another. */
const ends = (chain: string, variable: string, rest: string): boolean =>
  /\.maxAge\(\s*(?:0\b|Duration\.ZERO)/.test(chain) ||
  (variable !== '' && new RegExp(`\\b${variable}\\.(?:setMaxAge\\(\\s*0\\s*\\)|maxAge\\s*=\\s*0\\b)`).test(rest));

/** Spring's ResponseCookie, and the Cookie of servlets, whose name is that of an identity. */
export const jvm: Reader = {
  name: 'cookies/jvm',
  kind: 'cookies',
  files: { languages: ['java', 'kotlin'], roles: ['product'] },
  keywords: ['ResponseCookie.from', 'Cookie('],
  read(source) {
    const { code } = source;
    const items: Item[] = [];
    for (const call of findCalls(code, /\bResponseCookie\.from(?:ClientResponse)?(?=\s*\()|(?<![.\w])Cookie(?=\s*\()/g)) {
      const name = resolved(nameOf(call.arguments[0]?.text), code);
      const value = call.arguments[1]?.text.trim() ?? '';
      const rest = code.slice(call.end, call.end + reach);
      const spring = call.name.startsWith('ResponseCookie');
      if (name === '' || !carries(name) || (!spring && call.arguments.length !== 2)) continue;
      const variable = /(\w+)\s*=\s*(?:new\s+)?$/.exec(code.slice(Math.max(0, call.offset - 80), call.offset))?.[1] ?? '';
      const chain = spring ? rest.split('.build()')[0]! : '';
      if (/^(?:null|"")$/.test(value) || ends(chain, variable, rest)) continue;
      items.push(item(source, call.offset, spring ? 'spring' : 'servlet', name, spring ? chained(chain) : assigned(variable, rest), off));
    }
    return { items };
  },
};
