import type { Combiner, Item, Reader } from '../../../model/document.js';
import { aspnet } from './aspnet.js';
import { django } from './django.js';
import { djangoMiddleware, installedItems } from './django-middleware.js';
import { flask } from './flask.js';
import { go } from './go.js';
import { ktor } from './ktor.js';
import { nest, nodeHeaders, nodeMiddleware } from './node.js';
import { php } from './php.js';
import { proxyHeaders, proxySettings } from './proxies.js';
import { pythonHeaders } from './python-headers.js';
import { rails } from './rails.js';
import { plainOrigins } from './shared.js';
import { spring } from './spring.js';
import { starlette } from './starlette.js';

export const corsReaders: readonly Reader[] = [
  starlette,
  flask,
  django,
  nodeMiddleware,
  nest,
  nodeHeaders,
  pythonHeaders,
  djangoMiddleware,
  go,
  spring,
  ktor,
  rails,
  php,
  aspnet,
  proxyHeaders,
  proxySettings,
];

const same = (a: string, b: string) => a.replace(/[^a-z0-9]/gi, '').toLowerCase() === b.replace(/[^a-z0-9]/gi, '').toLowerCase();

/** Origins read by name get the default that a settings class or an environment look-up elsewhere in the repository gives them. */
export const corsCombiner: Combiner = {
  kind: 'cors',
  uses: ['env-variables', 'settings'],
  combine(found, all) {
    const items = installedItems(found);
    const open = items.some((item) => item.anyOrigin === null && item.env);
    if (!open) return items;
    const variables = all.items('env-variables').filter((v) => v.origin === 'read' && typeof v.default === 'string' && v.default !== '');
    return items.map((item): Item => {
      if (item.anyOrigin !== null || !item.env) return item;
      const found = variables.find((v) => same(String(v.name), String(item.env)));
      const value = typeof found?.default === 'string' ? defaultList(found.default) : null;
      const setting = found ? undefined : all.items('settings').find((s) => s.known === true && same(String(s.key), String(item.env)));
      const plain = value ?? (setting ? (setting.value as string | string[]) : null);
      return plain === null ? item : { ...item, ...plainOrigins(plain), env: item.env };
    });
  },
};

/** `["*"]` and `a,b` alike. */
function defaultList(text: string): string[] {
  return text.replace(/[[\]"']/g, '').split(/[,\s]+/).filter(Boolean); // prettier-ignore
}
