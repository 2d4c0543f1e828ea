import type { FileInfo, Language, Role } from '../model/file.js';
import { configExtensions, configNames, docExtensions, docNames, markupExtensions, sourceExtensions, sourceNames } from './languages.js';
import { folderVariant, variantOf } from './variant.js';

/** Never product, wherever they stand. */
const vendoredFolders = new Set(
  (
    'node_modules bower_components jspm_packages third_party third-party _vendor .venv venv virtualenv site-packages __pypackages__ __pycache__ .next .nuxt .readiness ' +
    '.output .svelte-kit .turbo .parcel-cache .cache .terraform .terragrunt-cache .gradle .tox .nox .mypy_cache .pytest_cache .ruff_cache .eggs .dart_tool ' +
    'pods carthage deriveddata .yarn .pnpm-store .git .hg .svn storybook-static .serverless .aws-sam cdk.out .nyc_output .react-email htmlcov dist'
  ).split(' '),
);
/** Generated or vendored at the root of a package or among assets; within a source tree they are packages of that name. */
const outputFolders = new Set(['build', 'out', 'target', 'coverage', 'vendor', 'obj']);
/** A library that was unpacked among assets: codemirror-5.17.0, pdfjs-5.2.133. */
const versionedName = /^[a-z][\w.-]*-v?\d+\.\d+(?:\.\d+)*$/;
const assetFolders = new Set(['static', 'public', 'assets', 'wwwroot', 'www', 'media', 'resources', 'staticfiles']);
const sourceFolders = new Set('src lib app internal pkg cmd source sources server backend api core'.split(' '));

const testFolders = new Set(
  (
    'test tests __tests__ spec specs e2e cypress playwright testdata fixtures __mocks__ __fixtures__ integration-tests integration_tests integrationtest ' +
    'integrationtests unit-tests unit_tests unittests functional-tests functional_tests acceptance-tests acceptance_tests e2e-tests e2e_tests androidtest ' +
    'testfixtures src-test'
  ).split(' '),
);
const testKinds = /^(?:perf|performance|load|stress|smoke|api|contract|component|system|regression|ui|browser|end-to-end|it)[-_]tests?$/;
const dotnetTests = /\.(?:unit|integration|functional|e2e|acceptance|architecture|api|component)*\.?tests?$/i;
const testDataFolders = new Set(['testdata', 'fixtures', '__mocks__', '__fixtures__']);
const sampleFolders = new Set('example examples sample samples demo demos playground docs docs_src'.split(' '));
const scriptFolders = new Set('bin scripts script tools hack ci'.split(' '));

const manifests = new Set(
  (
    'package.json pyproject.toml setup.py setup.cfg pipfile go.mod pom.xml build.gradle build.gradle.kts cargo.toml gemfile composer.json mix.exs ' +
    'pubspec.yaml package.swift build.sbt deno.json deno.jsonc requirements.txt project.clj'
  ).split(' '),
);
const manifestPattern = /\.(?:csproj|fsproj|vbproj|gemspec)$/;

const lockFiles = new Set(
  (
    'package-lock.json npm-shrinkwrap.json yarn.lock pnpm-lock.yaml bun.lock bun.lockb deno.lock pipfile.lock poetry.lock uv.lock pdm.lock pixi.lock ' +
    'conda-lock.yml gemfile.lock composer.lock cargo.lock go.sum go.work.sum packages.lock.json gradle.lockfile mix.lock pubspec.lock podfile.lock ' +
    'package.resolved flake.lock .terraform.lock.hcl chart.lock requirements.lock paket.lock .pnp.cjs .pnp.loader.mjs gradlew gradlew.bat mvnw mvnw.cmd'
  ).split(' '),
);
/** What a bundler writes beside the sources of a theme: index.94b01c79.js, page-DnpG92HR.js. */
const hashedName = /[-.](?:(?=[a-f]*\d)[0-9a-f]{8,20}|(?=[\w-]*\d)(?=[\w-]*[A-Z])(?=[\w-]*[a-z])[\w-]{8})\.(?:m?js|css)$/;

/** Libraries for browsers that are kept among assets under their own names. */
const libraryName =
  /^(?:jquery|bootstrap|popper|select2|font-?awesome|lodash|underscore|modernizr|codemirror|datatables|tinymce|ckeditor|summernote|dropzone|leaflet|moment|d3|sweetalert2?|toastr|handlebars|knockout|flatpickr|trianglify|htmx|socket\.io|swagger-ui|redoc|mathjax|pdf\.?js|video-?js|plotly|fullcalendar|typeahead|clipboard|zepto|prototype|require)(?:[.-][\w.-]*)?\.js$/;
