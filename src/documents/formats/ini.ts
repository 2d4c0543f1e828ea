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
    let values = new Map<string, Json>();
    let section = '';
    let key = '';
    let parts: string[] = [];
    let isFlag = false;
    const flush = () => {
      if (!key) return;
      if (!sections.has(section)) sections.set(section, values);
      const value: Json = isFlag && parts.length === 0 ? true : parts.join('\n').trim();
      const previous = values.get(key);
      if (Array.isArray(previous)) previous.push(value);
      else values.set(key, previous === undefined ? value : [previous, value]);
      key = '';
    };
    const lines = source.text.replace(/^\uFEFF/, '').split(/\r?\n/);
    lines.forEach((line, index) => {
      if (/^\s*(?:[#;].*)?$/.test(line)) return;
      const header = /^\[(.+?)\]\s*(?:[#;].*)?$/.exec(line);
      if (header) {
        flush();
        section = header[1]!.trim();
        values = sections.get(section) ?? new Map<string, Json>();
        sections.set(section, values);
        places.set([section], index + 1);
        return;
      }
      if (/^\s/.test(line) && key) {
        parts.push(withoutComment(line.trim()));
        return;
      }
      flush();
      const pair = /^\s*([^=:]*[^=:\s])\s*[=:]\s?(.*)$/.exec(line);
      key = pair ? pair[1]! : line.trim();
      isFlag = pair === null;
      parts = pair ? [unquoted(withoutComment(pair[2]!.trim()))] : [];
      places.set([section, key], index + 1);
    });
    flush();
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
