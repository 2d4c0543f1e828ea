import type { Item, Reader } from '../../../model/document.js';
import { closing, findCalls } from '../syntax-text.js';
import { assigned } from '../syntax-value.js';
import { anyOrigin, codeFiles, corsItem, joinOrigins, noOrigin, originsOf } from './shared.js';
import { manualHeaders } from './node.js';

/** Members of a bound settings object and look-ups of the configuration are read by their name; the rest as in any language. */
function listOf(inner: string, count: number, code: string): typeof anyOrigin {
  const origins = originsOf(count > 1 ? `[${inner}]` : inner, code);
  if (origins.anyOrigin !== null || origins.env) return origins;
  const looked = /(?:\[|GetSection\s*\(|GetValue<[^>]*>\s*\()\s*"([\w:.]+)"/.exec(inner)?.[1];
  if (looked) return { ...origins, env: looked };
  const [, base = '', member = ''] = /^\s*(\w+)[!?]*\.(\w+)/.exec(inner) ?? [];
  const bound = /config|setting|option/i.test(base) || /GetSection|\.Get<|IOptions/.test(assigned(code, base)?.text ?? '');
  return base && bound ? { ...origins, env: member } : origins;
}

/** The member of a settings object that alone leads to a place: `if (settings.AllowAll) { ... }`; '' where nothing does. */
function switchedBy(chain: string, offset: number): string {
  for (const match of chain.slice(0, offset).matchAll(/\bif\s*\(\s*(\w+)[!?]*\.(\w+)\s*\)\s*\{/g))
    if (/config|setting|option/i.test(match[1]!) && closing(chain, match.index + match[0].length - 1) > offset) return match[2]!;
  return '';
}

/** ASP.NET Core: every policy chain (AddPolicy, AddDefaultPolicy, UseCors) that names origins. */
export const aspnet: Reader = {
  name: 'cors/aspnet',
  kind: 'cors',
  files: codeFiles('csharp'),
  keywords: ['AllowAnyOrigin', 'WithOrigins', 'SetIsOriginAllowed', 'Access-Control-Allow-Origin'],
  read(source) {
    const { code } = source;
    const items: Item[] = [];
    for (const call of findCalls(code, /\b(?:AddPolicy|AddDefaultPolicy|UseCors|new CorsPolicyBuilder)(?=\s*\()/g)) {
      const chain = call.name.startsWith('new') ? code.slice(call.offset, code.indexOf(';', call.offset)) : call.inner;
      const setters: [string, typeof anyOrigin][] = [];
      // What a setting switches on is whatever that setting says; the check looks at it.
      for (const set of chain.matchAll(/AllowAnyOrigin\s*\(\s*\)/g)) {
        const flag = switchedBy(chain, set.index);
        setters.push(['any', flag ? { ...noOrigin, anyOrigin: null, env: flag } : anyOrigin]);
      }
      for (const set of findCalls(chain, /\bSetIsOriginAllowed(?=\s*\()/g)) {
        const flag = switchedBy(chain, set.offset);
        if (flag) setters.push(['test', { ...noOrigin, anyOrigin: null, env: flag }]);
        else setters.push(['test', /=>\s*true\s*$/.test(set.inner) ? { ...anyOrigin, reflects: true } : { ...noOrigin, anyOrigin: null }]);
      }
      for (const set of findCalls(chain, /\bWithOrigins(?=\s*\()/g)) setters.push(['list', listOf(set.inner, set.arguments.length, code)]);
      if (!setters.length) continue;
      const at = call.offset + Math.max(0, code.slice(call.offset, call.end).search(/AllowAnyOrigin|SetIsOriginAllowed|WithOrigins/));
      const origins = setters.map(([, o]) => o).reduce(joinOrigins, noOrigin);
      items.push(corsItem(source, at, 'aspnet', origins, { credentials: /AllowCredentials\s*\(\s*\)/.test(chain) }));
    }
    return { items: [...items, ...manualHeaders(source, 'aspnet-headers')] };
  },
};
