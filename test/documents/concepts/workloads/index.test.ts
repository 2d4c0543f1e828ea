import { expect, test } from 'vitest';
import { concepts } from '../../../../src/model/concepts.js';
import { roleOfImage } from '../../../../src/documents/concepts/workloads/roles.js';
import { collect } from '../../collect.js';

async function workloads(files: Record<string, string>) {
  const { items } = await collect('workloads', files);
  return items.map((item) => concepts.workloads.strict().parse(item));
}
const production = async (files: Record<string, string>) => [
  ...new Set((await workloads(files)).filter((w) => w.production).map((w) => w.path)),
];

const app = { Dockerfile: 'FROM python:3.12\nCMD ["gunicorn", "app:app"]\n', 'app/main.py': 'x = 1\n' };

test('a production-named Compose file counts, and then the base file does not', async () => {
  expect(
    await production({
      ...app,
      'docker-compose.yml': 'services: { web: { build: ., volumes: ["./app:/app"] } }\n',
      'docker-compose.prod.yml': 'services:\n  web: { restart: always }\n',
    }),
  ).toEqual(['docker-compose.prod.yml']);
});

test.each([
  ['runs this software', 'services: { web: { build: . } }', true],
  ['mounts the source tree', 'services: { web: { build: ., volumes: [".:/code"] } }', false],
  ['mounts a source folder', 'services: { web: { build: ., volumes: ["./app:/code"] } }', false],
  ['mounts data only', 'services: { web: { build: ., volumes: ["./data:/data"] } }', true],
  ['starts a development server', 'services: { web: { build: ., command: uvicorn app:app --reload } }', false],
  ['says that it is for development only', '# Only for local development.\nservices: { web: { build: . } }', false],
  ['speaks of one service only', 'services:\n  # adminer is only for local development\n  web: { build: . }', true],
  ['runs backing services only', 'services: { db: { image: "postgres:16" } }', false],
  ['runs this software behind a profile only', 'services: { web: { build: ., profiles: [x] }, db: { image: "postgres:16" } }', false],
])('the base Compose file that %s', async (_, compose, expected) => {
  expect(await production({ ...app, 'compose.yml': `${compose}\n` })).toEqual(expected ? ['compose.yml'] : []);
});

test.each(['docker-compose.dev.yml', 'docker-compose.override.yml', 'compose.local.yaml', 'docker-compose.e2e.yml'])(
  '%s never counts',
  async (name) => {
    expect(await production({ ...app, [name]: 'services: { web: { build: . } }\n' })).toEqual([]);
  },
);

test('a document that calls the Compose file development only decides; a way to start it locally does not', async () => {
  const compose = { ...app, 'docker-compose.yml': 'services: { web: { build: . } }\n' };
  expect(await production({ ...compose, 'README.md': 'The `docker-compose.yml` is not meant for production.\n' })).toEqual([]);
  expect(
    await production({ ...compose, 'README.md': '## Starting services locally with docker-compose\nRun `docker-compose up`.\n' }),
  ).toEqual(['docker-compose.yml']);
});

test('a folder whose own README shows something off', async () => {
  const compose = { ...app, 'tracing/docker-compose.yml': 'services: { web: { build: .. } }\n' };
  expect(await production({ ...compose, 'tracing/README.md': '# Tracing demo\n\nStart it with docker-compose.\n' })).toEqual([]);
  expect(await production({ ...compose, 'README.md': '# Demo shop\n\nStart it with docker-compose.\n' })).toEqual([
    'tracing/docker-compose.yml',
  ]);
});

test('the Dockerfile says what is started where Compose does not', async () => {
  const files = {
    Dockerfile: 'FROM python:3.12\nCMD python manage.py runserver 0.0.0.0:8000\n',
    'compose.yml': 'services: { web: { build: . } }\n',
  };
  expect(await production(files)).toEqual([]);
});

test.each([
  [
    'a package script builds',
    {
      'package.json':
        '{"scripts": {"image": "docker buildx build --platform linux/amd64 -t acme/shop:latest -f docker/Dockerfile . --push"}}',
    },
    true,
  ],
  ['a Make target pushes', { Makefile: 'publish:\n\tdocker push acme/shop:1\n' }, true],
  ['a script builds over several lines', { 'scripts/image.sh': '#!/bin/sh\ndocker build \\\n  --tag acme/shop \\\n  .\n' }, true],
  [
    'a workflow names in its variables',
    {
      '.github/workflows/a.yml':
        'on: push\nenv:\n  IMAGES: |\n    acme/shop\n    ghcr.io/acme/shop\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: docker/build-push-action@v6\n        with: { tags: "${{ env.IMAGES }}" }\n',
    },
    true,
  ],
  [
    'a workflow that builds none names',
    {
      '.github/workflows/a.yml':
        'on: push\nenv: { IMAGE: acme/shop }\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - run: npm test\n',
    },
    false,
  ],
  ['a script only runs', { 'scripts/start.sh': '#!/bin/sh\ndocker run -d acme/shop:1\n' }, false],
  ['a script builds another', { 'scripts/image.sh': '#!/bin/sh\ndocker build -t acme/shop-tools .\n' }, false],
])('an image that %s: own %j', async (_, files, own) => {
  const compose = { 'compose.yaml': 'services: { web: { image: "acme/shop:1" } }\n', 'docker/Dockerfile': app.Dockerfile };
  expect((await workloads({ ...compose, ...files }))[0]).toMatchObject({ own, production: own });
});

