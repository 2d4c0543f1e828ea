import { expect, test } from 'vitest';
import { startsCombiners, startsReaders } from '../../src/documents/concepts/starts/index.js';
import { partitionOwners } from '../../src/inventory/deployables.js';
import { combined } from '../documents/concepts/dependencies/support.js';

const project = (...references: string[]): string =>
  `<Project Sdk="Microsoft.NET.Sdk.Web">${references.map((r) => `<ProjectReference Include="${r}" />`).join('')}</Project>`;
const program = 'var app = WebApplication.CreateBuilder(args).Build();\napp.Run();\n';

test('the parts of a start are the projects it is built with', async () => {
  const starts = await combined(startsCombiners[0]!, startsReaders, {
    'src/Web/Web.csproj': project('..\\Core\\Core.csproj', '..\\Admin\\Admin.csproj'),
    'src/Web/Program.cs': program,
    'src/Core/Core.csproj': project('../Shared/Shared.csproj'),
    'src/Admin/Admin.csproj': project('../../../outside/Other.csproj'),
  });
  expect(starts.map((s) => [s.root, s.parts])).toEqual([['src/Web', ['src/Admin', 'src/Core', 'src/Shared']]]);
});

test('projects of Gradle are named from the folder of its settings', async () => {
  const starts = await combined(startsCombiners[0]!, startsReaders, {
    'backend/settings.gradle': "include ':app', ':core:model'\n",
    'backend/app/build.gradle': "dependencies {\n  implementation project(':core:model')\n}\n",
    'backend/app/src/main/java/App.java':
      '@SpringBootApplication\nclass App {\n  public static void main(String[] args) {\n    SpringApplication.run(App.class, args);\n  }\n}\n',
  });
  expect([...new Map(starts.map((s) => [s.root, s.parts]))]).toEqual([['backend/app', ['backend/core/model']]]);
});

test('a project that one deployable alone is built with is its own', () => {
  const ownerOf = partitionOwners([
    { name: 'web', root: 'src/Web', evidence: [], parts: ['src/Core', 'src/Admin'] },
    { name: 'api', root: 'src/Api', evidence: [], parts: ['src/Core'] },
  ]);
  expect(['src/Web/a.cs', 'src/Admin/b.razor', 'src/Core/c.cs', 'src/Api/d.cs', 'README.md'].map(ownerOf)).toEqual([
    'src/Web',
    'src/Web',
    null,
    'src/Api',
    null,
  ]);
});
