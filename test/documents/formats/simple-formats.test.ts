import { describe, expect, it } from 'vitest';
import { dotenv, parseDotenv } from '../../../src/documents/formats/dotenv.js';
import { ini } from '../../../src/documents/formats/ini.js';
import { json } from '../../../src/documents/formats/json.js';
import { parseProperties, properties } from '../../../src/documents/formats/properties.js';
import { toml } from '../../../src/documents/formats/toml.js';
import { xml } from '../../../src/documents/formats/xml.js';
import { yaml } from '../../../src/documents/formats/yaml.js';
import type { ReadResult, Reader } from '../../../src/model/document.js';
import { sourceOf } from '../../support/source.js';

const read = (reader: Reader, path: string, text: string) => reader.read(sourceOf(path, text)) as ReadResult;
const readXml = async (text: string) => await xml.read(sourceOf('a.xml', text));
const only = (reader: Reader, path: string, text: string) => {
  const { documents = [], problems = [] } = read(reader, path, text);
  expect(problems).toEqual([]);
  expect(documents).toHaveLength(1);
  return documents[0]!;
};

describe('json', () => {
  it('reads comments and trailing commas, and knows the line of every key', () => {
    const document = only(json, 'tsconfig.json', '{\n  // a comment\n  "a": {\n    "b": [1, {"c": true},],\n  },\n}\n');
    expect(document.root).toEqual({ a: { b: [1, { c: true }] } });
    expect(document.place(['a', 'b'])).toMatchObject({ path: 'tsconfig.json', line: 4 });
    expect(document.place(['a', 'missing', 0])).toMatchObject({ line: 3 });
  });
  it('says where a broken file is broken and keeps what it could read', () => {
    const { documents, problems } = read(json, 'a.json', '{"a": 1,\n "b": }');
    expect(documents![0]!.root).toMatchObject({ a: 1 });
    expect(problems![0]).toMatchObject({ path: 'a.json', line: 2 });
  });
  it('survives hostile nesting and names', () => {
    expect(read(json, 'a.json', '['.repeat(500_000)).problems![0]!.message).toContain('nested deeper');
    const root = only(json, 'a.json', '{"__proto__": {"polluted": 1}}').root;
    expect(Object.keys(root as object)).toEqual(['__proto__']);
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
  });
  it('reads a byte order mark and an empty file', () => {
    expect(only(json, 'a.json', '\uFEFF{"a":1}').root).toEqual({ a: 1 });
    expect(read(json, 'a.json', '').documents).toBeUndefined();
  });
});

describe('yaml', () => {
  it('makes one document of each in a file', () => {
    const { documents } = read(yaml, 'a.yml', 'a: 1\n---\nb:\n  - c: 2\n');
    expect(documents!.map((d) => d.root)).toEqual([{ a: 1 }, { b: [{ c: 2 }] }]);
    expect(documents![1]!.place(['b', 0, 'c'])).toMatchObject({ line: 4 });
  });
});

describe('toml', () => {
  it('places tables, dotted keys and members of table lists', () => {
    const text =
      'title = "x"\n[tool.ruff]\nline-length = 100\n[[steps]]\nname = "a"\n[[steps]]\nname = """\nb = 1\n"""\nlint.select = ["E"]\n';
    const document = only(toml, 'pyproject.toml', text);
    expect(document.root).toMatchObject({ tool: { ruff: { 'line-length': 100 } }, steps: [{ name: 'a' }, { lint: { select: ['E'] } }] });
    expect(document.place(['tool', 'ruff', 'line-length']).line).toBe(3);
    expect(document.place(['steps', 1, 'name']).line).toBe(7);
    expect(document.place(['steps', 1, 'lint', 'select', 0]).line).toBe(10);
  });
  it('turns a syntax error into a problem with its line', () => {
    expect(read(toml, 'a.toml', 'a = 1\nb = = 2\n').problems![0]).toMatchObject({ path: 'a.toml', line: 2 });
  });
});