test.each([
  ['the one Dockerfile that starts something', {}, 'bin/check'],
  ['none of two', { 'worker/Dockerfile': 'FROM scratch\nCMD ["/worker"]\n' }, ''],
  ['no tests of it', { 'tests/Dockerfile': 'FROM scratch\nCMD ["/tests"]\n' }, 'bin/check'],
])('an own image without build has the health check of %s', async (_, more, healthcheck) => {
  const found = await workloads({
    'compose.yaml': 'services: { web: { image: "acme/shop:1" } }\n',
    Makefile: 'publish:\n\tdocker push acme/shop:1\n',
    'docker/Dockerfile': 'FROM scratch\nHEALTHCHECK CMD bin/check\nCMD ["/shop"]\n',
    'docker/base.Dockerfile': 'FROM debian:12\n',
    ...more,
  });
  expect(found[0]).toMatchObject({ own: true, healthcheck });
});

test('a Compose service in full', async () => {
  const [web, db] = await workloads({
    ...app,
    'compose.prod.yml': `services:
  web:
    build: .
    image: acme/web:\${TAG:-1.0}
    user: "1000"
    cap_drop: [ALL]
    security_opt: ["no-new-privileges:true"]
    environment:
      DB_PASSWORD: hunter2hunter2
      MODE: prod
      FROM_SHELL: \${X}
    deploy: { resources: { limits: { cpus: "0.5", memory: 256M } } }
    depends_on: { db: { condition: service_healthy } }
  db:
    image: postgres:16
    ports: ["127.0.0.1:5432:5432"]
    volumes: ["data:/var/lib/postgresql/data"]
    healthcheck: { test: [CMD-SHELL, pg_isready] }
volumes: { data: {} }
`,
  });
  expect(web).toMatchObject({
    own: true,
    role: 'app',
    image: 'acme/web:1.0',
    build: '',
    dockerfile: 'Dockerfile',
    allowPrivilegeEscalation: false,
    capabilitiesDropped: ['ALL'],
    runAsNonRoot: true,
    limits: { cpu: '0.5', memory: '256M' },
    line: 2,
  });
  expect(web!.env).toMatchObject([
    { name: 'DB_PASSWORD', value: null, literal: true, secretLike: true, line: 9 },
    { name: 'MODE', value: 'prod', literal: true, secretLike: false },
    { name: 'FROM_SHELL', value: null, literal: false },
  ]);
  expect(db).toMatchObject({
    own: false,
    role: 'database',
    ports: [{ host: '127.0.0.1', published: '5432', target: '5432' }],
    healthcheck: 'pg_isready',
    volumes: [{ kind: 'named' }],
  });
});

const deployment = (image: string, extra = '') => `apiVersion: apps/v1
kind: Deployment
metadata: { name: shop }
spec:
  replicas: 3
  template:
    metadata: { labels: { app: shop } }
    spec:
      securityContext: { runAsNonRoot: true }
      initContainers:
        - name: wait
          image: busybox:1.36
      containers:
        - name: shop
          image: ${image}
          ports: [{ containerPort: 8080 }]
          env:
            - name: DB_PASSWORD
              valueFrom: { secretKeyRef: { name: db, key: password } }
${extra}`;

test('Kubernetes: pod settings merged, init containers, services that open a port, own by folder', async () => {
  const found = await workloads({
    'k8s/shop.yaml': `${deployment('registry.example.org/shop:1.2')}---\napiVersion: v1\nkind: Service\nmetadata: { name: shop }\nspec: { type: LoadBalancer, selector: { app: shop }, ports: [{ port: 80, targetPort: 8080 }] }\n`,
    'src/shop/Dockerfile': 'FROM scratch\n',
  });
  expect(found[0]).toMatchObject({ init: true, own: false, line: 11, ports: [] });
  expect(found[1]).toMatchObject({
    source: 'kubernetes',
    kind: 'Deployment',
    own: true,
    role: 'app',
    runAsNonRoot: true,
    replicas: 3,
    production: true,
    line: 14,
    ports: [{ published: '80', target: '8080' }],
  });
  expect(found[1]!.env).toMatchObject([{ name: 'DB_PASSWORD', fromSecret: true, value: null, line: 18 }]);
});

test('images whose names an earlier step of the job that builds them works out are own', async () => {
  const job = (...steps: string[]) =>
    `on: push\njobs:\n  build:\n    runs-on: ubuntu-latest\n    steps:\n${steps.map((s) => `      - ${s}\n`).join('')}`;
  const names = 'run: echo "tags=acme/shop:1,acme/shop:latest" >> $GITHUB_OUTPUT';
  const compose = { 'compose.yml': 'services:\n  shop: { image: "acme/shop:latest" }\n' };
  const own = async (workflow: string) => (await workloads({ ...compose, '.github/workflows/cd.yml': workflow })).map((w) => w.own);
  expect(await own(job(names, 'uses: docker/build-push-action@v6'))).toEqual([true]);
  expect(await own(job(names, 'run: npm test'))).toEqual([false]);
});

