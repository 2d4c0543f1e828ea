import type { Combiner, Reader } from '../model/document.js';
import { backups, backupSchedules, backupScripts } from './concepts/backups/index.js';
import { alertReaders } from './concepts/alerts/index.js';
import { advisoriesCombiner } from './concepts/advisories/index.js';
import { ciJobReaders, ciJobs } from './concepts/ci-jobs/index.js';
import { columnReaders, columns } from './concepts/columns/index.js';
import { debtMarkers } from './concepts/code-facts/debt.js';
import { declarationReaders, declarations } from './concepts/code-facts/declarations.js';
import { cookieReaders } from './concepts/cookies/index.js';
import { corsCombiner, corsReaders } from './concepts/cors/index.js';
import { databaseReaders, databaseServers } from './concepts/database-servers/index.js';
import { dbOperationReaders, dbOperations } from './concepts/db-operations/index.js';
import { dependencyReaders, managedDependencies } from './concepts/dependencies/index.js';
import { envVariableReaders, envVariablesCombiner } from './concepts/env-variables/index.js';
import { httpClientsReaders } from './concepts/http-clients/index.js';
import { redisConf, redisServers } from './concepts/redis-servers/index.js';
import { resultsReaders } from './concepts/results/index.js';
import { routesCombiner, routesReaders } from './concepts/routes/index.js';
import { securityHeadersCombiner, securityHeadersReaders } from './concepts/security-headers/index.js';
import { runtimeReaders, runtimes } from './concepts/runtimes/index.js';
import { secretsCombiner, secretsReaders } from './concepts/secrets/index.js';
import { settingsCombiner, settingsReaders } from './concepts/settings/index.js';
import { migrationHistories, migrationReaders } from './concepts/migrations/index.js';
import { rasterImages } from './concepts/raster-images/index.js';
import { suppressions } from './concepts/suppressions/index.js';
import { startCommandReaders, startCommands } from './concepts/start-commands/index.js';
import { projectReferenceReaders, projectReferences } from './concepts/project-references/index.js';
import { startsCombiners, startsReaders } from './concepts/starts/index.js';
import { firewallCombiner, firewallReaders } from './concepts/firewall-rules/index.js';
import { imageFindingsCombiner, imageReaders, imagesCombiner } from './concepts/images/index.js';
import { logReaders } from './concepts/logs/index.js';
import { proxyRoutesCombiner } from './concepts/proxy-routes/index.js';
import { inputFieldReaders, inputFieldsCombiner } from './concepts/input-fields/index.js';
import { documentedCommandReaders, documentedCommandsCombiner } from './concepts/documented-commands/index.js';
import { licenceReaders, licencesCombiner } from './concepts/licences/index.js';
import { tableDocReaders, tableDocsCombiner } from './concepts/table-docs/index.js';
import { variableDocReaders, variableDocsCombiner } from './concepts/variable-docs/index.js';
import { lockStates } from './concepts/lock-states/index.js';
import { proseReaders } from './concepts/prose/index.js';
import { testCaseReaders, testCases } from './concepts/test-cases/index.js';
import { serverActionReaders } from './concepts/server-actions/index.js';
import { uiFetchReaders } from './concepts/ui-fetches/index.js';
import { importReaders, undeclaredImports } from './concepts/undeclared-imports/index.js';
import { workloadReaders, workloads } from './concepts/workloads/index.js';
import { codeowners } from './formats/codeowners.js';
import { compose, composeCombiner } from './formats/compose.js';
import { dockerfile } from './formats/dockerfile.js';
import { dotenv } from './formats/dotenv.js';
import { gitlabCi, gitlabFile } from './formats/gitlab-ci.js';
import { helmReaders, kubernetesCombiner } from './formats/helm.js';
import { ini } from './formats/ini.js';
import { json } from './formats/json.js';
import { kubernetes, kustomization, skaffold } from './formats/kubernetes.js';
import { nginx } from './formats/nginx.js';
import { properties } from './formats/properties.js';
import { proxies } from './formats/proxies.js';
import { terraform, terraformCombiner } from './formats/terraform.js';
import { toml } from './formats/toml.js';
import { action, workflow } from './formats/workflow.js';
import { xml } from './formats/xml.js';
import { yaml } from './formats/yaml.js';

/** Every reader, by format and concept. */
export const readers: readonly Reader[] = [
  codeowners,
  compose,
  dockerfile,
  dotenv,
  ini,
  json,
  properties,
  toml,
  xml,
  yaml,
  workflow,
  action,
  gitlabCi,
  gitlabFile,
  kubernetes,
  kustomization,
  skaffold,
  ...helmReaders,
  nginx,
  ...proxies,
  terraform,
  ...ciJobReaders,
  ...workloadReaders,
  ...imageReaders,
  ...firewallReaders,
  ...proseReaders,
  ...importReaders,
  ...runtimeReaders,
  ...licenceReaders,
  ...documentedCommandReaders,
  ...variableDocReaders,
  ...tableDocReaders,
  debtMarkers,
  ...declarationReaders,
  ...testCaseReaders,
  ...dependencyReaders,
  ...startsReaders,
  ...projectReferenceReaders,
  ...startCommandReaders,
  ...serverActionReaders,
  ...uiFetchReaders,
  ...alertReaders,
  ...logReaders,
  ...cookieReaders,
  ...corsReaders,
  ...routesReaders,
  ...resultsReaders,
  ...httpClientsReaders,
  ...secretsReaders,
  suppressions,
  ...securityHeadersReaders,
  ...inputFieldReaders,
  ...settingsReaders,
  ...envVariableReaders,
  redisConf,
  ...databaseReaders,
  backupScripts,
  backupSchedules,
  ...columnReaders,
  ...dbOperationReaders,
  ...migrationReaders,
];

/** What joins items of one concept across files. */
export const combiners: readonly Combiner[] = [
  managedDependencies,
  envVariablesCombiner,
  composeCombiner,
  kubernetesCombiner,
  terraformCombiner,
  ciJobs,
  testCases,
  advisoriesCombiner,
  undeclaredImports,
  runtimes,
  lockStates,
  declarations,
  workloads,
  imagesCombiner,
  imageFindingsCombiner,
  firewallCombiner,
  proxyRoutesCombiner,
  ...startsCombiners,
  projectReferences,
  startCommands,
  rasterImages,
  corsCombiner,
  routesCombiner,
  secretsCombiner,
  securityHeadersCombiner,
  inputFieldsCombiner,
  settingsCombiner,
  redisServers,
  databaseServers,
  backups,
  columns,
  dbOperations,
  migrationHistories,
  licencesCombiner,
  documentedCommandsCombiner,
  variableDocsCombiner,
  tableDocsCombiner,
];
