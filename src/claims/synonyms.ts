/**
 * Words of the trade that mean the same. Each line: the term that stands for all, then how else it is written, separated by `|`.
 * A variant of several words is recognised as a whole, the longest first. General knowledge, not taken from any document.
 */
export const sameMeaning = `
tlsversion: tls 1.2 | tls 1.3 | tlsv1.2 | tlsv1.3 | tls version | tls versions | tls protocol versions
tls: https | ssl | tls | ssl/tls | tls/ssl | transport layer security | secure sockets layer
certificate: certificate | certificates | cert | certs | certification authority
letsencrypt: let's encrypt | lets encrypt | letsencrypt | certbot | acme
hsts: hsts | strict transport security | http strict transport security
csp: csp | content security policy
frameoptions: x frame options | frame options | clickjacking | click jacking | frame ancestors
nosniff: nosniff | x content type options | content type options | mime sniffing
xssheader: x xss protection | xss protection header | xss filter
referrerpolicy: referrer policy | referer policy
securityheaders: security headers | secure headers | http security headers | security header | hardening headers | http response headers
cors: cors | cross origin | cross origin resource sharing | allowed origins | cors origins
csrf: csrf | xsrf | cross site request forgery | request forgery | anti forgery
xss: xss | cross site scripting
sqlinjection: sql injection | sqli | parameterized queries | parameterised queries | parametrized queries | prepared statements | bound parameters | query parameterization
ratelimit: rate limit | rate limits | rate limiting | rate limited | rate limiter | ratelimiting | throttling | throttle | throttled | request limiting | requests per minute | req/min
bruteforce: brute force | bruteforce | credential stuffing
lockout: lockout | lock out | locked out | account locking | account lock
mfa: mfa | 2fa | two factor | two factor authentication | multi factor | multi factor authentication | multifactor | second factor | totp | webauthn | passkeys | passkey
rbac: rbac | role based access control | role based access | role based authorization | role based permissions | role based | access control | permissions | roles
authn: authentication | auth | authn | authenticated | authenticate
authz: authorization | authorisation | authz | authorized
login: login | logins | log in | sign in | signin | signing in | logon
jwt: jwt | jwts | json web token | json web tokens | bearer token | bearer tokens
oauth: oauth | oauth2 | oauth 2.0 | openid connect | oidc | sso | single sign on | social login
session: session | sessions
cookie: cookie | cookies
password: password | passwords | passphrase
passwordhash: password hashing | hashed passwords | passwords hashed | password hashes | hashing of passwords | password hash | salted hashes | password storage
passwordstrength: password complexity | password strength | password policy | strong passwords policy | password requirements | password rules | strength validation
hashcost: work factor | cost factor | bcrypt rounds | hash rounds | salt rounds | hashing rounds
secret: secret | secrets | credential | credentials
apikey: api key | api keys | apikey | access keys
secretkey: secret key | secret keys | signing key | signing keys | signing secret | jwt secret | encryption key | encryption keys | cryptographic keys
hardcoded: hardcoded | hard coded | hard coding | baked in | embedded in code | in source code | in code | checked in
vault: vault | secret manager | secrets manager | secret store | secure vault | key vault | secret management | secrets management | hashicorp vault | aws secrets manager | sealed secrets
rotation: rotation | rotate | rotated | rotating
envvar: environment variable | environment variables | env var | env vars | env variables | envvars
envfile: .env | env file | env files | dotenv | environment file
envtemplate: .env.example | env example | env template | .env.sample | env sample | environment template | .env.template
vulnerability: vulnerability | vulnerabilities | vulnerable | cve | cves
scan: scan | scans | scanning | scanned | scanner
pentest: penetration test | penetration testing | penetration tests | pen test | pentest | pentesting | pen testing | ethical hacking
sast: sast | static application security testing | static security analysis | static code security | codeql | semgrep | bandit
dast: dast | dynamic application security testing | owasp zap | zap scan | dynamic scan
audit: audit | audits | audited
audittrail: audit trail | audit log | audit logs | audit logging | audit trails | activity log
owasp: owasp | owasp top 10 | owasp top ten
inputvalidation: input validation | request validation | validate input | input validated | inputs validated | validation of input | validated input | schema validation | request body validation | input checking | server side validation | payload validation
sanitize: sanitize | sanitise | sanitization | sanitisation | sanitized | sanitised | sanitizing | escaping | escaped | escape | output encoding
requestsize: request size | body size | payload size | request body limit | request body limits | body limit | payload limit | request size limit | request size limits
upload: upload | uploads | uploaded | uploading | file upload | file uploads
malware: malware | virus | viruses | antivirus | anti virus | clamav
encryptionatrest: encryption at rest | encrypted at rest | at rest encryption | disk encryption | storage encryption | data at rest
encryptionintransit: encryption in transit | encrypted in transit | in transit encryption | data in transit
encryption: encryption | encrypted | encrypt | encrypts
backup: backup | backups | back up | backed up | dump | dumps
restore: restore | restoring | restored | restoration | recovery | recover | recovered
disasterrecovery: disaster recovery | dr plan | dr | business continuity | dr procedures | disaster plan
recoveryobjective: rto | rpo | recovery time objective | recovery point objective | recovery objectives | recovery time | recovery time objectives | recovery point objectives | rto/rpo
pitr: point in time recovery | pitr | wal archiving | point in time restore | point in time
retention: retention | retained | kept for
offsite: off site | offsite | remote storage | another region | cross region | s3 bucket for backups | external storage
database: database | databases | db | dbs | rdbms
postgres: postgres | postgresql | pgsql | psql
mysql: mysql | mariadb
sqlite: sqlite | sqlite3
migration: migration | migrations | schema migration | schema migrations | schema changes | database migrations
index: index | indexes | indices | indexed | indexing
connectionpool: connection pool | connection pooling | connection pools | pooled connections | pooling | pgbouncer | pool size | db pool | pooled
foreignkey: foreign key | foreign keys | referential integrity | fk
constraint: constraint | constraints
transaction: transaction | transactions | transactional | atomic | acid
nplusone: n+1 | n plus one | eager loading | query optimization | query optimisation | optimized queries | optimised queries | queries optimized | optimize queries | efficient queries
slowquery: slow query | slow queries | slow query log | slow query logging
replication: replication | replica set | read replica | read replicas | standby | multi az | replicated
orm: orm | object relational mapper | sqlalchemy | hibernate | active record | prisma | typeorm | sequelize
cache: cache | caches | caching | cached | memoization
ttl: ttl | time to live | expiry | expiration | expires | expire
eviction: eviction | evict | evicted | lru | allkeys lru | maxmemory policy
invalidation: invalidation | invalidate | invalidated | cache busting
hitrate: hit rate | hit ratio | cache hits
persistence: persistence | persistent | persist | persisted | durable | aof | rdb snapshot
memory: memory | ram | heap
log: log | logs | logging | logged | logger
structuredlog: structured logging | structured logs | json logging | json logs | json log | structured log | key value logs | log format json
logrotation: log rotation | logrotate | rotate logs | rotated logs | log retention and rotation | rotating log files
centrallog: centralized logging | centralised logging | log aggregation | central logging | aggregated logs | centralized logs | elk | elk stack | elasticsearch logstash kibana | loki | fluentd | fluent bit | cloudwatch logs | papertrail | splunk | graylog | centralized log aggregation | log shipping | log collection
loglevel: log level | log levels | logging level | logging levels | log verbosity
correlationid: correlation id | correlation ids | request id | request ids | trace id | trace ids
errortracking: error tracking | exception tracking | error monitoring | crash reporting | sentry | rollbar | bugsnag | error reporting | glitchtip
exceptionhandler: exception handler | exception handling | error handler | error handling | global error handler | centralized error handling | global exception handler | error middleware | exception handlers
metric: metric | metrics | prometheus | statsd | telemetry
tracing: tracing | distributed tracing | traces | opentelemetry | jaeger | zipkin | otel | spans
apm: apm | application performance monitoring | application performance management | new relic | datadog | dynatrace | elastic apm | appdynamics | performance monitoring
dashboard: dashboard | dashboards | grafana
alert: alert | alerts | alerting | alarm | alarms | alerted | paging
notification: notification | notifications | notify | notified | slack | pagerduty | opsgenie
uptime: uptime | availability | uptimerobot | pingdom | statuscake | synthetic monitoring | external monitoring
monitor: monitor | monitoring | monitored | monitors | observability
healthcheck: health check | health checks | healthcheck | healthchecks | health endpoint | health probe | liveness | readiness probe | liveness probe | /health | health check endpoint | healthz | /healthz | livez | health status
slo: slo | slos | sla | slas | service level objective | service level objectives | service level agreement | error budget | performance targets
latency: latency | response time | response times | p95 | p99 | 95th percentile | slow responses | slow response
errorrate: error rate | error rates | 5xx | failure rate
cpu: cpu | processor | cpu usage | cpu utilization
disk: disk | disk space | disk usage | storage space | free space
dependency: dependency | dependencies | packages | third party libraries | libraries | third party packages
lockfile: lockfile | lock file | lock files | pinned versions | pinned dependencies | version pinning | pinned | package-lock.json | yarn.lock | poetry.lock | locked versions
dependabot: dependabot | renovate | automated dependency updates | dependency updates | dependency update
ci: ci | ci/cd | cicd | continuous integration | pipeline | pipelines | github actions | gitlab ci | jenkins | circleci | build pipeline | workflow
cd: continuous deployment | continuous delivery | deployment automation | automated deployment | automated deployments | deploy automation | deployment script | deployment pipeline | auto deploy
deploy: deploy | deployment | deployments | deployed | deploys | rollout | roll out | release process
bluegreen: blue green | blue/green | canary | canaries | canary deployment | canary releases | traffic shifting
zerodowntime: zero downtime | no downtime | rolling update | rolling updates | rolling deployment | without downtime | downtime free
rollback: rollback | roll back | rollbacks | rolling back | revert plan | back out plan
staging: staging | pre production | preprod | uat | preview environment
docker: docker | container | containers | containerized | containerised | containerize | containerise | containerization | containerisation | dockerized | dockerised | dockerize
dockerfile: dockerfile | docker image | docker images | container image | container images
compose: docker compose | compose file | docker-compose.yml
kubernetes: kubernetes | k8s | helm | eks | gke | aks
nonroot: non root | nonroot | unprivileged user | non root user | rootless | not as root | run as non root
multistage: multi stage | multistage | multi stage build | multi stage builds | build stages
resourcelimit: resource limits | resource limit | memory limits | cpu limits | memory limit | cpu limit | resource constraints | limits set | resource quotas
restartpolicy: restart policy | restart policies | auto restart | automatic restart | always restart | restart unless stopped
volume: volume | volumes | volume mounts | persistent volume | persistent volumes | mounted volumes
loadbalancer: load balancer | load balancers | load balancing | load balanced | alb | elb | haproxy
reverseproxy: reverse proxy | nginx | traefik | caddy | apache | reverse proxies | proxy server
autoscaling: autoscaling | auto scaling | autoscale | auto scale | hpa | horizontal pod autoscaler | elastic scaling | scale automatically
scale: scale | scaling | scalable | scalability
horizontal: horizontal | horizontally | scale out | multiple instances | several instances | multiple replicas | replicas | high availability | ha | redundant | redundancy
stateless: stateless | no local state | twelve factor
cdn: cdn | content delivery network | cloudfront | fastly | edge caching
ddos: ddos | denial of service | waf | web application firewall | cloudflare | dos protection
firewall: firewall | firewalls | security group | security groups | ufw | iptables | open ports | ports | inbound rules | network security groups
segmentation: segmentation | segmented | network policies | network isolation | private subnet | private network | isolated networks
vpn: vpn | bastion | jump host | zero trust access | admin access
ssh: ssh
fail2ban: fail2ban | crowdsec | sshguard
patching: security updates | security patches | os updates | os patches | unattended upgrades | patch management | system updates | patched | operating system updates
dns: dns | domain name | domain records | a record | nameserver
infrastructureascode: infrastructure as code | iac | terraform | pulumi | cloudformation | ansible | deployment manifests
supervisor: process manager | systemd | supervisor | supervisord | pm2 | process supervision | process supervisor
worker: worker | workers | worker processes | gunicorn workers | worker count
appserver: gunicorn | uvicorn | uwsgi | puma | production server | application server | wsgi | asgi | wsgi server
compression: compression | compressed | gzip | brotli | minified | minification
pagination: pagination | paginated | paging results | page size | cursor based
apiversion: api versioning | versioned api | api version | versioned endpoints | /api/v1
openapi: openapi | swagger | api documentation | api docs | api reference | redoc | api spec | api specification | documented endpoints | endpoint documentation | interactive documentation
websocket: websocket | websockets | web socket | real time | realtime | socket.io
async: async | asynchronous | async/await | non blocking | nonblocking | asyncio
retry: retry | retries | retrying | exponential backoff | backoff | retry mechanism | retry logic
circuitbreaker: circuit breaker | circuit breakers | circuit breaking
fallback: fallback | fallbacks | graceful degradation | degrade gracefully | degraded mode | degradation
gracefulshutdown: graceful shutdown | sigterm | shutdown handling | shuts down gracefully | shutdown hooks | clean shutdown
timeout: timeout | timeouts | time out | timed out | deadline
test: test | tests | testing | tested
unittest: unit test | unit tests | unit testing | test suite | automated tests | regression tests | regression testing | total tests
integrationtest: integration test | integration tests | integration testing | api tests | api testing
e2e: e2e | end to end | end to end tests | end to end testing | playwright | cypress | selenium | user journeys | user flows | user workflows | browser automation
loadtest: load test | load tests | load testing | performance test | performance tests | performance testing | k6 | locust | jmeter | gatling | artillery | load tested | concurrent users
stresstest: stress test | stress tests | stress testing | spike test | soak test
smoketest: smoke test | smoke tests | smoke testing | sanity checks | post deployment tests | post deployment verification
coverage: coverage | code coverage | test coverage
benchmark: benchmark | benchmarks | benchmarking
crossbrowser: cross browser | browser compatibility | browser support | multiple browsers
mobile: mobile | responsive | responsiveness | mobile friendly | viewport | phone sized
lint: lint | linter | linting | linters | code style | eslint | ruff | flake8 | pylint | code smells | code quality
typing: type hints | type hint | type checking | typing | static typing | type checker | mypy | type annotations | typed | type errors | type safety | pyright | strict mode
qualitygate: quality gate | quality gates | code quality gates | sonarqube | sonar
techdebt: technical debt | tech debt | todos | fixmes | fixme
deprecation: deprecation | deprecated | deprecation warnings | deprecations
documentation: documentation | documented | docs | document | documents | written down | guide | guides | manual
readme: readme | readme.md | read me
runbook: runbook | runbooks | playbook | playbooks | operational procedures | operations manual
incident: incident | incidents | incident response | outage | incident management
oncall: on call | oncall | on duty | pager rotation | escalation
troubleshooting: troubleshooting | troubleshoot | known problems | common problems | common issues
architecture: architecture | system design | architectural | diagrams | system overview | code organization | project structure
gdpr: gdpr | dsgvo | ccpa | data protection regulation | data subject rights | data privacy
privacypolicy: privacy policy | privacy notice | privacy statement
terms: terms of service | terms of use | terms and conditions | tos | eula
dpa: data processing agreement | data processing agreements | dpa | processor agreements
pii: pii | personal data | personal information | personally identifiable information | sensitive data | user data | customer data
dataexport: data export | export of data | data portability | export their data
datadeletion: data deletion | data erasure | right to be forgotten | right to erasure | account deletion | secure deletion | delete their data
anonymization: anonymization | anonymisation | anonymized | anonymised | pseudonymized | pseudonymised
legal: legal | legal review | counsel | lawyers
consent: consent | cookie banner | cookie policy
approval: approval | approved | sign off | signoff | signed off | go ahead | go/no go | go no go
stakeholder: stakeholder | stakeholders | management | product owner
training: training | trained
communication: communication plan | announcement | communicate | communication
feedback: feedback | user feedback
retrospective: retrospective | post mortem | postmortem | lessons learned
maintenance: maintenance | maintain | upkeep | housekeeping | vacuum
production: production | prod | live
debug: debug | debug mode | debugging | debug=false | debug flag
fileperm: file permissions | permissions of files | chmod | world readable
email: email | e mail | smtp | mail | emails
integration: integration | integrations | third party services | external services | external apis | third party | external api
randomness: random | randomness | csprng | secure random | cryptographically secure
deserialization: deserialization | deserialisation | pickle | unserialize
codeinjection: code injection | command injection | shell injection | remote code execution | eval
statuscode: status code | status codes | http status codes | http codes
errorformat: error format | error responses | error response | error messages | error message format | error schema | problem details
stacktrace: stack trace | stack traces | internal details | information leakage | sensitive information in errors | leak internals
webhook: webhook | webhooks
frontend: frontend | front end | ui | user interface | client side
page: page | pages | routes of the frontend | views
static: static files | static assets | static content | assets
image: image | images | pictures
loadingstate: loading state | loading states | spinner | spinners | skeleton | loading indicator
errorstate: error state | error states | error page | error pages | error boundary | 404 page
analytics: analytics | user analytics | usage tracking | google analytics | matomo | plausible
businessmetric: business metrics | business kpis | kpi | kpis | business events
commit: commit | commits | commit messages | conventional commits | semantic commits | git history
workingtree: working tree | uncommitted changes | clean branch | git status | working copy | uncommitted
branch: branch | branches | branch protection | protected branch
review: code review | code reviews | pull request review | peer review | reviewed
sbom: sbom | software bill of materials | provenance | signed images | cosign
faq: faq | faqs | frequently asked questions
userguide: user guide | user guides | user manual | user documentation | end user documentation | help pages
adminguide: admin guide | administrator guide | admin manual | admin documentation | administration guide
video: video | videos | screencast | video tutorial | video tutorials
support: support team | support staff | help desk | helpdesk | customer support | support documentation
trustedhost: trusted host | trusted hosts | allowed hosts | host header | host header validation
hardening: hardening | hardened | harden | unnecessary services | minimal services
`;