test.each([
  [
    'a variable of the job that builds it',
    {
      '.github/workflows/cd.yml':
        'on: push\njobs:\n  b:\n    env: { IMAGE: acme/shop }\n    steps: [{ run: "docker build -t $IMAGE ." }]\n',
    },
  ],
  ['a Make target', { Makefile: 'IMAGE = acme/shop\nimage:\n\tdocker build -t $(IMAGE):1 .\n' }],
  ['its package', { 'package.json': '{\n  "name": "@acme/shop",\n  "version": "1.2.0"\n}\n' }],
  ['its module', { 'go.mod': 'module example.org/acme/shop/v2\n\ngo 1.24\n' }],
])('an image that is named by %s is own', async (_, files) => {
  const own = async (image: string) =>
    (await workloads({ 'k8s/d.yaml': deployment(image), ...files })).filter((w) => !w.init).map((w) => w.own);
  expect(await own('docker.io/acme/shop:1.2')).toEqual([true]);
  expect(await own('docker.io/vendor/thing:1.2')).toEqual([false]);
});

test('images: another folder name is not enough, well-known images are nobody’s, patches are no workloads', async () => {
  const found = await workloads({
    'a.yaml': deployment('docker.io/vendor/thing:1'),
    'b.yaml': deployment('redis:7').replace('name: shop\n          image', 'name: redis\n          image'),
    'redis/Dockerfile': 'FROM redis:7\n',
    'patch.yaml':
      'apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: shop }\nspec: { template: { spec: { containers: [{ name: shop, resources: {} }] } } }\n',
  });
  expect(found.filter((w) => !w.init).map((w) => [w.path, w.own, w.role])).toEqual([
    ['a.yaml', false, 'other'],
    ['b.yaml', false, 'cache'],
  ]);
});

test('unused Kustomize components are opt-in; kustomizations give images their tags', async () => {
  const found = await workloads({
    'base/kustomization.yaml':
      'apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources: [shop.yaml]\nimages: [{ name: shop, newTag: v2 }]\n',
    'base/shop.yaml': deployment('shop'),
    'components/extra/kustomization.yaml': 'apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\nresources: [x.yaml]\n',
    'components/extra/x.yaml': deployment('other:1'),
  });
  expect(found.filter((w) => !w.init).map((w) => [w.image, w.optIn])).toEqual([
    ['shop:v2', false],
    ['other:1', true],
  ]);
});

test('ECS task definitions in JSON and Terraform', async () => {
  const found = await workloads({
    'task.json':
      '{"family": "f", "cpu": "256", "memory": "512", "containerDefinitions": [\n{"name": "web", "image": "nginx:1", "healthCheck": {"command": ["CMD-SHELL", "curl -f x"]}}]}',
    'main.tf':
      'resource "aws_ecs_task_definition" "t" {\n  family = "g"\n  container_definitions = jsonencode([{ name = "api", image = "1.dkr.ecr.eu-west-1.amazonaws.com/api:3", user = "1000" }])\n}\n',
  });
  expect(found).toMatchObject([
    { source: 'ecs', name: 'f', container: 'web', limits: { cpu: '256', memory: '512' }, healthcheck: 'curl -f x', line: 2, role: 'proxy' },
    { source: 'ecs', name: 'g', container: 'api', own: true, user: '1000', path: 'main.tf', line: 3 },
  ]);
});

test.each([
  ['postgres:16-alpine', 'database'],
  ['ghcr.io/acme/postgres-backup', 'database'],
  ['bitnami/redis', 'cache'],
  ['mcr.microsoft.com/mssql/server:2022', 'database'],
  ['acme/server', null],
  ['prom/node-exporter', 'monitoring'],
  ['acme/shop', null],
])('role of %s', (image, role) => {
  expect(roleOfImage(image)).toBe(role);
});

test.each([
  [
    'Maven',
    'pom.xml',
    '<project><parent><artifactId>spring-boot-starter-parent</artifactId></parent><artifactId>shop-api</artifactId><dependencies><dependency><artifactId>billing</artifactId></dependency></dependencies></project>',
  ],
  ['Gradle', 'settings.gradle.kts', 'rootProject.name = "shop-api"\ninclude("core")\n'],
  ['npm', 'package.json', '{\n  "name": "@acme/shop-api",\n  "dependencies": { "billing": "1.0.0" }\n}\n'],
])('an image named as %s calls the software is own, one named as a dependency is not', async (_, path, manifest) => {
  const compose = 'services:\n  api: { image: "acme/shop-api:1.0" }\n  bills: { image: "acme/billing:2" }\n  cache: { image: "redis:7" }\n';
  const found = await workloads({ 'docker-compose.yml': compose, [path]: manifest });
  expect(found.map((w) => w.own)).toEqual([true, false, false]);
});