const generatedName =
  /\.min\.(?:js|css|mjs)$|\.map$|\.snap$|_pb2(?:_grpc)?\.pyi?$|\.pb(?:\.gw)?\.go$|\.pb\.(?:cc|h)$|\.(?:g|freezed|gr|mocks)\.dart$|\.designer\.cs$|\.g(?:\.i)?\.cs$|\.generated\.\w+$|\.gen\.(?:ts|tsx|js|go|rs|py)$|_generated\.(?:go|ts|rs)$|^zz_generated|_gen\.go$|^bindata\.go$|-bundle\.js$|^_ide_helper(?:_\w+)?\.php$|^\.phpstorm\.meta\.php$|\.bundle\.js$|\.chunk\.(?:js|css)$/;

/** By convention of the test runners; only for source files. */
const testName =
  /^test_.*\.(?:py|rb|php|c|cpp)$|_tests?\.(?:py|go|rb|exs?|dart|c|cc|cpp|php|rs)$|^tests\.(?:py|rs)$|^conftest\.py$|\.(?:test|tests|spec|e2e|e2e-spec|cy|stories|story|int-spec|test-d)\.[a-z]+$|_spec\.(?:rb|js|ts|cr|lua)$|-(?:test|spec)\.(?:js|ts|tsx|jsx|mjs)$/;
/** Rails: what is loaded by its kind, a controller of test notifications too; its tests live below test or spec. */
const railsCode = /(?:^|\/)app\/(?:controllers|models|jobs|mailers|helpers|channels|services)\/(?:[^/]+\/)*test_[^/]*\.rb$/;
const testClass = /(?:Tests?|IT|TestCase|Spec)\.(?:java|kt|scala|groovy)$|Tests?\.(?:cs|swift|php|fs)$|Specs?\.(?:cs|fs)$/;

const ciFile =
  /^(?:\.gitlab-ci|.*\.gitlab-ci)\.ya?ml$|^jenkinsfile(?:[-_.].*)?$|\.jenkinsfile$|^azure-pipelines?(?:[-_.].*)?\.ya?ml$|^bitbucket-pipelines\.ya?ml$|^\.travis\.ya?ml$|^\.drone\.(?:ya?ml|star|jsonnet)$|^\.woodpecker\.ya?ml$|^cloudbuild(?:[-_.].*)?\.(?:ya?ml|json)$|^\.?appveyor\.ya?ml$|^buildspec(?:[-_.].*)?\.ya?ml$|^\.cirrus\.(?:ya?ml|star)$|^codefresh\.ya?ml$|^wercker\.ya?ml$|^\.?semaphore\.ya?ml$|^circle\.yml$|^bitrise\.ya?ml$|^codemagic\.ya?ml$/;
/** Read by their platform only at the root of the repository. */
const ciFolder =
  /^(?:\.github\/(?:workflows|actions)|\.(?:gitea|forgejo)\/workflows|\.circleci|\.gitlab|\.woodpecker|\.buildkite|\.teamcity|\.semaphore|\.tekton|\.azure-pipelines|\.azuredevops|\.azure\/pipelines|\.harness|\.drone|\.pipelines)(?:\/|$)/;

/** What the folders of a path say about the files below them. */
interface Folder {
  readonly path: string;
  readonly name: string;
  readonly vendored: boolean;
  readonly test: 'no' | 'test' | 'data';
  readonly sample: 'no' | 'sample' | 'docs';
  readonly script: boolean;
  readonly ci: boolean;
  readonly snapshots: boolean;
  /** Within a source tree, where `target` or `docs` is the name of a package. */
  readonly source: boolean;
  readonly assets: boolean;
  /** Within src/main/java and the like, where every folder is part of a package name. */
  readonly jvmMain: boolean;
  readonly variant: ReturnType<typeof folderVariant>;
}

interface Layout {
  readonly packageRoots: ReadonlySet<string>;
  /** Folders that hold a folder `src`. */
  readonly besideSrc: ReadonlySet<string>;
  /** Folders that are Python packages. */
  readonly pythonPackages: ReadonlySet<string>;
  /** Folders that are Django applications. */
  readonly djangoApps: ReadonlySet<string>;
  /** Folders below the root with the configuration of a generator of documentation sites. */
  readonly docSites: ReadonlySet<string>;
  /** Folders with a Dockerfile that is named for production. */
  readonly productionImages: ReadonlySet<string>;
}