describe('ini', () => {
  it('reads continuation lines, comments and keys before any section', () => {
    const document = only(
      ini,
      'setup.cfg',
      'root = true\n[options]\ninstall_requires =\n    flask>=2  ; web\n    redis\n# no = 1\n[tool:pytest]\naddopts = --cov=src -q\n',
    );
    expect(document.root).toEqual({
      '': { root: 'true' },
      options: { install_requires: 'flask>=2\nredis' },
      'tool:pytest': { addopts: '--cov=src -q' },
    });
    expect(document.place(['tool:pytest', 'addopts']).line).toBe(8);
  });
  it('lists repeated keys, as systemd units have them', () => {
    expect(only(ini, 'app.service', '[Service]\nEnvironment=A=1\nEnvironment=B=2\nRestart=always\n').root).toEqual({
      Service: { Environment: ['A=1', 'B=2'], Restart: 'always' },
    });
  });
});

describe('dotenv', () => {
  it('knows quotes, comments, export and values over several lines', () => {
    const text = 'A=1 # one\nexport B="x # y"\n#C=3\nD=\'a\nb\'\nE=\nF=http://x/#frag\nnonsense\nG="\\"q\\""\n';
    expect(parseDotenv(text)).toEqual([
      { name: 'A', value: '1', line: 1 },
      { name: 'B', value: 'x # y', line: 2 },
      { name: 'D', value: 'a\nb', line: 4 },
      { name: 'E', value: '', line: 6 },
      { name: 'F', value: 'http://x/#frag', line: 7 },
      { name: 'G', value: '\\"q\\"', line: 9 },
    ]);
  });
  it('ends an unclosed quote with its line', () => {
    expect(parseDotenv('A="open\nB=2\n').map((e) => [e.name, e.value])).toEqual([['A', 'open'], ['B', '2']]); // prettier-ignore
  });
  it('places entries', () => {
    expect(only(dotenv, '.env', '\nA=1\n').place([0, 'value']).line).toBe(2);
  });
});

describe('properties', () => {
  it('reads separators, escapes and continued lines; the last of equal keys wins', () => {
    expect(parseProperties('# c\na.b = 1\nc:2\nd 3\ne=x\\\n   y\nf\\:g=\\u0041\n! c\nempty=\n')).toEqual([
      { key: 'a.b', value: '1', line: 2 },
      { key: 'c', value: '2', line: 3 },
      { key: 'd', value: '3', line: 4 },
      { key: 'e', value: 'xy', line: 5 },
      { key: 'f:g', value: 'A', line: 7 },
      { key: 'empty', value: '', line: 9 },
    ]);
    const document = only(properties, 'application.properties', 'a=1\na=2\n');
    expect(document.root).toEqual({ a: '2' });
    expect(document.place(['a']).line).toBe(2);
  });
});

describe('xml', () => {
  it('keeps attributes, repeated elements and the lines of leaves', async () => {
    const { documents } = await readXml(
      '<?xml version="1.0"?>\n<project>\n  <parent>\n    <version>3.2</version>\n  </parent>\n  <m>a</m>\n  <m scope="x">b &amp; c</m>\n</project>\n',
    );
    const document = documents![0]!;
    expect(document.root).toEqual({ project: { parent: { version: '3.2' }, m: ['a', { '#text': 'b & c', '@scope': 'x' }] } });
    expect(document.place(['project', 'parent', 'version']).line).toBe(4);
    expect(document.place(['project', 'm', 1]).line).toBe(7);
  });
  it('expands no entities of a document', async () => {
    const bomb = '<!DOCTYPE a [<!ENTITY x "lol"><!ENTITY y "&x;&x;&x;">]><a>&y;</a>';
    expect(JSON.stringify(await readXml(bomb))).not.toContain('lollol');
  });
  it('makes problems of broken and of deeply nested files', async () => {
    expect((await readXml('<a>\n<b></a>')).problems![0]).toMatchObject({ line: 2 });
    expect((await readXml('<a>'.repeat(5000) + '</a>'.repeat(5000))).problems).toHaveLength(1);
  });
});
