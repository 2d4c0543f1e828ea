import type { Collected, Combiner, Document, Item, Json, Reader } from '../../../model/document.js';
import { at, bool, isRecord, list, number, record, text, type JsonMap } from '../../json.js';
import { moduleCalls } from '../module-calls.js';

const images = /(?:^|\/)(?:redis(?:-stack(?:-server)?|-cluster)?|valkey(?:-cluster)?|keydb|dragonfly)(?:[:@]|$)/;
const sentinelName = /sentinel/i;

/** redis.conf and its likes as raw text, for the combiner: a file that a container mounts describes that container. */
export const redisConf: Reader = {
  name: 'redis-servers/conf',
  kind: 'redis-servers',
  files: { paths: ['redis*.conf', 'valkey*.conf', 'keydb*.conf'], roles: ['config', 'product', 'script', 'other'] },
  read: (source) => ({ items: [{ path: source.path, line: 1, conf: source.code.slice(0, 60_000), variant: source.file.variant }] }),
};

const blank = {
  name: '',
  managed: false,
  production: true,
  auth: null,
  authOff: false,
  persistence: null,
  ephemeral: false,
  volume: null,
  maxmemory: '',
  policy: '',
  memoryLimit: '',
  replicated: null,
  replicationOff: false,
  metrics: false,
  variant: 'base',
} satisfies Partial<Item>;