const productionImage = /^(?:docker|container)file[._-](?:prod|production|prd)$|^(?:prod|production)[._-](?:docker|container)file$/i;

/** Docusaurus, Hugo and MkDocs make nothing else; Fumadocs and Nextra are a part of other sites as well, which their folder's name tells. */
const docSiteFile = /^docusaurus\.config\.[cm]?[jt]s$|^hugo\.(?:toml|ya?ml|json)$|^mkdocs\.ya?ml$/;
const docPart = /(?:^|\/)(?:docs?|documentation|website|manual|handbook)\/(?:source|theme)\.config\.[jt]sx?$/;

/**
 * Role, language and variant of every file (conventions `corpus`, `file-kinds`, `production-variant`), from the paths alone.
 * `size` is passed on. The order of the entries is kept.
 */
export function classify(entries: readonly { readonly path: string; readonly size: number }[]): FileInfo[] {
  const layout = layoutOf(entries);
  const root: Folder = {
    path: '',
    name: '',
    vendored: false,
    test: 'no',
    sample: 'no',
    script: false,
    ci: false,
    snapshots: false,
    source: false,
    assets: false,
    jvmMain: false,
    variant: null,
  };
  const folders = new Map<string, Folder>([['', root]]);
  const folderOf = (path: string): Folder => {
    const known = folders.get(path);
    if (known) return known;
    const slash = path.lastIndexOf('/');
    const folder = enter(folderOf(slash < 0 ? '' : path.slice(0, slash)), path.slice(slash + 1), path, layout);
    folders.set(path, folder);
    return folder;
  };
  return entries.map(({ path, size }) => {
    const slash = path.lastIndexOf('/');
    const folder = folderOf(slash < 0 ? '' : path.slice(0, slash));
    const name = path.slice(slash + 1);
    const { role, language } = roleOf(name, folder);
    const variant = variantOf(name, folder.name, role, folder.variant);
    // As with Compose files: where one is named for production, the plain one beside it is the developer's.
    const plain = variant === 'base' && layout.productionImages.has(folder.path) && /^(?:Docker|Container)file$/.test(name);
    return { path, size, role, language, variant: plain ? 'development' : variant };
  });
}

function layoutOf(entries: readonly { readonly path: string }[]): Layout {
  const packageRoots = new Set<string>(['']);
  const besideSrc = new Set<string>();
  const pythonPackages = new Set<string>();
  const djangoApps = new Set<string>();
  const docSites = new Set<string>();
  const productionImages = new Set<string>();
  let previous = '';
  for (const { path } of entries) {
    const slash = path.lastIndexOf('/');
    const folder = slash < 0 ? '' : path.slice(0, slash);
    const name = path.slice(slash + 1);
    if (name === '__init__.py') {
      pythonPackages.add(folder);
      if (folder.endsWith('/migrations')) djangoApps.add(folder.slice(0, -'/migrations'.length));
    }
    if (folder !== '' && (docSiteFile.test(name) || docPart.test(path))) docSites.add(folder);
    if (folder.endsWith('/.vitepress')) docSites.add(folder.slice(0, -'/.vitepress'.length));
    if (productionImage.test(name)) productionImages.add(folder);
    const lower = name.toLowerCase();
    if (manifests.has(lower) || manifestPattern.test(lower)) packageRoots.add(folder);
    if (folder === previous) continue;
    previous = folder;
    for (let at = `/${folder}/`.indexOf('/src/'); at >= 0; at = `/${folder}/`.indexOf('/src/', at + 1))
      besideSrc.add(folder.slice(0, Math.max(0, at - 1)));
  }
  return { packageRoots, besideSrc, pythonPackages, djangoApps, docSites, productionImages };
}

