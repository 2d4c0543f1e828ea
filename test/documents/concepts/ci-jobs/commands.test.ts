import { expect, test } from 'vitest';
import { commandsOf } from '../../../../src/documents/concepts/ci-jobs/commands.js';
import { actionPurposes, commandPurposes } from '../../../../src/documents/concepts/ci-jobs/purposes.js';
import { projectTargets, workspaceTargets } from '../../../../src/documents/concepts/ci-jobs/workspaces.js';
import { callsOf, makeTargets } from '../../../../src/documents/concepts/ci-jobs/scripts.js';

const texts = (shell: string) => commandsOf(shell).map((c) => c.text);
const purposes = (shell: string) => [...new Set(commandsOf(shell).flatMap((c) => commandPurposes(c.text)))].sort();

test.each([
  ['uv run --frozen pytest -q', 'pytest -q'],
  ['poetry run pytest', 'pytest'],
  ['CI=true FOO="a b" npm test', 'npm test'],
  ['SOURCE_DATE_EPOCH=$(git log -1 --pretty=%ct) python -m build', 'build'],
  ['docker compose -f a.yml -f b.yml run --rm -e X=1 backend pytest', 'pytest'],
  ['docker compose exec -T web python manage.py test', 'python manage.py test'],
  ['bundle exec rspec', 'rspec'],
  ['npx --yes eslint .', 'eslint .'],
  ['./node_modules/.bin/jest', 'jest'],
  ['sudo -E timeout 10m go test ./...', 'go test ./...'],
  ['bash -c "pytest"', 'pytest"'],
  ['if ! ruff check .', 'ruff check .'],
  ['${PREFIX}ruff check .', 'ruff check .'],
  ['$(VENV)/bin/pytest -q', 'pytest -q'],
  ['"$VENV/bin/mypy" src', 'mypy src'],
  ['${PREFIX}python -m build', 'build'],
  // What the variable holds is the program itself, or a script of some folder.
  ['$BUILD_CMD test --locked', '$BUILD_CMD test --locked'],
  ['$ROOT/test.sh', '$ROOT/test.sh'],
])('%s starts %s', (shell, expected) => {
  expect(texts(shell)).toEqual([expected]);
});

test('scripts of hatch and pdm are told by their names, programs that they run by their own', () => {
  expect(purposes('hatch run test-cov-xml')).toContain('test');
  expect(purposes('pdm run test')).toContain('test');
  expect(purposes('hatch run lint-check')).toContain('lint');
  expect(texts('hatch run pytest -q')).toEqual(['pytest -q']);
  expect(purposes('hatch run mkdocs build')).not.toContain('test');
});

test('comments and echoes start nothing, quotes hold operators together', () => {
  expect(texts('# pytest\necho "run pytest"; true\ngrep "a && b" x # pytest')).toEqual(['true', 'grep "a && b" x']);
});

test('a swallowed failure is seen', () => {
  expect(commandsOf('npm audit || true\nnpm test').map((c) => c.swallowed)).toEqual([true, false, false]);
  expect(commandsOf('ruff check . || exit 1')[0]!.swallowed).toBe(false);
});

test('many options do not slow it down', () => {
  const shell = `docker compose ${'-f '.repeat(5000)} x\nuv run ${'--with '.repeat(5000)}`;
  expect(commandsOf(shell).length).toBeGreaterThan(0);
  expect(commandPurposes(`npm ${'-a b '.repeat(400)}!`)).toEqual([]);
});

test.each<[string, string[]]>([
  ['pip install pytest ruff', []],
  ['pytest --cov=app', ['coverage', 'test']],
  ['npm ci', []],
  ['yarn lint', ['lint']],
  ['npm run test:e2e', ['e2e', 'test']],
  ['mvn -B verify', ['build', 'test']],
  ['meson test -C build', ['test']],
  ['xcodebuild test -scheme App', ['build', 'test']],
  ["julia --project -e 'using Pkg; Pkg.test()'", ['test']],
  ['dagger -m ci call unit-tests --source=.', ['test']],
  ['dagger call publish --tag tested', ['publish']],
  ['docker build --target test .', ['build', 'test']],
  ['docker build -t shop/tests ./tests', ['build']],
  ['mvn -B package -DskipTests', ['build']],
  ['./gradlew build -x test', ['build']],
  ['go vet ./...', ['lint']],
  ['trivy image acme/app:1', ['image-scan']],
  ['trivy fs --scanners vuln .', ['dependency-scan']],
  ['trivy fs .', ['dependency-scan', 'secret-scan']],
  ['kubectl apply -f k8s/', ['deploy']],
  ['kubectl apply --dry-run=client -f k8s/', []],
  ['kubectl get pods', []],
  ['gcloud container clusters get-credentials x', []],
  ['az aks get-credentials --name x', []],
  ['kustomize build .', []],
  ['gcloud run deploy api --image x', ['deploy']],
  ['az webapp deploy --name x', ['deploy']],
  ['aws ecs update-service --cluster x', ['deploy']],
  ['terraform -chdir=infra apply -auto-approve', ['deploy']],
  ['helm template . --debug', []],
  ['flyctl deploy --remote-only', ['deploy']],
  ['alembic upgrade head', ['migrate']],
  ['python manage.py makemigrations --check', ['migrate']],
  ['ruff format --check .', ['format']],
  ['ruff check .', ['lint']],
  ['playwright install --with-deps', []],
  ['eslint --version', []],
  ['cosign sign --yes acme/app', ['sign']],
  ['ssh deploy@host "cd app && docker compose up -d"', ['deploy']],
  ['docker run -t zaproxy/zap-stable zap-baseline.py -t http://x', ['dast']],
  ['smokeshow upload', []],
  ['curl --fail https://shop.example.org/health', ['smoke']],
  ['curl -fsSL https://get.example.org/install.sh', []],
])('%s is for %j', (shell, expected) => {
  expect(purposes(shell)).toEqual(expected);
});

