import type { Item, Reader } from '../../../model/document.js';
import { findCalls } from '../syntax-text.js';
import { anyOrigin, codeFiles, corsItem, flagOf, joinOrigins, methodsOf, noOrigin, originsOf } from './shared.js';
import { assigned, expressionEnd } from '../syntax-value.js';
import { manualHeaders } from './node.js';

/** rs/cors, go-chi/cors, gin-contrib/cors, Echo, Fiber, gorilla/handlers, and headers set by hand. */
export const go: Reader = {
  name: 'cors/go',
  kind: 'cors',
  files: codeFiles('go'),
  keywords: ['/cors"', 'middleware.CORS', 'handlers.CORS', 'Access-Control-Allow-Origin'],
  read(source) {
    const { code } = source;
    const items: Item[] = [];
    for (const call of findCalls(
      code,
      /\b(?:cors|rscors|chicors)\.(?:AllowAll|Default|New)(?=\s*\(\s*\))|\bmiddleware\.CORS(?=\s*\(\s*\))|\bcors\.Handler(?=\s*\(\s*cors\.AllowAll\s*\))/g,
    )) {
      items.push(corsItem(source, call.offset, 'go-cors', anyOrigin));
    }
    for (const literal of findCalls(
      code,
      /\b(?:\w*cors\w*\.(?:Options|Config)|(?:middleware|echoMiddleware)\.CORSConfig)(?=\s*\{)/gi,
      '{',
    )) {
      const options = new Map(literal.arguments.map((a) => [a.name, a.text]));
      items.push(config(options, literal.name, literal.offset));
    }
    // gin: config := cors.DefaultConfig(); config.AllowOrigins = ...
    for (const match of code.matchAll(/(\w+)\s*:?=\s*cors\.DefaultConfig\(\)/g)) {
      const options = new Map<string, string>();
      for (const set of code.matchAll(new RegExp(`\\b${match[1]}\\.(\\w+)\\s*=\\s*`, 'g'))) {
        const start = set.index + set[0].length;
        options.set(set[1]!, code.slice(start, expressionEnd(code, start)).trim());
      }
      items.push(config(options, 'cors.Config', match.index));
    }
    for (const call of findCalls(code, /\bhandlers\.CORS(?=\s*\()/g)) {
      const inner = call.inner.replace(/\b(\w+)\b/g, (word) =>
        /^handlers|AllowedOrigins$/.test(word) ? word : (gorilla(assigned(code, word)?.text) ?? word),
      );
      const origins = findCalls(inner, /\bAllowedOrigins(?=\s*\()/g)[0];
      const value = origins
        ? originsOf(origins.inner, code)
        : /AllowedOriginValidator/.test(inner)
          ? { ...noOrigin, anyOrigin: null }
          : anyOrigin;
      items.push(corsItem(source, call.offset, 'gorilla-handlers', value, { credentials: /AllowCredentials\(\)/.test(inner) }));
    }
    return { items: [...items, ...manualHeaders(source, 'go-headers')] };

    function gorilla(text: string | undefined): string | null {
      return text?.startsWith('handlers.') ? text : null;
    }

    function config(options: ReadonlyMap<string, string>, name: string, offset: number): Item {
      const listed = options.get('AllowedOrigins') ?? options.get('AllowOrigins');
      const all = flagOf(options.get('AllowAllOrigins'), code);
      const test =
        options.get('AllowOriginFunc') ??
        options.get('AllowOriginRequestFunc') ??
        options.get('AllowOriginWithContextFunc') ??
        options.get('AllowOriginVaryRequestFunc');
      const isGin = options.has('AllowAllOrigins') || /\bgin\b/.test(code);
      let origins = listed !== undefined ? originsOf(listed, code) : test || isGin ? noOrigin : anyOrigin;
      if (all) origins = anyOrigin;
      if (test) origins = joinOrigins(origins, originsOf(test, code));
      return corsItem(source, offset, name.startsWith('cors') ? 'go-cors' : 'echo', origins, {
        credentials: flagOf(options.get('AllowCredentials'), code),
        methods: methodsOf(options.get('AllowedMethods') ?? options.get('AllowMethods'), code),
      });
    }
  },
};
