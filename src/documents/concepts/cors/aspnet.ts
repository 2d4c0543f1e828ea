import type { Item, Reader } from '../../../model/document.js';
import { findCalls } from '../syntax-text.js';
import { anyOrigin, codeFiles, corsItem, joinOrigins, noOrigin, originsOf } from './shared.js';
import { manualHeaders } from './node.js';

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
      if (/AllowAnyOrigin\s*\(\s*\)/.test(chain)) setters.push(['any', anyOrigin]);
      for (const set of findCalls(chain, /\bSetIsOriginAllowed(?=\s*\()/g)) {
        setters.push(['test', /=>\s*true\s*$/.test(set.inner) ? { ...anyOrigin, reflects: true } : { ...noOrigin, anyOrigin: null }]);
      }
      for (const set of findCalls(chain, /\bWithOrigins(?=\s*\()/g))
        setters.push(['list', originsOf(set.arguments.length > 1 ? `[${set.inner}]` : set.inner, code)]);
      if (!setters.length) continue;
      const at = call.offset + Math.max(0, code.slice(call.offset, call.end).search(/AllowAnyOrigin|SetIsOriginAllowed|WithOrigins/));
      const origins = setters.map(([, o]) => o).reduce(joinOrigins, noOrigin);
      items.push(corsItem(source, at, 'aspnet', origins, { credentials: /AllowCredentials\s*\(\s*\)/.test(chain) }));
    }
    return { items: [...items, ...manualHeaders(source, 'aspnet-headers')] };
  },
};