function enter(parent: Folder, name: string, path: string, layout: Layout): Folder {
  const lower = name.toLowerCase();
  const atPackageRoot = !parent.jvmMain && (layout.packageRoots.has(parent.path) || layout.besideSrc.has(parent.path));
  const test = parent.jvmMain ? parent.test : testKind(parent, lower, name);
  const sample = parent.sample !== 'no' ? parent.sample : sampleKind(lower, path, atPackageRoot, layout);
  const importable = lower === 'tools' && layout.pythonPackages.has(path);
  const script =
    parent.script ||
    lower === '.husky' ||
    (scriptFolders.has(lower) &&
      !importable &&
      !parent.jvmMain &&
      (atPackageRoot || !parent.source) &&
      !layout.pythonPackages.has(parent.path));
  return {
    path,
    name,
    vendored: parent.vendored || isVendored(parent, lower, atPackageRoot, path, layout),
    test,
    sample,
    script,
    ci: parent.ci || ciFolder.test(path),
    snapshots: parent.snapshots || lower === '__snapshots__',
    source: parent.source || sourceFolders.has(lower) || layout.pythonPackages.has(path),
    assets: parent.assets || assetFolders.has(lower),
    jvmMain: parent.jvmMain || /(?:^|\/)src\/main\/(?:java|kotlin|scala|groovy)$/.test(path),
    variant: folderVariant(name, parent.name, parent.path === '') ?? parent.variant,
  };
}

function sampleKind(lower: string, path: string, atPackageRoot: boolean, layout: Layout): Folder['sample'] {
  if (layout.docSites.has(path)) return 'docs';
  if (lower === 'docs') return atPackageRoot && !layout.djangoApps.has(path) ? 'docs' : 'no';
  return /[-_](?:examples|samples)$/.test(lower) || (atPackageRoot && sampleFolders.has(lower)) ? 'sample' : 'no';
}

function testKind(parent: Folder, lower: string, name: string): Folder['test'] {
  if (parent.test === 'data' || testDataFolders.has(lower)) return 'data';
  return parent.test === 'test' || testFolders.has(lower) || testKinds.test(lower) || dotnetTests.test(name) ? 'test' : 'no';
}

function isVendored(parent: Folder, lower: string, atPackageRoot: boolean, path: string, layout: Layout): boolean {
  if (parent.jvmMain) return false;
  if (vendoredFolders.has(lower) || lower.endsWith('.egg-info') || /(?:^|\/)bin\/(?:debug|release)$/i.test(path)) return true;
  if (parent.assets && versionedName.test(lower)) return true;
  if (!outputFolders.has(lower) || layout.pythonPackages.has(path)) return false;
  return atPackageRoot || parent.assets || (!parent.source && lower !== 'build');
}

type Kind = { readonly role: Role; readonly language: Language | null };

function roleOf(name: string, folder: Folder): Kind {
  const lower = name.toLowerCase();
  const plain = folder.name === 'requirements' && lower.endsWith('.txt') ? kind('config') : kindOf(name, lower);
  const as = (role: Role): Kind => ({ role, language: plain.language });
  if (folder.vendored || (folder.assets && libraryName.test(lower))) return as('vendored');
  if (lockFiles.has(lower) || generatedName.test(lower) || folder.snapshots || (folder.assets && hashedName.test(name)))
    return as('generated');
  if (plain.role === 'other') return folder.script && !lower.includes('.') ? as('script') : plain;
  const isSource = plain.role === 'product';
  if (folder.ci && (plain.role === 'config' || lower.startsWith('jenkinsfile'))) return as('ci');
  if (folder.ci && isSource) return as(folder.path.startsWith('.teamcity') ? 'ci' : 'script');
  if (ciFile.test(lower) && folder.test === 'no' && folder.sample === 'no') return as('ci');
  if (isSource && (testName.test(lower) || testClass.test(name)) && !railsCode.test(`${folder.path}/${lower}`)) return as('test');
  const apiDescription = /^(?:openapi|swagger|asyncapi)\b|[-_.](?:openapi|swagger|asyncapi)\b/.test(lower) && plain.role === 'config';
  if (folder.test === 'data') return as('test');
  if (folder.test === 'test') return plain.role === 'docs' ? plain : apiDescription ? plain : as('test');
  if (folder.sample === 'docs') return plain.role === 'docs' || plain.role === 'template' || apiDescription ? as('docs') : as('sample');
  if (folder.sample === 'sample') return as('sample');
  if (folder.script && isSource) return lower === 'manage.py' || lower === 'www' ? plain : as('script');
  if (folder.script && plain.role === 'config' && /(?:^|\/)ci(?:\/|$)/.test(folder.path) && /\.ya?ml$/.test(lower)) return as('ci');
  // What CI or an assistant of the developers runs.
  if (isSource && /^\.github|(?:^|\/)\.(?:agents|claude|codex|cursor|gemini|windsurf)(?:\/|$)/.test(folder.path)) return as('script');
  // Generators write code for whoever develops it: Plop and Turborepo's, which is Plop.
  if (isSource && (/^plopfile\.[cm]?[jt]s$/.test(lower) || /(?:^|\/)turbo\/generators(?:\/|$)/.test(folder.path))) return as('script');
  // Hooks of project generators (cookiecutter, copier) run when a copy is made.
  if (/^(?:pre|post)_(?:gen|prompt)_?\w*\.(?:py|sh)$/.test(lower)) return as('script');
  return plain;
}

