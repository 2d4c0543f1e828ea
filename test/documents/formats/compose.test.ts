import { describe, expect, it } from 'vitest';
import { compose, composeCombiner, fillDefaults, mergeCompose, type ComposeFile } from '../../../src/documents/formats/compose.js';
import type { Document, ReadResult } from '../../../src/model/document.js';
import { sourceOf } from '../../support/source.js';

const read = (text: string, path = 'docker-compose.yml') => compose.read(sourceOf(path, text)) as ReadResult;
const fileOf = (document: Document) => document.root as unknown as ComposeFile;
const file = (text: string, path?: string) => fileOf(read(text, path).documents![0]!);
const service = (body: string) => file(`services:\n  a:\n${body.replace(/^/gm, '    ')}`).services.a!;
const combine = (...files: [string, string][]) =>
  composeCombiner.documents!(
    files.flatMap(([path, text]) => read(text, path).documents ?? []),
    { items: () => [], documents: () => [], files: [] },
  );

describe('compose', () => {
  it('normalises short syntax', () => {
    const a = service(
      'image: "postgres:${PG:-16}"\nports: ["127.0.0.1:5432:5432", "80", "${P:-8080}:80/udp", "${Q:?set}:90", "[::1]:1:2"]\nvolumes: ["db:/var/lib", "./x:/y:ro", "/anon", "${D:-./data}:/d"]\nenvironment: ["A=1", "B"]\ndepends_on: [b]\nenv_file: .env\ncommand: ["a", "b"]',
    );
    expect(a).toMatchObject({
      image: 'postgres:16',
      imageRaw: 'postgres:${PG:-16}',
      envFiles: ['.env'],
      command: 'a b',
      commandExec: ['a', 'b'],
      dependsOn: [{ service: 'b', condition: 'service_started' }],
    });
    expect(a.ports.map((p) => [p.host, p.published, p.target, p.protocol])).toEqual([
      ['127.0.0.1', '5432', '5432', 'tcp'],
      ['', '', '80', 'tcp'],
      ['', '8080', '80', 'udp'],
      ['', '${Q:?set}', '90', 'tcp'],
      ['::1', '1', '2', 'tcp'],
    ]);
    expect(a.volumes.map((v) => [v.source, v.target, v.kind, v.readOnly])).toEqual([
      ['db', '/var/lib', 'named', false],
      ['./x', '/y', 'bind', true],
      ['', '/anon', 'anonymous', false],
      ['./data', '/d', 'bind', false],
    ]);
    expect(a.environment.map((e) => [e.name, e.value])).toEqual([['A', '1'], ['B', null]]); // prettier-ignore
  });
  it('normalises long syntax', () => {
    const a = service(
      'build: {context: ., target: prod, args: {X: 1}}\nports: [{target: 80, published: "8080", host_ip: 127.0.0.1}]\nvolumes: [{type: bind, source: ., target: /src, read_only: true}]\nenvironment: {A: 1, B: null, C: true}\ndepends_on: {db: {condition: service_healthy}}\nhealthcheck: {test: [CMD-SHELL, "curl -f x || exit 1"], interval: 5s}\ndeploy: {replicas: 2, resources: {limits: {cpus: "0.5", memory: 1G}}, restart_policy: {condition: any}}',
    );
    expect(a).toMatchObject({
      build: { context: '.', dockerfile: '', target: 'prod', args: { X: '1' } },
      replicas: 2,
      limits: { cpu: '0.5', memory: '1G' },
      restartPolicy: 'any',
    });
    expect(a.ports[0]).toMatchObject({ host: '127.0.0.1', published: '8080', target: '80' });
    expect(a.volumes[0]).toMatchObject({ kind: 'bind', target: '/src', readOnly: true });
    expect(a.environment.map((e) => e.value)).toEqual(['1', null, 'true']);
    expect(a.healthcheck).toMatchObject({ disabled: false, test: 'curl -f x || exit 1', interval: '5s' });
  });
  it('resolves anchors and merge keys', () => {
    const { services } = file('x-c: &c\n  restart: always\n  user: "1000"\nservices:\n  a:\n    <<: *c\n    image: x:1\n');
    expect(services.a).toMatchObject({ restart: 'always', user: '1000', image: 'x:1' });
  });
  it('resolves extends in one file, and stops on circles', () => {
    const { services } = file(
      'services:\n  b: {image: "x:1", environment: {A: 1}}\n  a: {extends: b, environment: {B: 2}}\n  c: {extends: d}\n  d: {extends: c}\n',
    );
    expect(services.a!.image).toBe('x:1');
    expect(services.a!.environment.map((e) => e.name)).toEqual(['A', 'B']);
  });
  it('keeps profiles and an unset restart apart from "no"', () => {
    expect(service('image: a\nprofiles: [debug]\nrestart: "no"')).toMatchObject({ profiles: ['debug'], restart: 'no' });
    expect(service('image: a')).toMatchObject({ profiles: [], restart: '', privileged: null, healthcheck: null });
  });
  it('places services, fields and members', () => {
    const document = read('services:\n  a:\n    image: x\n    ports:\n      - "80:80"\n    environment:\n      A: 1\n      B: 2\n')
      .documents![0]!;
    expect(document.place(['services', 'a'])).toMatchObject({ path: 'docker-compose.yml', line: 2 });
    expect(document.place(['services', 'a', 'ports', 0, 'host'])).toMatchObject({ line: 5 });
    expect(document.place(['services', 'a', 'environment', 1])).toMatchObject({ line: 8 });
    expect(document.place(['services', 'a', 'restart'])).toMatchObject({ line: 2 });
  });
  it('recognises Compose files under other names, and nothing else', () => {
    expect(read('services:\n  a: {image: x}\n', 'production.yml').documents).toHaveLength(1);
    expect(file('services:\n  a: {image: x}\n', 'production.yml').productionNamed).toBe(true);
    expect(file('services:\n  a: {image: x}\n', 'docker-compose.products.yml').productionNamed).toBe(false);
    expect(read('on: push\njobs:\n  a:\n    services:\n      db: {image: x}\n', 'ci.yml').documents).toBeUndefined();
    expect(
      read('services:\n  _defaults: {autowire: true}\n  App\\: {resource: ../src}\n', 'config/services.yaml').documents,
    ).toBeUndefined();
  });
  it('reports a broken file that is called a Compose file', () => {
    expect(read('services:\n  a: [\n').problems!.length).toBeGreaterThan(0);
  });
});

