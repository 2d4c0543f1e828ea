import type { Item, Reader } from '../../../model/document.js';
import { closing, matchesOf } from '../syntax-text.js';
import { stringsIn } from '../syntax-value.js';
import { minimalRoutes } from './aspnet-minimal.js';
import { joinRoutes, marker, routeItem } from './shared.js';

/** ASP.NET Core controllers and minimal APIs; a fallback policy or a global filter is a marker. */
export const aspnet: Reader = {
  name: 'routes/aspnet',
  kind: 'routes',
  files: { languages: ['csharp'], roles: ['product'] },
  keywords: [
    '[Http',
    'MapGet',
    'MapPost',
    'MapPut',
    'MapDelete',
    'MapPatch',
    'MapHub',
    'MapIdentityApi',
    'MapGrpcService',
    'FallbackPolicy',
    'AuthorizeFilter',
    'MapControllers',
    'WebApplication',
    'UseEndpoints',
    'RouteBuilder',
    'RouteGroupBuilder',
    'ConventionBuilder',
    'AuthorizeAttribute',
  ],
  read(source) {
    const { code } = source;
    const items: Item[] = [];
    const fallback =
      /FallbackPolicy\s*=(?!\s*null)|SetFallbackPolicy\(|new AuthorizeFilter|MapControllers\(\)\s*\.RequireAuthorization/.exec(code);
    if (fallback) items.push(marker(source, fallback.index, 'default', { framework: 'aspnet', auth: true }));
    // An attribute of one's own that asks for an identity, by the name it is used under.
    for (const own of matchesOf(
      code,
      /\bclass\s+(\w+?)(?:Attribute)?\s*(?:\([^)]*\)\s*)?:\s*(?:(?:\w+\.)*AuthorizeAttribute\b|(?:Type|Service)FilterAttribute\b|[^{;]{0,100}\bI(?:Async)?AuthorizationFilter\b)/g,
      20,
    ))
      if (/Authoriz|Permission|Claim|Role|Scope|Login|Authenticat/.test(own[0]) && !/Noop|Anonymous/.test(own[1]!))
        items.push(marker(source, own.index, 'aspnet-guard', { name: own[1]! }));
    const plain = code.replace(/"[^"\n]*"/g, (quoted) => '"'.padEnd(quoted.length - 1) + '"');
    const classes = matchesOf(code, /\bclass\s+(\w+?)(Controller)?\b[^{;]{0,500}\{/g, 300);
    for (const match of matchesOf(
      code,
      /\[\s*(?:[\w]+(?:\([^)\]]*\))?\s*,\s*)*Http(Get|Post|Put|Patch|Delete|Head|Options)\b(?:\(([^)\]]*)\))?/g,
    )) {
      const owner = classes.filter((c) => c.index < match.index).pop();
      if (!owner) continue;
      const classHead = attributes(code, plain, owner.index);
      const around =
        attributes(code, plain, match.index) + code.slice(match.index, match.index + 600).split(/\b(?:public|private|internal)\b/)[0]!;
      const at = code.slice(match.index).search(/\bpublic\b/) + match.index;
      const open = code.indexOf('(', at);
      const close = open < 0 ? -1 : closing(code, open);
      const brace = close < 0 ? -1 : code.indexOf('{', close);
      const end = brace < 0 ? -1 : closing(code, brace);
      const parameters = close < 0 ? '' : code.slice(open + 1, close);
      const base = (/\[(?:[^\]]*,\s*)?Route\(\s*"([^"]*)"/.exec(classHead)?.[1] ?? '').replace(/\[controller\]/g, owner[1]!);
      const own = stringsIn(match[2] ?? '')[0] ?? /\[Route\(\s*"([^"]*)"/.exec(around)?.[1] ?? '';
      const name = /(\w+)\s*$/.exec(code.slice(at, open))?.[1] ?? '';
      // What no attribute places has its place by convention: {controller}/{action}, Index being the folder itself.
      const conventional = base === '' && own === '' && owner[2] !== undefined;
      const route = conventional
        ? joinRoutes(owner[1]!, name === 'Index' ? '' : name)
        : /^[~/]/.test(own)
          ? own.replace(/^~/, '')
          : joinRoutes(base, own).replace(/\[action\]/g, name);
      const auth = /AllowAnonymous/.test(around)
        ? false
        : /\[[^\]]*\bAuthorize\b/.test(around)
          ? true
          : /AllowAnonymous/.test(classHead)
            ? false
            : /\bAuthorize\b/.test(classHead)
              ? true
              : null;
      items.push(
        routeItem(source, match.index, 'aspnet', {
          method: match[1]!,
          route: route || '/',
          handler: `${owner[1]}.${name}`,
          auth,
          guards: auth === false ? [] : attributeNames(around + classHead),
          rateLimited: /EnableRateLimiting/.test(around + classHead) || null,
          validated: /\[ApiController\]/.test(classHead) || /ModelState\.IsValid/.test(code.slice(brace, end)) || null,
          responseSchema: /ProducesResponseType|ActionResult<|Task<(?!IActionResult)\w/.test(around + code.slice(at, open)) || null,
          upload: /IFormFile/.test(parameters),
          body: end < 0 ? '' : code.slice(brace, end + 1),
        }),
      );
    }
    items.push(...minimalRoutes(source));
    return { items };
  },
};

/** `[HasPermission(Edit), Route("a")]`: the names, of which some may be attributes of the repository's own. */
const attributeNames = (text: string): string[] => [
  ...new Set([...text.matchAll(/[[,]\s*([A-Z]\w*?)(?:Attribute)?\s*[(\],]/g)].map((m) => m[1]!)),
];

/** Attributes directly above a declaration; `plain` is the code without what strings hold, such as the braces of a route's template. */
function attributes(code: string, plain: string, offset: number): string {
  const from = Math.max(plain.lastIndexOf('}', offset), plain.lastIndexOf(';', offset), plain.lastIndexOf('{', offset));
  return code.slice(from + 1, offset);
}
