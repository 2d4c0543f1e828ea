import type { Json } from '../../../model/document.js';
import { text, type JsonMap } from '../../json.js';
import { workspaceTargets } from './workspaces.js';

/**
 * What a command or an action is for. Tools are those that the catalogue of checks names; a command is recognised by the program
 * it starts, never by a word among its arguments, so `pip install pytest` tests nothing.
 */
type Table = readonly (readonly [purpose: string, pattern: RegExp])[];

/** `npm run x`, `make x` and the like: the target's own name says what it is for. */
const runner = String.raw`(?:(?:npm|pnpm|yarn|bun)(?: (?:-[\w-]+(?:[= ](?!-)[@\w./*-]+)?))*?(?: run(?:-script)?)?(?: (?:-s|--silent|--if-present|-r|--recursive))*|make(?: -[\w-]+(?:[ =](?!-)\S+)?)*?|g?make|just|task|composer(?: run(?:-script)?)?|(?:turbo|lerna)(?: run)?|nx(?: run-many| affected)?(?: -t| --target[= ])?|tox(?: run)? (?:-e|-m)|nox (?:-s|--session|-t)|invoke|inv|poe|rake|deno task|hatch run|ant|cargo make|mage|earthly|dagger call|moon run|pdm run|gulp|grunt|(?:\./)?(?:\S*/)?(?:bin|scripts?|ci|tools|hack|dev)/)`;
const target = (names: string): RegExp => new RegExp(`^${runner}[ ]?(?:\\+|[\\w@./-]*[:/_-])?(?:${names})(?![\\w])`);

const maven = String.raw`(?:\S*/)?mvnw?(?:\.cmd)? (?:.* )?`;
const gradle = String.raw`(?:\S*/)?gradlew?(?:\.bat)? (?:.* )?`;