describe('merging', () => {
  const base: [string, string] = [
    'docker-compose.yml',
    'services:\n  a:\n    build: .\n    command: [x]\n    ports: ["80:80"]\n    environment: {A: 1, B: 1}\n    volumes: ["./src:/app", "d:/data"]\n  db:\n    image: postgres:16\n',
  ];
  it('replaces a production override by the merged file, with places in both', () => {
    const [first, merged] = combine(base, [
      'docker-compose.prod.yml',
      'services:\n  a:\n    command: y\n    restart: always\n    ports: ["443:443"]\n    environment: {B: 2}\n    volumes: ["e:/app"]\n',
    ]);
    expect(fileOf(first!).merged).toBe(false);
    const root = fileOf(merged!);
    expect(root).toMatchObject({ merged: true, base: 'docker-compose.yml', productionNamed: true, override: false });
    expect(root.services.a).toMatchObject({ build: { context: '.' }, command: 'y', commandExec: null, restart: 'always' });
    expect(root.services.a!.ports.map((p) => p.target)).toEqual(['80', '443']);
    expect(root.services.a!.environment.map((e) => [e.name, e.value])).toEqual([['A', '1'], ['B', '2']]); // prettier-ignore
    expect(root.services.a!.volumes.map((v) => v.source)).toEqual(['d', 'e']);
    expect(merged!.place(['services', 'a', 'restart'])).toMatchObject({ path: 'docker-compose.prod.yml', line: 4 });
    expect(merged!.place(['services', 'db', 'image'])).toMatchObject({ path: 'docker-compose.yml', line: 9 });
  });
  it('obeys !reset and !override', () => {
    const [, merged] = combine(base, [
      'docker-compose.prod.yml',
      'services:\n  a:\n    ports: !reset []\n    volumes: !override\n      - e:/x\n',
    ]);
    expect(fileOf(merged!).services.a!.ports).toEqual([]);
    expect(fileOf(merged!).services.a!.volumes.map((v) => v.target)).toEqual(['/x']);
  });
  it('leaves a production file alone that stands for itself', () => {
    const [, production] = combine(base, ['docker-compose.prod.yml', 'services:\n  a: {image: "me:1"}\n']);
    expect(fileOf(production!)).toMatchObject({ merged: false, override: false });
  });
  it('resolves extends from another file', () => {
    const [, second] = combine(
      ['common.yml', 'services:\n  w: {image: "w:1", user: "5"}\n'],
      ['docker-compose.yml', 'services:\n  a:\n    extends: {file: common.yml, service: w}\n    user: "6"\n'],
    );
    expect(fileOf(second!).services.a).toMatchObject({ image: 'w:1', user: '6' });
  });
  it('changes neither of its arguments', () => {
    const one = file('services:\n  a: {image: "a:1", ports: ["1:1"]}\n');
    const two = file('services:\n  a: {ports: ["2:2"]}\n');
    const before = JSON.stringify([one, two]);
    expect(mergeCompose(one, two).services.a!.ports).toHaveLength(2);
    expect(JSON.stringify([one, two])).toBe(before);
  });
});

it('fills defaults in', () => {
  expect(fillDefaults('${A:-x}:${B-y}:${C}:${D:?no}:$${E}:${F:-${G:-z}}:${H:+k}')).toBe('x:y:${C}:${D:?no}:${E}:z:');
});