const kind = (role: Role, language: Language | null = null): Kind => ({ role, language });
const sourceKinds = new Map([...sourceExtensions].map(([extension, language]) => [extension, kind('product', language)]));
const dockerfile = /^(?:.*[-_.])?(?:Dockerfile|Containerfile)(?:[-_.].*)?$/;

/** What a name says by itself. */
function kindOf(name: string, lower: string): Kind {
  const extension = lower.slice(lower.lastIndexOf('.') + 1);
  const hasExtension = lower.lastIndexOf('.') > 0;
  const source = hasExtension ? sourceKinds.get(extension) : undefined;
  if (source && !/^(?:\.env|dockerfile|containerfile|jenkinsfile)|\.gradle\.kts$|\.blade\.php$/.test(lower)) return source;
  if (dockerfile.test(name) && !docExtensions.has(extension)) return kind('config');
  if ((lower.startsWith('.env') || /^(?:env|dotenv)-(?:example|sample|template)/.test(lower)) && !/\.(?:ts|js|py|rb|php|md|d)$/.test(lower))
    return kind('config');
  if (lower.startsWith('jenkinsfile')) return kind('config');
  if (lower === 'www') return kind('product', 'javascript'); // the start file that express-generator writes
  if (lower === 'rakefile') return kind('script', 'ruby');
  if (!hasExtension) {
    const language = sourceNames.get(lower);
    if (language) return kind('product', language);
    if (docNames.has(lower)) return kind('docs');
    if (configNames.has(lower) || /^dockerfile|^containerfile/.test(lower))
      return kind('config', /^(?:gemfile|vagrantfile|podfile|brewfile|capfile|guardfile)$/.test(lower) ? 'ruby' : null);
    if (lower.startsWith('.') && lower !== '.gitkeep' && lower !== '.keep' && lower !== '.ds_store') return kind('config');
    return kind('other');
  }
  if (/\.(?:gradle\.kts|gradle)$|^build\.sbt$/.test(lower)) return kind('config', lower.endsWith('.kts') ? 'kotlin' : null);
  if (lower.endsWith('.gemspec')) return kind('config', 'ruby');
  if (lower.endsWith('.blade.php')) return kind('template', 'html');
  if (
    /^(?:readme|license|licence|copying|notice|changelog|changes|contributing|authors)(?:[-_.]|$)/.test(lower) &&
    !sourceExtensions.has(extension)
  )
    return kind('docs');
  if (
    /^(?:.*[-_.])?(?:requirements|constraints)(?:[-_.].*)?\.(?:txt|in|pip)$|^cmakelists\.txt$|^robots\.txt$|^security\.txt$|^runtime\.txt$|^packages\.txt$|^apt\.txt$/.test(
      lower,
    )
  )
    return kind('config');
  // Templates of other files are of the other file's kind: nginx.conf.j2, config.yml.example, index.html.erb.
  const wrapped =
    /^(.+)\.(?:j2|erb|tmpl|tpl|gotmpl|template|example|sample|dist|default|in|orig|disabled|local|enc|dev|prod|production|development|staging|test)$/.exec(
      lower,
    );
  if (wrapped?.[1] !== undefined && !sourceExtensions.has(extension)) {
    const inner = name.slice(0, wrapped[1].length);
    const innerKind = kindOf(inner, wrapped[1]);
    if (extension === 'enc') return kind('other');
    if (innerKind.role !== 'other') return innerKind;
    return extension === 'erb' ? kind('template', 'html') : kind('config');
  }
  if (source) return source;
  const markup = markupExtensions.get(extension);
  if (markup !== undefined) return kind('template', markup);
  if (docExtensions.has(extension)) return kind('docs');
  if (configExtensions.has(extension) || /rc\.\w+$/.test(lower)) return kind('config');
  if (configNames.has(lower.slice(0, lower.indexOf('.'))) && lower.indexOf('.') > 0) return kind('config');
  if (
    lower.startsWith('.') &&
    !/\.(?:png|jpe?g|gif|ico|swp)$/.test(lower) &&
    lower.indexOf('.', 1) > 0 &&
    /(?:ignore|rc|config|version)/.test(lower)
  )
    return kind('config');
  return kind('other');
}