const commands: Table = [
  [
    'test',
    /^(?:pytest|py\.test|tox|nox|vitest|jest|mocha|ava|jasmine|tap|uvu|karma start|nosetests|nose2|unittest|stestr|rspec|phpunit|pest|paratest|behave|behat|ctest|bats|codecept run|gotestsum|ginkgo|busted|kahlan|simple-phpunit|testem ci|green|ward|buck test|pants test|bazelisk test|bazel test|sbt (?:.* )?test|mix test|swift test|flutter test|dart test|elixir test|zig build test|lein test|clojure .*test|stack test|cabal test)(?![\w/-])/,
  ],
  ['test', /^(?:coverage run|slipcover|kcov)\b/],
  [
    'test',
    /^(?:meson test|R CMD check|nix flake check|moon ci)\b|^xcodebuild (?:\S+ )*test\b|^julia .*\bPkg\.test\(|^Rscript .*\b(?:test_local|test_check|rcmdcheck|devtools::(?:test|check))\(/,
  ],
  ['test', /^dagger (?:.* )?call [\w-]*test|^docker (?:.* )?(?:--target[ =]|bake (?:\S+ )*?)(?:run-)?tests?(?![\w-])/],
  [
    'test',
    /^(?:python[\d.]* )?\S*manage\.py test\b|^django-admin test\b|^(?:python[\d.]* )?\S*(?:runtests|run_tests|runtests)\.py\b|^python[\d.]* setup\.py test\b/,
  ],
  [
    'test',
    /^(?:rich)?go test\b|^gotest\b|^gocov test\b|^cargo (?:\+\S+ )?(?:test|nextest|llvm-cov|tarpaulin)\b|^dotnet (?:test|vstest)\b|^deno test\b|^node (?:\S+ )*--test\b|^(?:bun|npm|yarn|pnpm)(?: -\S+)* (?:t|test|tst)(?![\w:-])|^(?:bin\/|\.\/bin\/)?(?:rails|rake)(?:(?: db:\S+)* (?:test|spec)(?![\w-])|$)|^(?:php )?(?:\.\/)?(?:artisan|bin\/phpunit|bin\/pest)(?: test\b|(?<=phpunit)|(?<=pest))|^(?:react-scripts|craco|ng|vue-cli-service|quasar|hardhat|forge|truffle|meteor|hatch|ember|web-test-runner|wtr) (?:test|test:unit)\b|^npm(?:-run-all| run)? .*\btest:(?:unit|ci|all|integration)\b|^aegir test\b|^(?:python[\d.]* -m )?flask (?:-\S+ \S+ )*tests?(?![\w-])/,
  ],
  ['test', new RegExp(`^${maven}(?:test|verify|install|package|deploy|surefire:test|integration-test)(?![\\w:])`)],
  [
    'test',
    new RegExp(`^${gradle}(?:\\S*:)?(?:test|check|build|\\w+Test|testDebugUnitTest|allTests|koverVerify|jacocoTestReport)(?![\\w-])`),
  ],
  [
    'test',
    target(
      'tests?|unit(?:-?tests?)?|spec|check|coverage|test[-_:](?:unit|ci|all|integration|coverage|backend|frontend|api|go|py|python)|unit-test|py\\d\\w*|pytest|tests[-_.][\\w.-]*|test(?=\\.(?:sh|py|js|rb))',
    ),
  ],
  [
    'lint',
    /^(?:ruff(?: check)?(?! format)(?= |$)|flake8|pflake8|pylint|pycodestyle|pydocstyle|prospector|pylama|eslint|eslint_d|biome (?:check|lint|ci)|oxlint|xo|standard|standardrb|tslint|stylelint|golangci-lint|staticcheck|revive|go vet|detekt|detekt-cli|ktlint|rubocop|reek|erb_?lint|phpcs|phpstan|psalm|phan|parallel-lint|phpmd|shellcheck|pre-commit run|prek run|lefthook run|next lint|ng lint|trunk check|qlty check|reviewdog|swiftlint|credo|mix credo|sonar-scanner|sonar|cargo (?:\+\S+ )?clippy|dart analyze|flutter analyze|dotnet sonarscanner|jshint|lint-staged|vp lint|deno lint|knip|mago lint|mega-?linter\S*|php artisan insights|rector process .*--dry-run)(?![\w-])/,
  ],
  ['lint', new RegExp(`^${maven}(?:checkstyle:check|pmd:check|spotbugs:check|sonar:sonar|\\S*sonar-maven-plugin\\S*)`)],
  [
    'lint',
    new RegExp(`^${gradle}(?:\\S*:)?(?:checkstyle\\w*|pmd\\w*|spotbugs\\w*|detekt\\w*|ktlint\\w*|lint\\w*|sonar(?:qube)?)(?![\\w-])`),
  ],
  [
    'lint',
    target(
      'lint(?:er|ers|ing)?|linters|eslint|flake8|ruff|pylint|rubocop|clippy|golangci(?:-lint)?|lint[-_:.]\\w+|quality|static-analysis|pre-commit',
    ),
  ],
  [
    'types',
    /^(?:mypy|dmypy|pyright|basedpyright|pyrefly check|ty check|pyre(?: check)?|pytype|tsc|vue-tsc|svelte-check|flow(?: check)?|srb tc|steep check|phpstan|psalm|astro check|react-router typegen|deno check|tsgo)(?![\w-])/,
  ],
  ['types', target('(?:type|types)[-_:]?check(?:ing)?|check[-_:]types?|typing|types|mypy|pyright|tsc|phpstan')],
  [
    'format',
    /^(?:black|isort|ruff format|prettier|biome (?:format|check|ci)|gofmt|gofumpt|goimports|cargo (?:\+\S+ )?fmt|rustfmt|dotnet format|csharpier|pint|php-cs-fixer|ktfmt|rufo|terraform fmt|tofu fmt|mix format|scalafmt|shfmt|dprint|yapf|autopep8|clang-format|deno fmt|oxfmt|dart format|spotless\w*)(?![\w-])|spotless:check|spotlessCheck/,
  ],
  ['format', target('format(?:[-_:]?check)?|fmt(?:[-_:]?check)?|check[-_:]format(?:ting)?|prettier|black|style')],
  [
    'build',
    /^(?:docker (?:image )?build|docker buildx (?:build|bake)|docker[ -]compose (?:.* )?(?:build|up .*--build)|podman build|buildah (?:bud|build)|pack build|ko (?:build|publish|apply|resolve)|skaffold (?:build|run|deploy)|goreleaser|go (?:build|install \.)|cargo (?:\+\S+ )?build|dotnet (?:build|publish|pack)|vite build|next build|nuxt (?:build|generate)|webpack|rollup|esbuild|parcel build|tsup|tsc|ng build|react-scripts build|vue-cli-service build|remix build|astro build|svelte-kit build|gatsby build|nest build|turbo (?:run )?build|nx (?:run-many .*)?build|poetry build|uv build|hatch build|flit build|pdm build|build(?: -\S+)*$|maturin build|python[\d.]* setup\.py (?:sdist|bdist_wheel)|bazel build|kaniko|executor --|nixpacks build|gem build|rails assets:precompile|rake assets:precompile|electron-builder|xcodebuild|flutter build|sbt (?:.* )?(?:compile|package|assembly)|earthly|depot build|helm package)(?![\w])/,
  ],
  ['build', new RegExp(`^${maven}(?:compile|package|install|verify|deploy|spring-boot:build-image|jib:\\w+)(?![\\w:])`)],
  [
    'build',
    new RegExp(`^${gradle}(?:\\S*:)?(?:build|assemble\\w*|bootJar|bootBuildImage|jar|shadowJar|jib\\w*|war|compile\\w+)(?![\\w-])`),
  ],
  ['build', target('build(?:[-_:][\\w-]+)?|compile|bundle|dist|docker-build|image')],
  [
    'deploy',
    /^(?:kubectl (?:.* )?(?:apply|set image|rollout restart|replace|create -f|patch)|oc (?:apply|rollout|new-app|start-build)|helm (?:.* )?(?:upgrade|install(?! .*plugin))|helmfile (?:.* )?(?:apply|sync)|kapp deploy|argocd app (?:sync|set)|flux (?:reconcile|create)|skaffold (?:run|deploy|apply)|terraform (?:.* )?apply|tofu (?:.* )?apply|terragrunt (?:.* )?apply|pulumi (?:.* )?up|cdk deploy|cdktf deploy|sam deploy|copilot (?:deploy|svc deploy)|eb deploy|ecs-cli (?:compose|up)|ecs deploy|ecs-deploy|chalice deploy|zappa (?:deploy|update)|sst deploy|serverless deploy|sls deploy|aws (?:.* )?(?:ecs (?:update-service|deploy)|lambda update-function-code|elasticbeanstalk (?:update-environment|create-application-version)|cloudformation deploy|deploy create-deployment|apprunner (?:start-deployment|update-service)|amplify start|s3 sync|ssm send-command)|gcloud (?:.* )?(?:run deploy|run services (?:replace|update)|app deploy|functions deploy|deploy releases create|compute instances update-container)|az (?:.* )?(?:webapp (?:deploy|up|config container set|deployment)|containerapp (?:up|update|create)|functionapp deployment|deployment (?:group|sub|tenant|mg) create|container create)|azd (?:up|deploy)|fly(?:ctl)? deploy|vercel(?: (?!pull|build|link|env|inspect|login).*| deploy.*)?$|netlify deploy|railway (?:up|redeploy)|render deploys|heroku (?:container:release|.*deploy)|git push (?:.* )?(?:heroku|dokku|piku|caprover|.*dokku@)|caprover deploy|dokku (?:git|deploy|apps:deploy|tags)\S*|kamal (?:deploy|redeploy)|cap \w+ deploy|mina deploy|dep deploy|fab deploy|ansible-playbook|nomad (?:job )?run|cf push|wrangler (?:deploy|publish|pages deploy)|firebase (?:.* )?deploy|amplify (?:publish|push)|scalingo (?:deploy|integration)|clever deploy|koyeb (?:deploy|services? (?:redeploy|update))|zeabur deploy|platform push|upsun push|convox deploy|doctl apps (?:create-deployment|update|create)|docker stack deploy|docker service update|docker -H ssh|docker --context \S+ (?:compose|stack|service)|fastapi deploy|deployctl deploy|modal deploy|pm2 deploy|porter (?:update|apply)|garden deploy|tanka apply|tk apply|werf converge|devspace deploy|nixos-rebuild switch --target|envoy run deploy|shuttle deploy|cargo shuttle deploy)(?![\w])/,
  ],
  [
    'deploy',
    /^ssh (?=.*(?:docker|git pull|systemctl|pm2|deploy|compose|kubectl|restart|\.sh\b))|^docker (?:image )?push registry\.heroku\.com\/|^(?:rsync|scp) .*\S+@\S+:|^curl .*(?:api\.render\.com\/deploy|RENDER_DEPLOY|DEPLOY_HOOK|DEPLOY_WEBHOOK|deploy_hook|vercel\.com\/v1\/integrations\/deploy|api\.netlify\.com\/build_hooks|api\.heroku\.com\/apps\/|coolify|portainer|COOLIFY|PORTAINER|DEPLOY_URL)/,
  ],
  ['deploy', target('deploy(?:ment)?(?:[-_:.][\\w-]+)?|release-prod|rollout')],
  [
    'publish',
    /^(?:npm publish|yarn (?:npm )?publish|pnpm (?:.* )?publish|bun publish|lerna publish|changeset publish|twine upload|poetry publish|uv publish|flit publish|hatch publish|pdm publish|maturin publish|gem push|cargo (?:publish|release)|docker (?:image )?push|docker buildx (?:build|bake) .*--push|docker[ -]compose (?:.* )?push|podman push|buildah push|skopeo copy|crane push|ko (?:build|publish)|helm push|oras push|dotnet nuget push|nuget push|goreleaser release|semantic-release|release-it|standard-version|gh release (?:create|upload)|vsce publish|ovsx publish|jreleaser|python-semantic-release|jsr publish|deno publish|gcloud builds submit|skaffold (?:build|run))(?![\w])/,
  ],
  ['publish', new RegExp(`^${maven}(?:deploy|release:perform|jib:build)(?![\\w:])`)],
  ['publish', new RegExp(`^${gradle}(?:\\S*:)?(?:publish\\w*|jib|uploadArchives)(?![\\w-])`)],
  ['publish', target('publish(?:[-_:][\\w-]+)?|release|push|docker-push')],
  [
    'sast',
    /^(?:codeql|semgrep|opengrep|sonar-scanner|dotnet sonarscanner|snyk code|bandit|gosec|brakeman|njsscan|nodejsscan|mobsfscan|horusec|checkmarx|cx scan|sourceanalyzer|veracode|bearer scan|psalm .*taint|progpilot|devskim|insider|flawfinder|cppcheck|security-code-scan|sobelow|mix sobelow|graudit|appscan|eslint .*security|ruff check .*--select[ =]\S*\bS\b|kics|pysa|pyre analyze|find-?sec-?bugs)(?![\w])|sonar:sonar|sonar-maven-plugin|spotbugs:check.*findsecbugs/,
  ],
  ['sast', new RegExp(`^${gradle}sonar(?:qube)?(?![\\w-])`)],
  ['sast', target('sast|bandit|semgrep|brakeman|gosec|sonar|codeql')],
  [
    'dependency-scan',
    /^(?:pip-audit|safety (?:check|scan)|(?:npm|pnpm|yarn(?: npm)?|bun|better-npm|improved-yarn)[ -]audit|audit-ci|auditjs|govulncheck|nancy|dependency-check\S*|bundler?[ -]audit(?: .*)?|bundle-audit|bundle audit|ruby-audit|composer audit|local-php-security-checker|symfony (?:security:check|check:security)|dotnet list .*--vulnerable|cargo (?:audit|deny)|osv-scanner|trivy (?:fs|filesystem|repo|rootfs|sbom)|grype (?:dir|sbom):\S+|grype \.|snyk (?:test|monitor)|mend|ws scan|socket(?: ci| scan|security)?|npx-audit|retire|oss?index|mix (?:deps\.audit|hex\.audit)|deptrac audit|uv audit|importmap audit|bin\/importmap audit)(?![\w])|dependency-check-maven:|dependencyCheckAnalyze|ossindex:audit/,
  ],
  [
    'dependency-scan',
    target('audit|dependency[-_]?check|vuln(?:erabilit(?:y|ies))?(?:[-_]?check)?|govulncheck|pip-audit|security[-_]audit'),
  ],
  [
    'image-scan',
    /^(?:trivy (?:.* )?(?:image|i)\b|trivy (?!fs|filesystem|repo|rootfs|config|sbom|k8s|server|plugin|version|--version)\S*[\w-]+:[\w$]|grype (?!dir:|sbom:|\.|version)|docker scout|docker scan|snyk container|clair(?:-scanner|ctl)|anchore|anchorectl|jf docker scan|jf scan|sysdig-cli-scanner|wizcli docker|twistcli images|dockle|gcloud artifacts docker images scan|neuvector|syft .* \| grype)(?![\w-])/,
  ],
  [
    'secret-scan',
    /^(?:gitleaks|trufflehog3?|detect-secrets(?:-hook)?|git-secrets|git secrets|ggshield|secretlint|kingfisher|talisman|noseyparker|whispers|trivy (?:fs|filesystem|repo)(?!.*--scanners[ =](?![^ ]*secret)))(?![\w])/,
  ],
  [
    'dast',
    /^(?:zap-?\S*\.(?:py|sh)|zap-cli|nuclei|nikto\S*|wapiti|hawk scan|arachni\S*|schemathesis|st run|restler|dastardly|sqlmap|w3af|skipfish|burp\S*|cherrybomb)(?![\w])/,
  ],
  [
    'e2e',
    /^(?:playwright test|cypress run|wdio|nightwatch|testcafe|protractor|detox test|codecept(?:js)? run|selenium-side-runner|percy exec|maestro test|behave|behat|(?:bin\/)?(?:rails|rake)(?: db:\S+)* test:(?:system|all)|(?:php )?artisan dusk|robot|ng e2e|puppeteer)(?![\w-])/,
  ],
  ['e2e', target('(?:test[-_:])?(?:e2e|end-to-end|playwright|cypress|acceptance|browser|system)(?:[-_:.][\\w-]+)?|tests?[-_:]e2e')],
  [
    'load',
    /^(?:k6 (?:run|cloud)|locust|jmeter|artillery run|autocannon|vegeta attack|wrk2?|hey|oha|ab -|bzt|bombardier|drill|ghz|fortio load|gatling\S*|siege|rewrk|h2load|nbomber|ddosify)(?![\w])|gatling:test|gatlingRun/,
  ],
  ['load', target('(?:load|stress|perf|performance)[-_:]?tests?|k6|locust|(?:test[-_:])(?:load|stress|perf)')],
  [
    'migrate',
    /^(?:(?:python[\d.]* )?\S*manage\.py (?:migrate|makemigrations .*--check|makemigrations --check|lintmigrations)|django-admin migrate|alembic (?:.* )?(?:upgrade|check)|flask (?:.* )?db (?:upgrade|check)|aerich upgrade|prisma (?:migrate|db push)|knex (?:.* )?migrate:|sequelize(?:-cli)? db:migrate|typeorm\S* (?:.* )?migration:run|drizzle-kit (?:migrate|push|check)|mikro-orm migration:|node-pg-migrate|db-migrate up|umzug|(?:bin\/|\.\/bin\/)?(?:rails|rake) (?:.* )?db:(?:migrate|prepare|setup|schema:load|test:prepare)|(?:php )?(?:\.\/)?artisan migrate\S*|(?:php )?(?:bin\/console )doctrine:(?:migrations:migrate|schema:\w+)|phinx migrate|flyway(?: .*)? (?:migrate|validate)|liquibase (?:.* )?(?:update|validate)|goose (?:.* )?up|migrate (?:.* )?up|atlas (?:migrate|schema apply)|dbmate (?:.* )?(?:up|migrate)|sql-migrate up|tern migrate|dotnet ef (?:database update|migrations)|sqlx (?:migrate|database)|diesel (?:migration|setup|database)|sea-orm-cli migrate|refinery migrate|squawk|sqitch deploy|yoyo apply|dbt|supabase (?:db push|migration up)|mix ecto\.migrate|soda migrate|bytebase)(?![\w])|flyway:migrate|liquibase:update|flywayMigrate/,
  ],
  ['migrate', target('(?:db|database|run|prisma|typeorm|knex)?[-_:]?(?:migrat(?:e|ion|ions)|prestart)(?:[-_:.]\\w+)*')],
  [
    'smoke',
    /^(?:newman run|hurl |helm (?:.* )?test\b|smoke(?:[-_.]\S*)?(?!\w)|curl (?!.*(?:-o (?!\/dev\/null)|-O|--output (?!\/dev\/null)|install|raw\.githubusercontent|\.sh\b|\.tar|\.zip|\.deb|api\.github\.com|hooks\.slack))(?=.*(?:\s-[a-zA-Z]*f[a-zA-Z]*\b|--fail))(?=.*(?:https?:|localhost|127\.0\.0\.1|\$))|wget .*(?:--spider)|wait-on|kubectl (?:.* )?(?:rollout status|wait ))/,
  ],
  ['smoke', target('smoke(?:[-_:.]?tests?)?(?:[-_:.]\\w+)*|health[-_]?check')],
  [
    'coverage',
    /(?:^| )(?:--cov(?:erage)?(?:[-= ]|$)|-cover(?:profile|mode)?\b|--collect[: =]"?XPlat|--coverage-\w+|--cov-\w+)|^(?:coverage (?:run|report|xml|html|lcov)|nyc|c8|codecov\S*|coveralls\S*|cargo (?:tarpaulin|llvm-cov)|go tool cover|go-test-coverage|gcovr|lcov|grcov|diff-cover|qlty coverage|cc-test-reporter|codacy-coverage)(?![\w])|jacoco:|jacocoTest|koverVerify|koverXml/,
  ],
  ['coverage', target('(?:test[-_:])?cov(?:erage)?(?:[-_:]\\w+)*')],
  [
    'sbom',
    /^(?:syft|cyclonedx\S*|cdxgen|spdx-sbom-generator|sbom-tool|docker sbom|bom generate|tern report|npm sbom|cargo (?:cyclonedx|sbom)|dotnet CycloneDX|trivy (?:.* )?(?:--format[ =](?:cyclonedx|spdx\S*)|-f (?:cyclonedx|spdx\S*))|docker buildx (?:.* )?--sbom(?![= ]false))|cyclonedx:make|cyclonedxBom/,
  ],
  [
    'sign',
    /^(?:cosign (?:sign|attest)|notation sign|gpg (?:.* )?(?:--detach-sig\w*|--clearsign|-[a-z]*b|--sign)|npm publish .*--provenance|pnpm publish .*--provenance|docker buildx (?:.* )?--provenance(?![= ]false)|slsa-\S+|sigstore sign|rekor-cli upload|docker trust sign|minisign -S|gh attestation|witness run|in-toto-run)(?![\w])/,
  ],
];

const actions: Table = [
  [
    'lint',
    /^(?:super-linter\/super-linter|github\/super-linter|oxsecurity\/megalinter|golangci\/golangci-lint-action|pre-commit\/action|astral-sh\/ruff-action|chartboost\/ruff-action|psf\/.*flake8|py-actions\/flake8|reviewdog\/action-(?!setup|actionlint|hadolint|misspell|yamllint|languagetool|markdownlint|alex)|ludeeus\/action-shellcheck|wearerequired\/lint-action|andstor\/standardrb-action|dominikh\/staticcheck-action|actions-rs\/clippy-check|giraffate\/clippy-action|sonarsource\/|trunk-io\/trunk-action|qltysh\/qlty-action\/(?:check|lint)|codacy\/codacy-analysis-cli-action|j178\/prek-action|php-actions\/(?:phpstan|phpcs)|deepsourcelabs\/|jetbrains\/qodana-action)/i,
  ],
  ['types', /^(?:jakebailey\/pyright-action|tsuyoshicho\/action-mypy|php-actions\/phpstan)/i],
  ['format', /^(?:psf\/black|isort\/isort-action|creyd\/prettier_action|actionsx\/prettier|dprint\/check|aglipanci\/laravel-pint-action)/i],
  ['test', /^(?:php-actions\/phpunit|cypress-io\/github-action|pavelzw\/pytest-action|actions-rs\/tarpaulin)/i],
  [
    'build',
    /^(?:docker\/build-push-action|docker\/bake-action|redhat-actions\/buildah-build|goreleaser\/goreleaser-action|pypa\/cibuildwheel|pypa\/build|hynek\/build-and-inspect-python-package|pyo3\/maturin-action|buildpacks\/|depot\/build-push-action|elgohr\/publish-docker|mr-smithers-excellent\/docker-build-push|whoan\/docker-build)/i,
  ],
  [
    'publish',
    /^(?:pypa\/gh-action-pypi-publish|js-devtools\/npm-publish|softprops\/action-gh-release|ncipollo\/release-action|actions\/create-release|actions\/upload-release-asset|goreleaser\/goreleaser-action|changesets\/action|cycjimmy\/semantic-release-action|googleapis\/release-please-action|google-github-actions\/release-please-action|python-semantic-release\/|svenstaro\/upload-release-action|rubygems\/release-gem|redhat-actions\/push-to-registry|helm\/chart-releaser-action|elgohr\/publish-docker|mr-smithers-excellent\/docker-build-push|marvinpinto\/action-automatic-releases|katyo\/publish-crates|appleboy\/drone-docker)/i,
  ],
  [
    'deploy',
    /^(?:azure\/(?:webapps-deploy|functions-action|container-apps-deploy-action|k8s-deploy|static-web-apps-deploy|aci-deploy|arm-deploy|aks-.*)|aws-actions\/(?:amazon-ecs-deploy-task-definition|aws-cloudformation-github-deploy|aws-lambda-deploy)|google-github-actions\/(?:deploy-cloudrun|deploy-appengine|deploy-cloud-functions|create-cloud-deploy-release)|superfly\/flyctl-actions\/deploy|amondnet\/vercel-action|nwtgck\/actions-netlify|netlify\/actions|akhileshns\/heroku-deploy|digitalocean\/app_action|cloudflare\/(?:wrangler-action|pages-action)|firebaseextended\/action-hosting-deploy|w9jds\/firebase-action|appleboy\/(?:ssh-action|scp-action|lambda-action)|easingthemes\/ssh-deploy|burnett01\/rsync-deployments|einaregilsson\/beanstalk-deploy|serverless\/github-action|dawidd6\/action-ansible-playbook|hashicorp\/tfc-workflows|pulumi\/actions|render-oss\/|bervproject\/railway-deploy|dokku\/github-action|caprover\/deploy-from-github|deliverybot\/helm|koyeb-community\/koyeb-actions|actions-hub\/kubectl|steebchen\/kubectl|danielr1996\/kubectl-action|snow-actions\/.*ecs.*|garygrossgarten\/github-action-ssh|northflank\/deploy.*)/i,
  ],
  [
    'sast',
    /^(?:github\/codeql-action\/(?:analyze)|returntocorp\/semgrep-action|semgrep\/|pycqa\/bandit-action|securego\/gosec|sonarsource\/|checkmarx\/|veracode\/|fortify\/|ajinabraham\/njsscan-action|devskim|microsoft\/(?:devskim-action|security-devops-action)|bearer\/bearer-action|mdegis\/bandit-action|tj-actions\/bandit|shundor\/python-bandit-scan|synopsys-sig\/|datadog\/datadog-static-analyzer|presidentbeef\/brakeman|reviewdog\/action-brakeman|deepsourcelabs\/|jetbrains\/qodana-action|appthreat\/sast-scan)/i,
  ],
  [
    'dependency-scan',
    /^(?:actions\/dependency-review-action|pypa\/gh-action-pip-audit|golang\/govulncheck-action|dependency-check\/|google\/osv-scanner-action|rustsec\/audit-check|actions-rs\/audit-check|actions-rust-lang\/audit|embarkstudios\/cargo-deny-action|snyk\/actions\/(?!docker|setup|iac)|oke-py\/npm-audit-action|sonatype.*\/|symfonycorp\/security-checker-action|pyupio\/safety|socketdev\/|mend-io\/|advanced-security\/.*dependency|fossas\/fossa-action|veracode\/.*sca)/i,
  ],
  [
    'image-scan',
    /^(?:docker\/scout-action|snyk\/actions\/docker|azure\/container-scan|sysdiglabs\/scan-action|crazy-max\/ghaction-container-scan|goodwithtech\/dockle-action|erzz\/dockle-action|wiz-sec\/|palo.*\/prisma|prisma-cloud.*\/|neuvector\/|phonito\/|lacework\/)/i,
  ],
  [
    'secret-scan',
    /^(?:gitleaks\/gitleaks-action|zricethezav\/gitleaks-action|trufflesecurity\/trufflehog|gitguardian\/ggshield|edplato\/trufflehog-actions-scan|reviewdog\/action-detect-secrets|secret-scanner\/|mongodb\/kingfisher|thoughtworks\/talisman|secretlint\/)/i,
  ],
  [
    'dast',
    /^(?:zaproxy\/action-|stackhawk\/hawkscan-action|projectdiscovery\/nuclei-action|portswigger.*\/dastardly|schemathesis\/action|thedave42\/nikto|cirolini\/.*nikto)/i,
  ],
  ['e2e', /^(?:cypress-io\/github-action|saucelabs\/|mobile-dev-inc\/action-maestro|checkly\/)/i],
  ['load', /^(?:grafana\/(?:k6-action|run-k6-action)|artilleryio\/action-cli|apache.*jmeter|rbhadti94\/apache-jmeter-action|gatling\/)/i],
  ['smoke', /^(?:matt-ball\/newman-action|jtalk\/url-health-check-action|checkly\/|postmanlabs\/|anthonyvscode\/newman-action)/i],
  [
    'coverage',
    /^(?:codecov\/codecov-action|coverallsapp\/github-action|py-cov-action\/|irongut\/codecoveragesummary|madrapps\/jacoco-report|davelosert\/vitest-coverage-report|vladopajic\/go-test-coverage|codacy\/codacy-coverage-reporter-action|paambaati\/codeclimate-action|qltysh\/qlty-action\/coverage|barecheck\/|orgoro\/coverage|mi(?:shakav|kepenz)\/(?:pytest-coverage-comment))/i,
  ],
  ['migrate', /^(?:ariga\/atlas-action|sbdchd\/squawk-action|joshuaavalon\/flyway-action|liquibase.*\/)/i],
  [
    'sbom',
    /^(?:anchore\/sbom-action|cyclonedx\/gh-|kubernetes-sigs\/bom|advanced-security\/.*sbom|actions\/attest-sbom|philips-labs\/spdx-action|microsoft\/sbom)/i,
  ],
  [
    'sign',
    /^(?:actions\/attest|slsa-framework\/slsa-github-generator|sigstore\/(?:gh-action-sigstore-python)|philips-labs\/slsa-provenance-action)/i,
  ],
];

/** GitLab's own templates and components, as `include: template:` names them. */
const templates: Table = [
  ['sast', /(?:^|[/:])sast(?![\w-]*iac)/i],
  ['secret-scan', /secret-detection/i],
  ['dependency-scan', /dependency-scanning/i],
  ['image-scan', /container-scanning/i],
  ['dast', /(?:^|[/:])dast|api-(?:security|fuzzing)/i],
  ['load', /load-performance/i],
  ['lint', /code-quality/i],
];

const matching = (table: Table, subject: string): string[] =>
  table.filter(([, pattern]) => pattern.test(subject)).map(([purpose]) => purpose);

/** Purposes of one simple command (as `commandsOf` gives them), without duplicates. */
export function commandPurposes(command: string): string[] {
  const subject = command.slice(0, 2000);
  const targets = workspaceTargets(subject.split(' '));
  // A runner of workspaces carries several targets; each says by its own name what it is for.
  let found = targets ? targets.flatMap((t) => matching(commands, `nx ${t}`)) : matching(commands, subject);
  if (/\s-D(?:skipTests|maven\.test\.skip)(?:=true)?(?![\w=])|\s-x (?:\S*:)?test\b|\s--exclude-task (?:\S*:)?test\b/.test(subject))
    found = found.filter((p) => p !== 'test');
  // Only asking for the version or the help, or installing a tool, does nothing.
  if (/^\S+(?: \S+)? (?:--version|-V|version|--help)$/.test(subject) || /^(?:playwright|pre-commit|cypress|husky) install/.test(subject))
    return [];
  if (/ --dry-run(?!=none|[\w-])/.test(subject)) found = found.filter((p) => p !== 'deploy' && p !== 'publish');
  if (found.includes('e2e')) found.push('test');
  if (subject.startsWith('docker run ')) found.push(...imagePurposes(subject));
  return [...new Set(found)];
}

const images: Table = [
  ['dast', /zaproxy\/|owasp\/zap|ghcr\.io\/zaproxy|projectdiscovery\/nuclei|stackhawk\/|dastardly|schemathesis/],
  ['image-scan', /aquasec\/trivy\S* (?:.* )?image |anchore\/grype/],
  ['dependency-scan', /aquasec\/trivy\S* (?:.* )?(?:fs|repo) |owasp\/dependency-check|ghcr\.io\/google\/osv-scanner/],
  ['secret-scan', /gitleaks\/gitleaks|zricethezav\/gitleaks|trufflesecurity\/trufflehog/],
  ['sast', /semgrep\/semgrep|returntocorp\/semgrep|sonarsource\/sonar-scanner|securego\/gosec/],
  ['lint', /golangci\/golangci-lint|koalaman\/shellcheck|oxsecurity\/megalinter|super-linter/],
  ['load', /grafana\/k6|loadimpact\/k6|locustio\/locust|artilleryio\//],
  ['sbom', /anchore\/syft/],
];

/** Purposes of a container image that a step runs. */
export const imagePurposes = (image: string): string[] => [...new Set(matching(images, image))];

/** Purposes of an action, a reusable workflow or a GitLab template with its inputs. */
export function actionPurposes(uses: string, inputs: JsonMap): string[] {
  if (uses === '') return [];
  const value = (key: string): string => text(inputs[key] as Json | undefined);
  if (uses.startsWith('template:') || uses.startsWith('component:')) return [...new Set(matching(templates, uses))];
  if (uses.startsWith('docker://')) return imagePurposes(`${uses.slice(9)} ${value('args')} `);
  const found = matching(actions, uses);
  if (/^docker\/(?:build-push|bake)-action|^depot\/build-push-action/.test(uses)) {
    if (value('push') !== '' && value('push') !== 'false') found.push('publish');
    if (/type=registry|push=true/.test(value('outputs'))) found.push('publish');
    if (value('sbom') !== '' && value('sbom') !== 'false') found.push('sbom');
    if (value('provenance') !== '' && value('provenance') !== 'false') found.push('sign');
  }
  if (/^aquasecurity\/trivy-action/i.test(uses)) {
    const type = value('scan-type') || 'image';
    const scanners = value('scanners') || value('security-checks') || 'vuln,secret';
    if (type === 'image') found.push('image-scan');
    if (/^(?:fs|filesystem|repo|rootfs)$/.test(type)) {
      if (scanners.includes('vuln')) found.push('dependency-scan');
      if (scanners.includes('secret')) found.push('secret-scan');
    }
    if (/cyclonedx|spdx/.test(value('format'))) found.push('sbom');
  }
  if (/^anchore\/scan-action/i.test(uses)) found.push(value('image') ? 'image-scan' : 'dependency-scan');
  if (/^snyk\/actions\//i.test(uses) && value('command').startsWith('code')) found.push('sast');
  if (/^pypa\/gh-action-pypi-publish/i.test(uses) && !value('password') && value('attestations') !== 'false') found.push('sign');
  if (found.includes('e2e')) found.push('test');
  return [...new Set(found)];
}