/**
 * Products and other words that point at a topic without naming it: seen in a claim, they add the topic at half weight. Each line:
 * the word as it stands after the table above, then terms of that table.
 */
export const pointsTo = `
uppercase: passwordstrength
lowercase: passwordstrength
tlsversion: tls cipher
slowapi: ratelimit
limiter: ratelimit
redis: cache
memcached: cache
alembic: migration database
flyway: migration database
liquibase: migration database
knex: migration
bcrypt: passwordhash password
argon2: passwordhash password
scrypt: passwordhash password
pbkdf2: passwordhash password
pydantic: inputvalidation
zod: inputvalidation
joi: inputvalidation
marshmallow: inputvalidation
helmet: securityheaders
trivy: docker vulnerability scan
grype: docker vulnerability scan
snyk: dependency vulnerability scan
safety: dependency vulnerability scan
pip-audit: dependency vulnerability scan
postgres: database engine
mysql: database engine
sqlite: database engine
oracle: database engine
alertmanager: alert notification
exporter: metric monitor
winston: log
pino: log structuredlog
loguru: log
structlog: log structuredlog
heroku: infrastructureascode deploy
ecs: infrastructureascode deploy
lambda: infrastructureascode deploy
procfile: infrastructureascode deploy
beanstalk: infrastructureascode deploy
openssl: secretkey randomness
chromadb: volume persistence application file
duckdb: volume persistence application file
celery: worker queue
smtp: email
sendgrid: email
mailgun: email
twilio: integration
stripe: integration
openai: integration
anthropic: integration
fail2ban: bruteforce host
s3: offsite upload
httponly: cookie session
samesite: cookie session
resilience4j: circuitbreaker retry
hystrix: circuitbreaker
tenacity: retry
pytest: unittest
jest: unittest
junit: unittest
vitest: unittest
locustfile: loadtest
sops: vault
whitenoise: static
collectstatic: static
htmx: frontend
lighthouse: page latency
mkdocs: documentation
sphinx: documentation
`;

