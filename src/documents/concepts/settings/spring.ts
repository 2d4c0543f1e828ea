import type { Item, Json, Reader, Value } from '../../../model/document.js';
import type { Variant } from '../../../model/file.js';
import { parseYaml } from '../../../safe/yaml.js';
import { parseProperties } from '../../formats/properties.js';
import { dotted, flatten, literalValue, placeholderValue, scalar, settingItem, variantOfName } from './shared.js';

/** Spring Boot, Quarkus and Micronaut application files. Profiles are resolved by the combiner. */
export const spring: Reader = {
  name: 'settings/spring',
  kind: 'settings',
  files: {
    paths: [
      'application*.yml',
      'application*.yaml',
      'application*.properties',
      'bootstrap*.yml',
      'bootstrap*.yaml',
      'bootstrap*.properties',
    ],
    roles: ['config', 'product'],
    variants: ['base', 'production', 'staging', 'development', 'test'],
  },
  read(source) {
    const named = /(?:application|bootstrap)(?:-([\w-]+))?\.\w+$/.exec(source.path)?.[1] ?? '';
    if (source.path.endsWith('.properties')) return { items: fromProperties(source.path, source.text, named) };
    const { documents, problems } = parseYaml(source.text);
    const items = documents.flatMap((document) => {
      const leaves = flatten(document.value, dotted).map((leaf) => ({
        key: leaf.key,
        value: leaf.value,
        line: document.place([...leaf.location]).line,
      }));
      return itemsOf(source.path, leaves, named);
    });
    return { items, problems: problems.map((problem) => ({ path: source.path, ...problem })) };
  },
};

type Leaf = { key: string; value: Json; line: number };

/** `#---` parts a properties file into documents as `---` does a YAML file. */
function fromProperties(path: string, text: string, named: string): Item[] {
  const parts: Leaf[][] = [[]];
  const breaks = text.split('\n').flatMap((line, i) => (/^[#!]---\s*$/.test(line) ? [i + 1] : []));
  for (const entry of parseProperties(text)) {
    while (breaks.length > 0 && breaks[0]! < entry.line) {
      breaks.shift();
      parts.push([]);
    }
    parts.at(-1)!.push({ key: entry.key, value: scalar(entry.value), line: entry.line });
  }
  return parts.flatMap((leaves) => itemsOf(path, leaves, named));
}

function itemsOf(path: string, leaves: readonly Leaf[], named: string): Item[] {
  const keys = leaves.map((leaf) => leaf.key);
  const framework = keys.some((k) => /^(?:%\w+\.)?quarkus\./.test(k) || k.startsWith('%'))
    ? 'quarkus'
    : keys.some((k) => k.startsWith('micronaut.'))
      ? 'micronaut'
      : 'spring';
  const condition = leaves.find((leaf) => /^spring\.(?:config\.activate\.on-profile|profiles)(?:\[0\])?$/.test(canonical(leaf.key)));
  const profiles = condition ? [condition.value].flat().join(',') : named;
  return leaves.map((leaf) => {
    const own = framework === 'quarkus' ? /^"?%([\w,-]+)"?\.(.+)$/.exec(leaf.key) : null;
    const profile = own?.[1] ?? profiles;
    return settingItem(
      path,
      leaf.line,
      framework,
      canonical(own?.[2] ?? leaf.key),
      valueOfLeaf(leaf.value),
      variantOfProfile(profile),
      profile,
    );
  });
}

const valueOfLeaf = (value: Json): Value => (Array.isArray(value) ? literalValue(value) : placeholderValue(value));

/**
 * The variant of a profile expression (`prod`, `prod & eu`, `!dev`, `dev | test`). A profile whose name says nothing is off by
 * default, so it counts as no production until something activates it (see the combiner).
 */
function variantOfProfile(expression: string): Variant {
  if (!expression || expression === 'default') return 'base';
  const parts = expression.split(/[\s,&|()]+/).filter(Boolean);
  const variants = parts.map((part) =>
    part.startsWith('!')
      ? /^(?:development|test)$/.test(variantOfName(part.slice(1)) ?? '')
        ? 'production'
        : 'development'
      : (variantOfName(part) ?? 'development'),
  );
  return variants.find((v) => v === 'production') ?? variants[0] ?? 'base';
}

/** Spring's canonical form: kebab-case below the dots; names of loggers keep their spelling. */
export function canonical(key: string): string {
  if (/^logging\.level\./i.test(key)) return key;
  return key
    .split('.')
    .map((part) =>
      part
        .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
        .replace(/_/g, '-')
        .toLowerCase(),
    )
    .join('.');
}
