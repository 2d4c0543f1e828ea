import type { Item } from '../../../model/document.js';
import type { Source } from '../../../model/source.js';
import { marker, markersOf } from './shared.js';

const configuration = /SecurityFilterChain|WebSecurityConfigurerAdapter|SecurityWebFilterChain/;
const interceptor =
  /HandlerInterceptorAdapter|implements\s+(?:HandlerInterceptor|ContainerRequestFilter)|(?:extends|:)\s+(?:OncePerRequestFilter|GenericFilterBean)/;
/** What a configuration asks of some request; a filter of its own may ask anything. */
const asks = /\bauthenticated\b|\bfullyAuthenticated\b|\bhas(?:Any)?(?:Role|Authority)|\bdenyAll\b|\.access\(|\boauth2\w+|\baddFilter/;

/** Whatever may guard routes of the JVM by their paths: configurations of Spring Security, filters, and which paths a filter is registered for. */
export function guardMarkers(source: Source): Item[] {
  const { code } = source;
  const items: Item[] = [];
  const config = configuration.exec(code);
  const letsAllIn = /\.anyRequest\(\)\s*\.permitAll\(\)/.test(code) && !asks.test(code);
  if (config && !letsAllIn) items.push(marker(source, config.index, 'security', { framework: 'jvm', filter: '' }));
  const filter = interceptor.exec(code);
  if (filter) {
    // A component is registered for every path by itself.
    const name = /@Component\b/.test(code) ? '' : (/\bclass\s+(\w+)[^{]*$/.exec(code.slice(0, filter.index))?.[1] ?? '');
    items.push(marker(source, filter.index, 'security', { framework: 'jvm', filter: name }));
  }
  if (/\bFilterRegistrationBean\b/.test(code)) {
    const name = /\b(?:setFilter|FilterRegistrationBean(?:<[^>()]*>)?)\(\s*new\s+(\w+)/.exec(code)?.[1];
    const patterns = [...code.matchAll(/\b(?:addUrlPatterns|setUrlPatterns)\(([^()]{1,400})\)/g)].flatMap((m) =>
      [...m[1]!.matchAll(/"([^"\n]{1,200})"/g)].map((p) => p[1]!),
    );
    if (name && patterns.length > 0) items.push(marker(source, 0, 'filtered', { filter: name, patterns }));
  }
  return items;
}

/** Whether nothing can ask for an identity before this route of Spring. */
export function unguarded(route: string, items: readonly Item[]): boolean {
  const registered = markersOf(items, 'filtered');
  const known = new Set(registered.map((r) => r['filter']));
  if (markersOf(items, 'security').some((s) => s['filter'] === '' || !known.has(s['filter']))) return false;
  const patterns = registered.flatMap((r) => (Array.isArray(r['patterns']) ? r['patterns'].map(String) : []));
  return !patterns.some((p) => (p.endsWith('*') ? `${route}/`.startsWith(p.slice(0, -1)) : p === route));
}