/** What arguments (`--maxmemory 1gb`) and configuration lines (`maxmemory 1gb`) say in one text; the last word counts. */
function settingsOf(written: string): Pick<Item, 'auth' | 'authOff' | 'persistence' | 'ephemeral' | 'maxmemory' | 'policy' | 'replicated'> {
  const last = (name: string): string | null => {
    const found = [
      ...written.matchAll(
        new RegExp(`(?:^|[\\s"',\\[]|--)${name}(?:["',\\]]*[ \\t=]+["',]*)("[^"\\n]*"|'[^'\\n]*'|[^\\s"',\\]]+|(?=\\s*(?:$|\\n)))`, 'gm'),
      ),
    ].at(-1);
    return found ? found[1]!.replace(/^(["'])(.*)\1$/, '$2') : null;
  };
  const password = last('requirepass');
  const acl = /\baclfile\b|\buser\s+default\s+off\b/.test(written);
  const aof = last('appendonly')?.toLowerCase() ?? null;
  const save = /(?:--|^\s*|["'\s,])save["',]*\s+(?:""|''|["',\s]*\\"\\"|$)/m.test(written) ? '' : last('save');
  const memory = last('maxmemory') ?? '';
  return {
    auth: password ? true : acl ? true : null,
    authOff: password === '' || (/(?:--|^\s*)protected-mode["',]*\s+["']?no\b/m.test(written) && !password && !acl),
    persistence: aof === 'yes' || (save !== null && save !== '') ? true : aof === 'no' && save === '' ? false : null,
    ephemeral: aof === 'no' && save === '',
    maxmemory: memory,
    policy: last('maxmemory-policy') ?? '',
    replicated:
      /(?:--|^\s*|["'\s])(?:replicaof|slaveof)["',]*\s+\S/m.test(written) || /(?:--|^\s*)cluster-enabled["',]*\s+["']?yes/m.test(written)
        ? true
        : null,
  };
}

const env = (workload: Item, name: RegExp): JsonMap | undefined =>
  list(workload['env'] as Json)
    .map(record)
    .find((e) => name.test(text(e['name'])));

/** Containers that run the server. */
function running(all: Collected, confs: readonly Item[]): Item[] {
  const workloads = all.items('workloads').filter((w) => w['optIn'] !== true && w['init'] !== true);
  const servers = workloads.filter((w) => images.test(String(w['image'])));
  const configMaps = all.documents('kubernetes').filter((d) => text(at(d.root, 'kind')) === 'ConfigMap');
  return servers
    .filter((w) => !sentinelName.test(`${String(w['name'])} ${String(w['container'])}`))
    .map((w) => {
      const command = String(w['command']);
      const mounts = list(w['volumes'] as Json).map(record);
      const asked = /[\w./-]*\.conf\b/.exec(command)?.[0] ?? '';
      const mountedConf = mounts.some(
        (m) => text(m['target']).endsWith('.conf') || (text(m['kind']) === 'config' && /redis|valkey/.test(text(m['target']))),
      );
      const folder = w.path.includes('/') ? w.path.slice(0, w.path.lastIndexOf('/') + 1) : '';
      const sourceName = mounts.map((m) => text(m['source'])).find((s) => s.endsWith('.conf')) ?? '';
      const wanted = (asked || mountedConf) && confs.length > 0;
      const conf = !wanted
        ? undefined
        : (confs.find((c) => sourceName && c.path.endsWith(sourceName.replace(/^\.?\//, ''))) ??
          confs.find((c) => asked && c.path.endsWith(`/${asked.split('/').at(-1)!}`)) ??
          confs.find((c) => c.path.startsWith(folder)) ??
          (confs.length === 1 ? confs[0] : undefined));
      const mapped = configMaps
        .filter((m) => m.path.slice(0, m.path.lastIndexOf('/') + 1) === folder)
        .flatMap((m) => Object.entries(record(at(m.root, 'data'))))
        .filter(([key]) => /redis.*\.conf|valkey.*\.conf|^redis-config$/.test(key))
        .map(([, value]) => text(value));
      const arguments_ = text(env(w, /^REDIS_ARGS$/)?.['value']) + ' ' + text(env(w, /^(?:REDIS|VALKEY)_EXTRA_FLAGS$/)?.['value']);
      const written = [conf ? String(conf['conf']) : '', ...(mountedConf || asked ? mapped : []), command, arguments_].join('\n');
      const said = settingsOf(written);
      const bitnami = /bitnami/.test(String(w['image']));
      const emptyAllowed = /^(?:yes|true|1)$/i.test(text(env(w, /^ALLOW_EMPTY_PASSWORD$/)?.['value']));
      const password = env(w, bitnami ? /^(?:REDIS|VALKEY|KEYDB)_PASSWORD(?:_FILE)?$/ : /^DFLY_requirepass$/);
      const aclWithout = /--aclfile|\buser default\b/.test(written);
      const unread = (asked !== '' || mountedConf) && !conf && mapped.length === 0;
      const script = /\.sh\b|entrypoint/.test(command) && !/redis-server|valkey-server/.test(command);
      const auth = said.auth === true || password !== undefined || aclWithout ? true : unread || script ? null : false;
      const data = mounts.find((m) => /^\/(?:data|bitnami\/\w+(?:\/data)?|var\/lib\/(?:redis|valkey))\/?$/.test(text(m['target'])));
      const claims = String(w['kind']) === 'StatefulSet' && mounts.length > 0;
      const aofEnv = text(env(w, /^(?:REDIS|VALKEY)_AOF_ENABLED$/)?.['value']);
      const service = String(w['name']).toLowerCase();
      const watched = workloads.some(
        (o) => o !== w && sentinelName.test(`${String(o['name'])} ${String(o['image'])} ${String(o['command'])}`),
      );
      const follower = servers.some((o) => o !== w && /(?:replicaof|slaveof)/.test(String(o['command'])));
      const replicas = w['replicas'];
      return {
        ...blank,
        ...said,
        path: w.path,
        line: w.line,
        source: String(w['source']),
        name: String(w['name']),
        production: w['production'] === true,
        auth,
        authOff: (said.authOff === true && auth !== true) || (emptyAllowed && auth !== true),
        persistence: said.persistence ?? (bitnami ? aofEnv !== 'no' : unread ? null : null),
        volume: data ? text(data['kind']) !== 'empty' && text(data['kind']) !== 'tmpfs' : claims ? null : false,
        memoryLimit: text(at(w['limits'] as Json, 'memory')),
        replicated:
          said.replicated === true ||
          watched ||
          follower ||
          /sentinel|cluster/.test(String(w['image'])) ||
          env(w, /^REDIS_REPLICATION_MODE$/)
            ? true
            : typeof replicas === 'number' && replicas > 1 && String(w['kind']) === 'StatefulSet'
              ? null
              : false,
        metrics: workloads.some((o) => /redis[-_]?exporter/.test(`${String(o['image'])} ${String(o['container'])}`)) && service !== '',
        variant: String(w['variant'] ?? 'base'),
      };
    });
}

/** A configuration file that no container mounts stands for a server of its own. */
function configured(confs: readonly Item[], used: readonly Item[]): Item[] {
  if (used.length > 0) return [];
  return confs
    .filter((c) => !sentinelName.test(c.path))
    .map((c) => {
      const said = settingsOf(String(c['conf']));
      return {
        ...blank,
        ...said,
        path: c.path,
        line: 1,
        source: 'config',
        name: c.path.split('/').at(-1)!,
        auth: said.auth ?? false,
        volume: true,
        replicated: said.replicated ?? false,
        variant: String(c['variant'] ?? 'base'),
      };
    });
}

/** Values of a Redis or Valkey chart that the repository's own chart depends on, or of the chart itself (Bitnami's names). */
function charted(documents: readonly Document[]): Item[] {
  return documents.flatMap((document) =>
    ['redis', 'valkey', 'redis-ha', 'redis-cluster'].flatMap((key): Item[] => {
      const values = at(document.root, key);
      if (!isRecord(values) || bool(values['enabled']) === false) return [];
      if (
        !['auth', 'architecture', 'master', 'primary', 'replica', 'cluster', 'usePassword', 'sentinel'].some((k) => values[k] !== undefined)
      )
        return [];
      const auth = bool(at(values, 'auth', 'enabled')) ?? bool(values['usePassword']);
      const master = record(values['master'] ?? values['primary']);
      const said = settingsOf(
        [text(values['commonConfiguration']), list(master['extraFlags']).map(text).join(' '), text(values['configuration'])].join('\n'),
      );
      const architecture = text(values['architecture']);
      return [
        {
          ...blank,
          ...said,
          path: document.path,
          line: document.place([key]).line ?? 1,
          source: 'helm-values',
          name: key,
          // Bitnami's chart generates a password unless it is told not to.
          auth: auth ?? true,
          authOff: auth === false,
          persistence: said.persistence ?? bool(at(master, 'persistence', 'enabled')) ?? true,
          volume: bool(at(master, 'persistence', 'enabled')) ?? true,
          memoryLimit: text(at(master, 'resources', 'limits', 'memory')),
          replicated: architecture === 'standalone' ? false : architecture === 'replication' || key !== 'redis' ? true : true,
          replicationOff: false,
          metrics: bool(at(values, 'metrics', 'enabled')) === true,
          variant: /prod/.test(document.path) ? 'production' : /dev|test|stag|local/.test(document.path) ? 'development' : 'base',
        },
      ];
    }),
  );
}

type Judge = (attributes: JsonMap, blocks: readonly Json[]) => Partial<Item>;
const given = (value: Json | undefined): boolean => value !== undefined && value !== null && value !== '' && value !== false;

/** Managed servers by resource type; what Terraform leaves out is the provider's default. */
const resources: Record<string, Judge> = {
  aws_elasticache_replication_group: (a) => ({
    auth: given(a['auth_token']) || given(a['user_group_ids']),
    persistence: (number(a['snapshot_retention_limit']) ?? 0) > 0,
    replicated: a['automatic_failover_enabled'] === true || (number(a['num_node_groups']) ?? 1) > 1,
    replicationOff: a['automatic_failover_enabled'] === false,
  }),
  aws_elasticache_cluster: (a) => ({
    auth: false,
    persistence: (number(a['snapshot_retention_limit']) ?? 0) > 0,
    replicated: given(a['replication_group_id']),
  }),
  aws_elasticache_serverless_cache: (a) => ({
    auth: given(a['user_group_id']),
    persistence: (number(a['snapshot_retention_limit']) ?? 0) > 0,
    replicated: true,
  }),
  aws_memorydb_cluster: (a) => ({
    auth: given(a['acl_name']) && a['acl_name'] !== 'open-access',
    authOff: a['acl_name'] === 'open-access',
    persistence: true,
    replicated: true,
  }),
  google_redis_instance: (a, blocks) => ({
    auth: a['auth_enabled'] === true,
    authOff: a['auth_enabled'] === false,
    persistence: blocks.some((b) => text(at(b, 'type')) === 'persistence_config'),
    replicated: a['tier'] === 'STANDARD_HA',
    replicationOff: a['tier'] === 'BASIC',
  }),
  google_redis_cluster: () => ({ auth: null, persistence: null, replicated: true }),
  azurerm_redis_cache: (a, blocks) => {
    const configuration = blocks.find((b) => text(at(b, 'type')) === 'redis_configuration');
    return {
      auth: at(configuration, 'attributes', 'authentication_enabled') !== false,
      authOff: at(configuration, 'attributes', 'authentication_enabled') === false,
      persistence:
        at(configuration, 'attributes', 'rdb_backup_enabled') === true || at(configuration, 'attributes', 'aof_backup_enabled') === true,
      replicated: a['sku_name'] === 'Standard' || a['sku_name'] === 'Premium',
      replicationOff: a['sku_name'] === 'Basic',
    };
  },
  upstash_redis_database: () => ({ auth: true, persistence: true, replicated: true }),
  digitalocean_database_cluster: (a) => ({ auth: true, persistence: null, replicated: (number(a['node_count']) ?? 1) > 1 }),
};

/** Calls of published modules; what they leave out is the module's default, null where that differs by version. */
const modules: readonly (readonly [source: RegExp, judge: (inputs: JsonMap) => Partial<Item>])[] = [
  [
    /^cloudposse\/elasticache-redis\/aws(?:$|\/\/)/,
    (a) => ({
      auth: given(a['auth_token']) || given(a['user_group_ids']),
      persistence: (number(a['snapshot_retention_limit']) ?? 0) > 0,
      replicated: a['automatic_failover_enabled'] === true || a['cluster_mode_enabled'] === true,
      replicationOff: a['automatic_failover_enabled'] === false,
    }),
  ],
  [
    /^terraform-aws-modules\/elasticache\/aws(?:$|\/\/)/,
    (a) => ({
      auth:
        given(a['auth_token']) || given(a['user_group_ids']) || given(a['users'])
          ? true
          : a['create_replication_group'] === false
            ? false
            : null,
      persistence: (number(a['snapshot_retention_limit']) ?? 0) > 0,
      replicated:
        a['automatic_failover_enabled'] === true || a['multi_az_enabled'] === true || a['cluster_mode_enabled'] === true ? true : null,
      replicationOff: a['automatic_failover_enabled'] === false,
    }),
  ],
  [
    /^terraform-google-modules\/memorystore\/google$/,
    (a) => ({
      auth: a['auth_enabled'] === true,
      authOff: a['auth_enabled'] === false,
      persistence: given(a['persistence_config']) ? true : null,
      replicated: a['tier'] === undefined || a['tier'] === 'STANDARD_HA',
      replicationOff: a['tier'] === 'BASIC',
    }),
  ],
];

const called = (documents: readonly Document[]): Item[] =>
  moduleCalls(documents).flatMap(({ path, line, name, source, inputs }): Item[] => {
    const judge = modules.find(([pattern]) => pattern.test(source))?.[1];
    const engine = text(inputs['engine']);
    if (!judge || (engine && !/redis|valkey/.test(engine))) return [];
    return [{ ...blank, path, line, source: 'terraform', name, managed: true, volume: true, ...judge(inputs) }];
  });

function declared(documents: readonly Document[]): Item[] {
  return documents.flatMap((document) =>
    list(at(document.root, 'resource')).flatMap((resource, i): Item[] => {
      const type = text(at(resource, 'type'));
      const attributes = record(at(resource, 'attributes'));
      const judge = Object.hasOwn(resources, type) ? resources[type] : undefined;
      const engine = text(attributes['engine']);
      if (!judge || (engine && !/redis|valkey/.test(engine)) || (type === 'digitalocean_database_cluster' && !engine)) return [];
      const policy = list(at(resource, 'blocks'));
      return [
        {
          ...blank,
          path: document.path,
          line: number(at(resource, 'line')) ?? document.place(['resource', i]).line ?? 1,
          source: 'terraform',
          name: text(at(resource, 'name')),
          managed: true,
          volume: true,
          policy: text(at(attributes, 'redis_configs', 'maxmemory-policy')),
          ...judge(attributes, policy),
        },
      ];
    }),
  );
}

/** The concept `redis-servers`, from containers, configuration files, chart values and Terraform. */
export const redisServers: Combiner = {
  kind: 'redis-servers',
  uses: ['workloads', 'kubernetes', 'helm-values', 'terraform'],
  combine(items, all) {
    const confs = items.filter((i) => typeof i['conf'] === 'string');
    const containers = running(all, confs);
    return [
      ...containers,
      ...configured(confs, containers),
      ...charted(all.documents('helm-values')),
      ...declared(all.documents('terraform')),
      ...called(all.documents('terraform')),
    ];
  },
};
