/** What a container is for, from the last part of its image's name (no registry, no tag), else from the service's name. */
type Table = readonly (readonly [role: string, pattern: RegExp])[];

const byImage: Table = [
  ['monitoring', /^(?:prometheus|grafana(?:-oss|-enterprise|-agent)?|loki|promtail|tempo|mimir|alloy|jaeger.*|all-in-one|zipkin.*|alertmanager|.*[-_]exporter|cadvisor|node-exporter|opentelemetry-collector.*|otel.*collector.*|fluentd?|fluent-bit|vector|filebeat|metricbeat|logstash.*|kibana|telegraf|netdata|uptime-kuma|datadog-agent|agent|dd-agent|newrelic.*|blackbox.exporter|pushgateway|statsd.*|victoria-?metrics|signoz.*|healthchecks|sentry.*|glitchtip|thanos|kube-state-metrics|graphite.*|skywalking.*|pyroscope)$/],
  ['admin', /^(?:adminer|pgadmin4?|phpmyadmin|mongo-express|redis-?commander|redisinsight|rediscommander|dozzle|portainer.*|kafka-ui|akhq|kafdrop|flower|bull-?board|pgweb|sqlpad|cloudbeaver|dbgate|elasticsearch-head|cerebro|dashboard|rabbitmq-management|mongo-?gui|temporal-?ui|ui|swagger-ui|metabase|superset)$/],
  ['mail', /^(?:mailhog|mailpit|mailcatcher|maildev|inbucket|smtp4dev|postfix|docker-mailserver|mailserver|postal|greenmail|axllent|mailtrap|papercut.*|smtp.*)$/],
  ['database', /^(?:postgres(?:ql)?(?:-.*)?|postgis|timescaledb(?:-ha)?|pgvector|pgbouncer|pgpool|cloudnative-pg.*|spilo.*|mysql(?:-server)?|mariadb|percona.*|mongo(?:db)?(?:-.*)?|mssql.*|server|azure-sql-edge|oracle.*|cockroach(?:db)?|cassandra|scylla|clickhouse(?:-server)?|couchdb|couchbase|neo4j|influxdb|rethinkdb|arangodb|dgraph|surrealdb|yugabyte|tidb|db2|firebird|questdb|ferretdb|supabase-postgres|orientdb|elasticsearch|opensearch|meilisearch|typesense|solr|quickwit|weaviate|qdrant|chroma(?:db)?|milvus|manticore|zookeeper|etcd|consul)$/],
  ['cache', /^(?:redis(?:-(?:stack(?:-server)?|sentinel|cluster|alpine))?|valkey(?:-.*)?|keydb|memcached|dragonfly|varnish|hazelcast|garnet)$/],
  ['queue', /^(?:rabbitmq(?:-.*)?|kafka|cp-kafka|redpanda|nats(?:-streaming)?|pulsar|activemq(?:-.*)?|artemis|mosquitto|emqx|nsqd?|beanstalkd|schema-registry|cp-.*|vernemq|lavinmq|elasticmq|auto-setup|temporal)$/],
  ['proxy', /^(?:nginx(?:-.*)?|traefik|caddy|haproxy(?:-.*)?|envoy(?:-.*)?|kong|apisix|httpd|apache2?|openresty|nginx-proxy(?:-.*)?|acme-companion|nginx-proxy-manager|docker-letsencrypt.*|certbot|oauth2-proxy|authelia|swag|cloudflared|istio-.*|krakend|tyk|pomerium|linkerd.*)$/],
  ['storage', /^(?:minio|mc|seaweedfs|localstack|azurite|fake-gcs-server|garage|ceph.*|rustfs)$/],
]; // prettier-ignore

const byName: Table = [
  ['database', /^(?:.*[-_])?(?:db|database|postgres(?:ql)?|pg|mysql|mariadb|mongo(?:db)?|mssql|elasticsearch|opensearch|clickhouse)$/],
  ['cache', /^(?:.*[-_])?(?:redis|valkey|memcached|cache)$/],
  ['queue', /^(?:.*[-_])?(?:rabbitmq|kafka|nats|mosquitto|broker)$/],
  ['proxy', /^(?:.*[-_])?(?:nginx|traefik|caddy|haproxy|envoy|proxy|reverse-proxy|gateway-proxy)$/],
  ['monitoring', /^(?:.*[-_])?(?:prometheus|grafana|loki|promtail|jaeger|zipkin|alertmanager|cadvisor|otel-collector|tracing-server)$/],
  ['mail', /^(?:mailhog|mailpit|mailcatcher|maildev)$/],
  ['admin', /^(?:adminer|pgadmin|phpmyadmin|mongo-express|redis-commander|portainer)$/],
  ['storage', /^(?:minio|localstack)$/],
];

/** `ghcr.io/acme/shop-api:1.2@sha256:...` → `shop-api`. */
export const imageName = (image: string): string =>
  image
    .replace(/@.*$/, '')
    .replace(/:[^/]*$/, '')
    .split('/')
    .at(-1)!
    .toLowerCase();

const find = (table: Table, name: string): string | null => table.find(([, pattern]) => pattern.test(name))?.[0] ?? null;

/** The role that an image has by its name: database, cache, queue, proxy, monitoring, admin, mail, storage; null where it says nothing. */
export function roleOfImage(image: string): string | null {
  const name = imageName(image);
  // Short names that only mean something below their publisher.
  const publisher = image.toLowerCase();
  if (name === 'server') return /mssql\/server/.test(publisher) ? 'database' : null;
  if (name === 'agent') return /datadog|grafana/.test(publisher) ? 'monitoring' : null;
  if (name === 'ui') return /temporalio/.test(publisher) ? 'admin' : null;
  if (name === 'mc') return /minio/.test(publisher) ? 'storage' : null;
  if (name === 'dashboard') return /kubernetes/.test(publisher) ? 'admin' : null;
  if (name === 'all-in-one') return /jaeger/.test(publisher) ? 'monitoring' : null;
  return find(byImage, name);
}

export const roleOfName = (service: string): string | null => find(byName, service.toLowerCase());

/** Images that nobody takes for software of their own, whatever folder has the same name. */
export const isPublicImage = (image: string): boolean =>
  roleOfImage(image) !== null ||
  /^(?:busybox|alpine|ubuntu|debian|curl|bash|wait-for.*|python|node|golang|openjdk|eclipse-temurin|ruby|php|k6|locust|docker|dind|watchtower|autoheal|pause|kubectl|hello-world|nginx-unprivileged)$/.test(
    imageName(image),
  );
