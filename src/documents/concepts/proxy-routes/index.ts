import type { ConceptItem } from '../../../model/concepts.js';
import type { Combiner, Item, Json } from '../../../model/document.js';
import { at, list, text, texts } from '../../json.js';

type Route = ConceptItem<'proxy-routes'>;
type Headers = ReadonlySet<string>;

/** Directives and blocks of one level; a location with a proxy_set_header of its own inherits none (nginx's rule). */
function walk(
  directives: readonly Json[],
  inherited: Headers,
  place: Omit<Route, 'line' | 'target' | 'host' | 'client' | 'scheme'>,
  out: Route[],
  depth: number,
): void {
  const names = directives
    .filter((d) => text(at(d, 'directive')) === 'proxy_set_header')
    .map((d) => (texts(at(d, 'args'))[0] ?? '').toLowerCase());
  const included = directives.some(
    (d) => text(at(d, 'directive')) === 'include' && /proxy|uwsgi_params|fastcgi|params|headers/i.test(texts(at(d, 'args'))[0] ?? ''),
  );
  const here = new Set(names.length > 0 ? names : inherited);
  // An included file of that name is where such headers are kept.
  if (included) for (const name of ['host', 'x-forwarded-for', 'x-forwarded-proto']) here.add(name);
  for (const d of directives) {
    const directive = text(at(d, 'directive'));
    if (directive === 'proxy_pass')
      out.push({
        ...place,
        line: Number(text(at(d, 'line'))) || 1,
        target: texts(at(d, 'args'))[0] ?? '',
        host: here.has('host'),
        client: here.has('x-forwarded-for') || here.has('x-real-ip'),
        scheme: here.has('x-forwarded-proto') || here.has('x-scheme'),
      });
    const block = at(d, 'block');
    if (Array.isArray(block) && depth < 20) walk(list(block), here, place, out, depth + 1);
  }
}

/** The concept `proxy-routes`: where nginx passes requests on, and which headers it gives them. */
export const proxyRoutesCombiner: Combiner = {
  kind: 'proxy-routes',
  uses: ['nginx'],
  combine(items, all) {
    const variants = new Map(all.files.map((f) => [f.path, f.variant]));
    const out: Route[] = [];
    for (const document of all.documents('nginx'))
      walk(list(document.root), new Set(), { path: document.path, variant: variants.get(document.path) ?? 'base' }, out, 0);
    return [...items, ...out.map((i) => i as unknown as Item)];
  },
};
