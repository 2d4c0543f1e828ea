import type { Item, Reader } from '../../../model/document.js';
import { enclosing } from '../syntax-text.js';
import { variantAt } from '../syntax-variant.js';

const dotted = /["']([A-Za-z_]\w*(?:\.\w+)+)["']/g;

/** Middleware by the dotted names that settings of Django give it, of every variant; taken out again by `installedItems`. */
export const djangoMiddleware: Reader = {
  name: 'cors/django-middleware',
  kind: 'cors',
  files: { languages: ['python'], roles: ['product'], variants: ['base', 'production', 'staging', 'development', 'test'] },
  keywords: ['MIDDLEWARE'],
  read(source) {
    const items = [...source.code.matchAll(dotted)].map((m): Item => ({
      path: source.path,
      line: source.at(m.index).line,
      marker: 'middleware',
      name: m[1]!,
      variant: variantAt(source, m.index),
    }));
    return { items: items.slice(0, 500) };
  },
};

/** The class or function around an offset of a Python file, as settings would name it: `shop.middleware.Cors`; '' where there is none. */
export function ownerAt(path: string, code: string, offset: number): string {
  const headers = enclosing(code, offset, true);
  const name = headers.map((h) => /^(?:class|(?:async )?def)\s+(\w+)/.exec(h)?.[1]).findLast((n) => n !== undefined);
  return name ? `${path.replace(/(?:\/__init__)?\.py$/, '').replaceAll('/', '.')}.${name}` : '';
}

/** Items without the markers, and without headers of middleware that only settings of development or tests install. */
export function installedItems(items: readonly Item[]): Item[] {
  const installs = items.filter((i) => i.marker === 'middleware');
  const used = (owner: string) => installs.filter((i) => owner === i.name || owner.endsWith(`.${String(i.name)}`));
  return items
    .filter((i) => i.marker !== 'middleware')
    .filter(({ owner }) => {
      const by = typeof owner === 'string' && owner ? used(owner) : [];
      return by.length === 0 || by.some((i) => i.variant !== 'development' && i.variant !== 'test');
    })
    .map((item) => Object.fromEntries(Object.entries(item).filter(([name]) => name !== 'owner')) as Item);
}
