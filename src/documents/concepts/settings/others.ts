import type { Item, Reader } from '../../../model/document.js';
import { parseJson } from '../../formats/json.js';
import { findCalls } from '../syntax-text.js';
import { literal, valueOf } from '../syntax-value.js';
import { variantAt } from '../syntax-variant.js';
import { flatten, lineOf, literalValue, settingItem, variantOfName } from './shared.js';

/** ASP.NET Core: appsettings*.json flattened with ':' as IConfiguration does. */
export const aspnet: Reader = {
  name: 'settings/aspnet',
  kind: 'settings',
  files: { paths: ['appsettings*.json'], roles: ['config', 'product'], variants: ['base', 'production', 'staging', 'development', 'test'] },
  read(source) {
    const environment = /appsettings\.([\w-]+)\.json$/i.exec(source.path)?.[1] ?? '';
    const variant = environment ? (variantOfName(environment) ?? source.file.variant) : 'base';
    const { root, placeOf, problem } = parseJson(source);
    const problems = problem ? [{ ...source.at(problem.offset), message: `not valid JSON: ${problem.message}` }] : [];
    if (root === undefined) return { problems };
    const items = flatten(root, (path, key) => `${path}:${key}`).map((leaf) =>
      settingItem(source.path, placeOf(leaf.location).line, 'aspnet', leaf.key, literalValue(leaf.value), variant, environment),
    );
    return { items, problems };
  },
};

/** Go: gin.SetMode, fiber.Config and echo's switches, viper.SetDefault. */
export const go: Reader = {
  name: 'settings/go',
  kind: 'settings',
  files: { languages: ['go'], roles: ['product', 'script'] },
  keywords: ['gin.SetMode', 'viper.SetDefault', 'SetTrustedProxies', 'fiber.Config', '.Debug = '],
  read(source) {
    const { code, path } = source;
    const items: Item[] = [];
    for (const call of findCalls(code, /\b(?:gin\.SetMode|\w+\.SetTrustedProxies|viper\.SetDefault)(?=\s*\()/g)) {
      const [first, second] = call.arguments;
      if (!first) continue;
      const isDefault = call.name.endsWith('SetDefault');
      const key = isDefault ? literal(first.text) : call.name.endsWith('SetMode') ? 'mode' : 'trusted-proxies';
      if (typeof key !== 'string') continue;
      const mode = /^gin\.(\w+)Mode$/.exec(first.text)?.[1]?.toLowerCase();
      const value = isDefault
        ? valueOf(second?.text ?? '', code)
        : mode
          ? literalValue(mode, first.text)
          : valueOf(first.text.replace(/^\[\]string/, ''), code);
      items.push(settingItem(path, lineOf(source, call.offset), isDefault ? 'viper' : 'gin', key, value, variantAt(source, call.offset)));
    }
    for (const call of findCalls(code, /\bfiber\.Config/g, '{'))
      for (const given of call.arguments)
        if (given.name)
          items.push(
            settingItem(path, lineOf(source, given.offset), 'fiber', given.name, valueOf(given.text, code), variantAt(source, call.offset)),
          );
    if (/labstack\/echo/.test(code))
      for (const match of code.matchAll(/\b\w+\.Debug\s*=\s*(\w+)/g))
        items.push(
          settingItem(path, lineOf(source, match.index), 'echo', 'Debug', valueOf(match[1]!, code), variantAt(source, match.index)),
        );
    return { items };
  },
};

/** Streamlit: .streamlit/config.toml, keys as `server.enableXsrfProtection`. Flat TOML, one `key = value` a line. */
export const streamlit: Reader = {
  name: 'settings/streamlit',
  kind: 'settings',
  files: { paths: ['**/.streamlit/config.toml', '.streamlit/config.toml'] },
  read(source) {
    const items: Item[] = [];
    let section = '';
    source.code.split('\n').forEach((line, i) => {
      section = /^\s*\[([\w.]+)\]/.exec(line)?.[1] ?? section;
      const pair = /^\s*(\w+)\s*=\s*(.+?)\s*$/.exec(line);
      if (pair)
        items.push(
          settingItem(
            source.path,
            i + 1,
            'streamlit',
            section ? `${section}.${pair[1]}` : pair[1]!,
            valueOf(pair[2]!, ''),
            source.file.variant,
          ),
        );
    });
    return { items };
  },
};