/** Two words that mean a term wherever they stand in a claim: "passwords are hashed", "logs get rotated". */
export const together: readonly (readonly [string, string, string])[] = [
  ['input', 'validated', 'inputvalidation'],
  ['inputs', 'validated', 'inputvalidation'],
  ['request', 'validated', 'inputvalidation'],
  ['password', 'hashed', 'passwordhash'],
  ['log', 'rotated', 'logrotation'],
  ['log', 'structured', 'structuredlog'],
  ['log', 'json', 'structuredlog'],
  ['log', 'shipped', 'centrallog'],
  ['log', 'aggregated', 'centrallog'],
  ['header', 'security', 'securityheaders'],
  ['dependency', 'pinned', 'lockfile'],
  ['dependency', 'updated', 'dependabot'],
  ['backup', 'tested', 'restore'],
  ['query', 'parameterized', 'sqlinjection'],
  ['query', 'slow', 'slowquery'],
  ['response', 'compressed', 'compression'],
  ['error', 'tracked', 'errortracking'],
  ['secret', 'code', 'hardcoded'],
  ['memory', 'limit', 'resourcelimit'],
  ['test', 'load', 'loadtest'],
  ['test', 'browser', 'e2e'],
  ['variable', 'environment', 'envvar'],
];

/** Words that checklists put around what they mean: they count little. */
export const filler = new Set(
  `a an and the of for to in on at with by from as is are be been being was were all any every each no not only via per using use used uses our
  we it its this that these those or if when where which than into within throughout across between
  properly proper correctly fully complete completed comprehensive implemented implement implementing implementation configured configure
  configuration configurable enabled enable set setup place available exists exist present provided provide included defined define
  ready working works work done good best strategy strategies mechanism mechanisms process processes system systems application
  applications app service services support supported supports management managed manage handling handled handle basic advanced
  appropriate necessary required require requires requirement requirements needed ensure ensured created create add added
  practice practices project feature features solution e.g eg etc i.e ie such like also more most new current currently regular
  regularly active functional operational existing standard other key main critical important high medium low write written serve put take run runs keep kept can let come comes see show shown get gets give make makes made go behind front against between around optimize optimized optimization info url uri via based`
    .split(/\s+/)
    .filter(Boolean),
);
