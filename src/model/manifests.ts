/** Files that declare the packages of a project, in any ecosystem. */
const manifests =
  /(^|\/)(package\.json|pyproject\.toml|requirements\.txt|Pipfile|setup\.py|go\.mod|pom\.xml|build\.gradle(\.kts)?|Gemfile|composer\.json|Cargo\.toml|[^/]+\.[cf]sproj|mix\.exs|build\.sbt|pubspec\.yaml|Package\.swift|CMakeLists\.txt|[^/]+\.cabal|project\.clj|deps\.edn|shard\.yml|rebar\.config|gleam\.toml)$/;

/** Of the language that a start is written in: a package.json beside a Django project is no root of it. */
const manifestsOf: readonly (readonly [start: RegExp, manifest: RegExp])[] = [
  [/\.py$/, /(^|\/)(pyproject\.toml|requirements[\w.-]*\.txt|Pipfile|setup\.py|setup\.cfg)$/],
  [/config\.ru$/, /(^|\/)Gemfile$/],
  [/artisan$/, /(^|\/)composer\.json$/],
];

const folderOf = (path: string): string => (path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '');

/** Where projects of a repository begin. Folders are relative, '' is the repository's own. */
export interface ProjectRoots {
  /** Folders with a manifest. */
  readonly folders: ReadonlySet<string>;
  /** The nearest folder with a manifest, the given one included; null where there is none up to the root. */
  above(folder: string): string | null;
  /** The same for a file that starts something, where a manifest of its own language anywhere above comes before any other. */
  ofStart(path: string): string | null;
}

/** The roots among the given paths of files. */
export function projectRoots(paths: readonly string[]): ProjectRoots {
  const foldersWith = (manifest: RegExp) => new Set(paths.filter((path) => manifest.test(path)).map(folderOf));
  const folders = foldersWith(manifests);
  const own = manifestsOf.map(([start, manifest]) => [start, foldersWith(manifest)] as const);
  return {
    folders,
    above: (folder) => nearest(folder, folders),
    ofStart: (path) => {
      const language = own.find(([start]) => start.test(path))?.[1];
      return (language && nearest(folderOf(path), language)) ?? nearest(folderOf(path), folders);
    },
  };
}

function nearest(folder: string, folders: ReadonlySet<string>): string | null {
  for (let at = folder; ; at = folderOf(at)) {
    if (folders.has(at)) return at;
    if (at === '') return null;
  }
}
