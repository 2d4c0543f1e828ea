import type { Json, Reader } from '../../model/document.js';
import { documentOf, Places } from './text-positions.js';

/**
 * INI in the dialect of Python's configparser, systemd and EditorConfig: `root` is `{section: {key: value}}`, keys before
 * the first section stand under ''. Indented lines continue the value above; a repeated key (systemd) becomes a list.
 * A parser of our own: the common ones know neither continuation lines nor places.
 */
export const ini: Reader = {
  name: 'format/ini',
  kind: 'ini',
  files: {
    paths: [
      '*.ini',
      '*.cfg',
      '.editorconfig',
      '.coveragerc',
      '.flake8',
      '.pylintrc',
      'pylintrc',
      '.isort.cfg',
      '.bandit',
      '.npmrc',
      '.gitmodules',
      '*.service',
      '*.timer',
      'supervisord.conf',
      'alembic.ini',
      'my.cnf',
      'odbc.ini',
      '*.desktop',
    ],
    roles: ['product', 'config', 'ci', 'script', 'docs', 'template'],
  },
  read(source) {
    const places = new Places();
    const sections = new Map<string, Map<string, Json>>();
    let section = '';
    let key = '';
    const enter = (name: string) => {
      if (!sections.has(name)) sections.set(name, new Map());
      return sections.get(name)!;
    };
    source.text
      .replace(/^\uFEFF/, '')
      .split(/\r?\n/)
      .forEach((line, index) => {
        if (/^\s*(?:[#;].*)?$/.test(line)) return;
        const header = /^\[(.+?)\]\s*(?:[#;].*)?$/.exec(line);
        if (header) {
          section = header[1]!.trim();
          key = '';
          enter(section);
          places.set([section], index + 1);
          return;
        }
        const values = enter(section);
        if (/^\s/.test(line) && key) {
          const previous = values.get(key) ?? '';
          const more = withoutComment(line.trim());
          if (Array.isArray(previous)) previous[previous.length - 1] = `${String(previous.at(-1))}\n${more}`.trim();
          else values.set(key, `${String(previous)}\n${more}`.trim());
          return;
        }
        const pair = /^\s*([^=:]*[^=:\s])\s*[=:]\s?(.*)$/.exec(line);
        key = pair ? pair[1]! : line.trim();
        const value: Json = pair ? unquoted(withoutComment(pair[2]!.trim())) : true;
        const previous = values.get(key);
        values.set(key, previous === undefined ? value : Array.isArray(previous) ? [...previous, value] : [previous, value]);
        places.set([section, key], index + 1);
      });
    const root = Object.fromEntries([...sections].map(([name, values]) => [name, Object.fromEntries(values)]));
    return { documents: [documentOf('ini', source.path, root, (location) => places.nearest(location))] };
  },
};

function withoutComment(value: string): string {
  return value.replace(/(?:^|\s)[#;].*$/, '').trim();
}

function unquoted(value: string): string {
  return /^"[^"]*"$|^'[^']*'$/.test(value) ? value.slice(1, -1) : value;
}
