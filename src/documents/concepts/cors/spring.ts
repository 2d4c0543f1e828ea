import type { Item, Reader } from '../../../model/document.js';
import { argument, findCalls, firstCall } from '../syntax-text.js';
import { anyOrigin, codeFiles, corsItem, flagOf, joinOrigins, noOrigin, originsOf } from './shared.js';
import { manualHeaders } from './node.js';

/** Spring: @CrossOrigin, CorsRegistry.addMapping chains, CorsConfiguration setters; headers set by filters. */
export const spring: Reader = {
  name: 'cors/spring',
  kind: 'cors',
  files: codeFiles('java', 'kotlin'),
  keywords: ['CrossOrigin', 'CorsRegistry', 'CorsConfiguration', 'Access-Control-Allow-Origin'],
  read(source) {
    const { code } = source;
    const items: Item[] = [];
    for (const match of code.matchAll(/@CrossOrigin\b(\s*\()?/g)) {
      const call = match[1] ? firstCall(code, /@CrossOrigin(?=\s*\()/g, match.index, 2_000) : undefined;
      const named = (name: string) => call && argument(call.arguments, name)?.text;
      const origins = named('origins') ?? named('value') ?? named('originPatterns') ?? call?.arguments.find((a) => !a.name)?.text;
      items.push(
        corsItem(source, match.index, 'spring', origins === undefined ? anyOrigin : originsOf(origins, code), {
          credentials: flagOf(named('allowCredentials'), code) || /^["']true/.test(named('allowCredentials') ?? ''),
        }),
      );
    }
    // A mapping chain ends with its statement; without allowedOrigins it permits any origin.
    for (const call of findCalls(code, /\.addMapping(?=\s*\()/g)) {
      const chain = statement(code, call.offset);
      items.push(fromChain(chain, call.offset, /applyPermitDefaultValues/.test(chain) || !/allowedOrigin/.test(chain)));
    }
    for (const match of code.matchAll(/(?:new\s+CorsConfiguration|=\s*CorsConfiguration)\s*\(\s*\)/g)) {
      const owner = body(code, match.index);
      items.push(fromChain(owner, match.index, /applyPermitDefaultValues/.test(owner)));
    }
    return { items: [...items, ...manualHeaders(source, 'spring-headers')] };

    function fromChain(text: string, offset: number, open: boolean): Item {
      let origins = open ? anyOrigin : noOrigin;
      const setters = [
        ...findCalls(
          text,
          /\b(?:allowedOrigins|allowedOriginPatterns|setAllowedOrigins|setAllowedOriginPatterns|addAllowedOrigin|addAllowedOriginPattern)(?=\s*\()/g,
        ).map((c) => c.inner),
        ...[...text.matchAll(/\ballowedOrigin(?:Pattern)?s\s*=\s*([^\n]+)/g)].map((m) => m[1]!),
      ];
      if (setters.length)
        origins = setters
          .map((inner) => originsOf(/^[^(["]*["][^,]*,/.test(inner) ? `[${inner}]` : inner, code))
          .reduce(joinOrigins, noOrigin);
      const credentials = /(?:allowCredentials|setAllowCredentials)\(\s*(?:true|Boolean\.TRUE)\s*\)|\ballowCredentials\s*=\s*true/.test(
        text,
      );
      return corsItem(source, offset, 'spring', origins, { credentials });
    }
  },
};

function statement(code: string, offset: number): string {
  const end = code.indexOf(';', offset);
  const next = code.indexOf('.addMapping', offset + 5);
  const stops = [end, next].filter((n) => n > 0);
  return code.slice(offset, stops.length ? Math.min(...stops) : offset + 2000);
}

/** The rest of the function in which an object is configured: until its block ends. */
function body(code: string, offset: number): string {
  const rest = code.slice(offset, offset + 4000);
  const end = /\n\s{0,4}\}/.exec(rest);
  const another = rest.slice(20).search(/(?:new\s+|=\s*)CorsConfiguration\s*\(/);
  return rest.slice(0, Math.min(end ? end.index : rest.length, another > 0 ? another + 20 : rest.length));
}
