import type { Collected, Combiner, Item, Reader } from '../../../model/document.js';
import { aspnet, go, infrastructure, python, spring } from './frameworks.js';
import { helmet, otherNode } from './node.js';
import { plain } from './plain.js';
import { fromSettings, majorOf } from './settings.js';
import { cspDsl, railsOff } from './rails.js';
import { csp, hsts, referrer, xss } from './shared.js';

export const securityHeadersReaders: readonly Reader[] = [
  plain,
  helmet,
  otherNode,
  python,
  spring,
  go,
  aspnet,
  infrastructure,
  cspDsl,
  railsOff,
];

/** Adds what settings (Django, Rails) and defaults of versions say, and corrects the defaults of old versions of helmet. */
export const securityHeadersCombiner: Combiner = {
  kind: 'security-headers',
  uses: ['settings', 'dependencies'],
  combine(items, all) {
    const corrected = items.flatMap((item) => byVersion(item, all));
    const options = corrected.some((i) => i.technology === 'aspnet' && i.header === hsts && i.default !== true);
    const kept = corrected.filter((i) => !(options && i.technology === 'aspnet' && i.header === hsts && i.default === true));
    return [...kept, ...fromSettings(kept, all)];
  },
};

/** helmet 3 sent neither a policy nor Referrer-Policy, and X-XSS-Protection: 1; mode=block. Spring Security 5 sends the latter too. */
function byVersion(item: Item, all: Collected): Item[] {
  if (item.default !== true) return [item];
  if (item.technology === 'helmet') {
    const major = majorOf(all, 'npm', 'helmet');
    if (major === null || major >= 4) return [item];
    if (item.header === csp || item.header === referrer) return [];
    return [item.header === xss ? { ...item, value: '1; mode=block' } : item];
  }
  if (item.technology === 'spring-security' && item.header === xss) {
    const boot = majorOf(all, 'maven', 'org.springframework.boot:spring-boot-starter-parent');
    return [boot !== null && boot < 3 ? { ...item, value: '1; mode=block' } : item];
  }
  return [item];
}
