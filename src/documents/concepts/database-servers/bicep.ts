import type { Item, Reader } from '../../../model/document.js';
import { bicepDeclarations, bicepValue } from '../bicep.js';

type Judged = { engine: string } & Partial<Item>;
type Judge = (body: string) => Judged;

/** Azure's servers encrypt and back themselves up; a second zone is asked for. Copies count as this project's where it says something of them. */
const server =
  (engine: string): Judge =>
  (body) => {
    const zones = /\bhighAvailability(?:Mode)?:\s*(?:\{[^{}]*?\bmode:\s*)?'(\w+)'/.exec(body)?.[1] ?? '';
    const redundant = bicepValue(body, 'zoneRedundant') === 'true';
    return {
      engine,
      encrypted: true,
      replicated: redundant || /^(?:ZoneRedundant|SameZone)$/.test(zones),
      replicationOff: zones === 'Disabled',
      backups: /\bbackup(?:RetentionDays)?:|\bbackup(?:Short|Long)TermRetentionPolicy:/.test(body) ? true : null,
      retentionDays: Number(bicepValue(body, 'backupRetentionDays') ?? 7),
      pointInTime: true,
      maintenance: /\bmaintenanceWindow:\s*\{/.test(body) ? true : null,
      // Of SQL Server this is so always, of the others only by a setting that may be elsewhere.
      tlsRequired: engine === 'sqlserver' ? true : null,
    };
  };

/** Cosmos DB keeps several copies, copies them every few hours, and refuses plain connections. `usual`: the policy where none is written. */
const cosmos =
  (usual: string): Judge =>
  (body) => ({
    engine: /\bmongodbDatabases:|kind:\s*'MongoDB'|'EnableMongo'/.test(body) ? 'mongodb' : 'cosmosdb',
    encrypted: true,
    replicated: true,
    backups: /\bbackupPolicy(?:Type)?:/.test(body) ? true : null,
    pointInTime: (/\bbackupPolicy(?:Type)?:\s*(?:\{[^{}]*?\btype:\s*)?'(\w+)'/.exec(body)?.[1] ?? usual) === 'Continuous',
    tlsRequired: true,
  });

const types: readonly (readonly [type: RegExp, judge: Judge])[] = [
  [/^Microsoft\.DBforPostgreSQL\/(?:flexibleServers|servers|serverGroupsv2)$/i, server('postgres')],
  [/^Microsoft\.DBfor(?:MySQL|MariaDB)\/(?:flexibleServers|servers)$/i, server('mysql')],
  [/^Microsoft\.Sql\/servers$/i, server('sqlserver')],
  [/^Microsoft\.DocumentDB\/databaseAccounts$/i, cosmos('Periodic')],
  [/^Microsoft\.DocumentDB\/mongoClusters$/i, () => ({ ...server('mongodb')(''), replicated: null, tlsRequired: true })],
];

/** Azure's verified modules, which keep continuous copies unless they are told not to. */
const modules: readonly (readonly [type: RegExp, judge: Judge])[] = [
  [/\/avm\/res\/db-for-postgre-sql\/flexible-server$/, server('postgres')],
  [/\/avm\/res\/db-for-my-sql\/flexible-server$/, server('mysql')],
  [/\/avm\/res\/sql\/server$/, server('sqlserver')],
  [/\/avm\/res\/document-db\/database-account$/, cosmos('Continuous')],
];

/** Databases that Bicep files declare, on top of what `blank` leaves open. */
export const databaseBicep = (blank: Partial<Item>): Reader => ({
  name: 'database-servers/bicep',
  kind: 'database-servers',
  files: { paths: ['*.bicep'], roles: ['config'] },
  keywords: ['Microsoft.DBfor', 'Microsoft.Sql/', 'Microsoft.DocumentDB/', 'avm/res/'],
  read: (source) => ({
    items: bicepDeclarations(source).flatMap((declaration): Item[] => {
      const type = declaration.type.replace(/^br(?:\/\w+)?:/, '/');
      const judge = (declaration.module ? modules : types).find(([pattern]) => pattern.test(type))?.[1];
      if (!judge) return [];
      const { path } = source;
      const { name, line, body } = declaration;
      return [{ ...blank, path, line, source: 'bicep', name, resource: declaration.type, managed: true, ...judge(body) }];
    }),
  }),
});
