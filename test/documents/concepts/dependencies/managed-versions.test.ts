import { expect, test } from 'vitest';
import { dependencyReaders, managedDependencies } from '../../../../src/documents/concepts/dependencies/index.js';
import { combined } from './support.js';

const versions = async (files: Record<string, string>): Promise<unknown[]> =>
  (await combined(managedDependencies, dependencyReaders, files)).filter((d) => d.scope === 'runtime').map((d) => [d.name, d.version]);

test.each<[string, Record<string, string>, unknown[]]>([
  ['the plugin of Spring Boot', { 'build.gradle': "plugins {\n  id 'org.springframework.boot' version '2.6.3'\n}\ndependencies {\n  implementation 'org.springframework.boot:spring-boot-starter-web'\n  implementation 'org.flywaydb:flyway-core'\n}\n" }, [['org.springframework.boot:spring-boot-starter-web', '2.6.3'], ['org.flywaydb:flyway-core', null]]],
  ['the plugin in a version catalogue', { 'gradle/libs.versions.toml': '[versions]\nboot = "3.5.1"\n[plugins]\nboot = { id = "org.springframework.boot", version.ref = "boot" }\n', 'app/build.gradle.kts': 'dependencies {\n  implementation("org.springframework.boot:spring-boot-starter")\n}\n' }, [['org.springframework.boot:spring-boot-starter', '3.5.1']]],
  ['a parent and a managed package', { 'pom.xml': '<project><parent><groupId>org.springframework.boot</groupId><artifactId>spring-boot-starter-parent</artifactId><version>3.3.0</version></parent><dependencyManagement><dependencies><dependency><groupId>g</groupId><artifactId>a</artifactId><version>1.2</version></dependency></dependencies></dependencyManagement><dependencies><dependency><groupId>org.springframework.boot</groupId><artifactId>spring-boot-starter-web</artifactId></dependency><dependency><groupId>g</groupId><artifactId>a</artifactId></dependency></dependencies></project>' }, [['org.springframework.boot:spring-boot-starter-web', '3.3.0'], ['g:a', '1.2']]],
  ['the central list of NuGet, with a property', { 'Directory.Packages.props': '<Project><PropertyGroup><Ef>8.0.2</Ef></PropertyGroup><ItemGroup><PackageVersion Include="Microsoft.EntityFrameworkCore" Version="$(Ef)" /></ItemGroup></Project>', 'src/Web/Web.csproj': '<Project><ItemGroup><PackageReference Include="Microsoft.EntityFrameworkCore" /><PackageReference Include="Serilog" /></ItemGroup></Project>' }, [['Microsoft.EntityFrameworkCore', '8.0.2'], ['Serilog', null]]],
  ['a list beside, not above', { 'tools/Directory.Packages.props': '<Project><ItemGroup><PackageVersion Include="Serilog" Version="4.0.0" /></ItemGroup></Project>', 'src/Web/Web.csproj': '<Project><ItemGroup><PackageReference Include="Serilog" /></ItemGroup></Project>' }, [['Serilog', null]]],
])('%s', async (_, files, expected) => expect(await versions(files)).toEqual(expected)); // prettier-ignore
