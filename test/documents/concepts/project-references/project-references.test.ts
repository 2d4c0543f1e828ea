import { expect, test } from 'vitest';
import { dependencyReaders } from '../../../../src/documents/concepts/dependencies/index.js';
import { projectReferenceReaders, projectReferences } from '../../../../src/documents/concepts/project-references/index.js';
import { importReaders } from '../../../../src/documents/concepts/undeclared-imports/index.js';
import { concepts } from '../../../../src/model/concepts.js';
import { combined } from '../dependencies/support.js';

const project = (...references: string[]): string =>
  `<Project Sdk="Microsoft.NET.Sdk.Web">${references.map((r) => `<ProjectReference Include="${r}" />`).join('')}</Project>`;
const member = (name: string, ...needs: string[]): string =>
  `{\n  "name": "${name}",\n  "dependencies": { ${needs.map((n) => `"${n}": "^1.0.0"`).join(', ')} }\n}\n`;

test.each<[string, Record<string, string>, [string, string][]]>([
  [
    '.NET, nothing outside of the repository',
    { 'src/Web/Web.csproj': project('..\\Core\\Core.csproj', '../../../outside/Other.csproj'), 'src/Core/Core.csproj': project() },
    [['src/Web', 'src/Core']],
  ],
  [
    'Gradle, named from the folder of its settings',
    { 'backend/settings.gradle': "include ':app', ':core:model'\n", 'backend/app/build.gradle': "dependencies {\n  implementation project(':core:model')\n}\n" },
    [['backend/app', 'backend/core/model']],
  ],
  [
    'an image of one project of .NET, by its one name in the repository',
    {
      'src/Web/Web.csproj': project(),
      'src/Jobs/Jobs.csproj': project(),
      'src/Dockerfile': 'FROM sdk\nRUN dotnet restore Jobs/Jobs.csproj && \\\n  dotnet publish -c Release -o /app "Web.csproj"\n',
      'all.Dockerfile': 'FROM sdk\nRUN dotnet publish src/Web/Web.csproj\nRUN dotnet publish src/Jobs/Jobs.csproj\n',
    },
    [['src/Dockerfile', 'src/Web']],
  ],
  [
    'npm, by the names of the members, not of their folders',
    { 'apps/web/package.json': member('web', '@x/ui', 'react', 'db'), 'packages/ui/package.json': member('@x/ui'), 'packages/db/package.json': member('@x/db') },
    [['apps/web', 'packages/ui']],
  ],
  [
    'Maven',
    {
      'shop-web/pom.xml': '<project><dependencies><dependency><groupId>org.example</groupId><artifactId>shop-core</artifactId></dependency></dependencies></project>',
      'shop-core/pom.xml': '<project><artifactId>shop-core</artifactId></project>',
    },
    [['shop-web', 'shop-core']],
  ],
  ['Cargo', { 'api/Cargo.toml': '[dependencies]\nmy_store = { path = "../my-store" }\n', 'my-store/Cargo.toml': '[package]\nname = "my-store"\n' }, [['api', 'my-store']]],
])('%s', async (_, files, expected) => {
  const items = await combined(projectReferences, [...projectReferenceReaders, ...dependencyReaders, ...importReaders], files);
  expect(items.map((i) => concepts['project-references'].parse(i)).map((i) => [i.from, i.to])).toEqual(expected);
}); // prettier-ignore