test('actions by name and inputs', () => {
  expect(actionPurposes('github/codeql-action/analyze@v3', {})).toEqual(['sast']);
  expect(actionPurposes('docker/build-push-action@v6', { push: true, sbom: true })).toEqual(['build', 'publish', 'sbom']);
  expect(actionPurposes('docker/build-push-action@v6', { push: false })).toEqual(['build']);
  expect(actionPurposes('aquasecurity/trivy-action@0.20.0', { 'image-ref': 'a' })).toEqual(['image-scan']);
  expect(actionPurposes('aquasecurity/trivy-action@0.20.0', { 'scan-type': 'config' })).toEqual([]);
  expect(actionPurposes('actions/checkout@v4', {})).toEqual([]);
  expect(actionPurposes('template:Security/SAST.gitlab-ci.yml', {})).toEqual(['sast']);
});

test('targets of a Makefile with prerequisites and variables', () => {
  const targets = makeTargets(
    'PY ?= python3\n.PHONY: test\ntest: lint ## run\n\t@$(PY) -m pytest\nlint:\n\truff check . \\\n\t  --fix\n',
    'make',
  );
  expect(targets['test']).toBe('make lint\npython3 -m pytest\n');
  expect(targets['lint']).toContain('ruff check .');
});

test('families of targets, asked for one by one or all together', () => {
  const targets = makeTargets(
    'ci: $(foreach s,${SERVICES}, ci-${s})\nall: $(addprefix ci-,$(SERVICES))\nodd: $(foreach s,${SERVICES}, ci-${other})\nci-%:\n\t@${MAKE} lint-$*\n\t@${MAKE} tests-unit-$*\n',
    'make',
  );
  expect(targets['ci']).toBe('make ci-%\n');
  expect(targets['all']).toBe('make ci-%\n');
  expect(targets['odd']).not.toContain('ci-%');
  expect(targets['ci-%']).toBe('make lint-%\nmake tests-unit-%\n');
  expect(purposes('make tests-unit-%')).toEqual(['test']);
});

test('calls by name', () => {
  expect(callsOf('npm run --silent build', '').map((c) => c.name)).toEqual(['prebuild', 'build', 'postbuild']);
  expect(callsOf('npm install', '')).toEqual([]);
  expect(callsOf('make -C backend test', '')[0]).toMatchObject({ runner: 'make', name: 'test', folder: 'backend' });
  expect(callsOf('./scripts/test.sh --all', '')[0]).toMatchObject({ runner: 'shell', name: './scripts/test.sh' });
});

test.each([
  ['nx affected --targets=lint,test --base origin/main', ['lint', 'test']],
  ['nx run-many -t lint test build --parallel 3', ['lint', 'test', 'build']],
  ['nx run-many --target test --projects shop', ['test']],
  ['nx run shop:test:ci', ['test']],
  ['nx test:unit shop', ['test:unit']],
  ['nx execute e2e', ['execute']],
  ['turbo run lint test --filter ./apps/*', ['lint', 'test']],
  ['npm test', null],
])('%s runs the targets %j', (command, expected) => {
  expect(workspaceTargets(command.split(' '))).toEqual(expected);
});

test('targets of a workspace are told by their own names, whoever starts its runner', () => {
  expect(purposes('yarn nx affected --targets=lint,test:integration --base origin/main')).toEqual(['lint', 'test']);
  expect(purposes('pnpm turbo run build lint')).toEqual(['build', 'lint']);
  expect(purposes('yarn nx build test')).toEqual(['build']);
  expect(purposes('npm nx test')).toEqual([]);
});

test('targets of a project of Nx: commands, and executors that say none', () => {
  const source = JSON.stringify({
    targets: {
      test: { executor: '@nx/jest:jest', options: { jestConfig: 'jest.config.ts' } },
      lint: { options: { commands: ['ruff check .', { command: 'mypy .' }] } },
      serve: { command: 'go run .' },
      container: {},
    },
  });
  expect(projectTargets(source)).toEqual({ test: 'jest', lint: 'ruff check .\nmypy .', serve: 'go run .', container: '' });
  expect(projectTargets('{')).toEqual({});
});

test('commands that a variable keeps are run where it is', () => {
  expect(
    purposes(
      'if [[ -f pom.xml ]]; then\n  BUILD="./mvnw clean test"\nelse\n  BUILD="./gradlew clean check"\nfi\nif $BUILD 2>&1; then\n  echo done\nfi\n',
    ),
  ).toContain('test');
  expect(purposes('TITLE="npm test"\necho "$TITLE"\n')).toEqual([]);
});
