/** What a file is for, known once for all checks; the rules are those of the catalogue's `file-kinds`. */
export type Role =
  | 'product' // source in a programming language that is part of the software
  | 'test'
  | 'sample'
  | 'script' // source under bin, scripts, tools ... that no deployable starts
  | 'docs' // Markdown, reStructuredText, AsciiDoc, plain text, LICENSE
  | 'ci' // workflows and pipelines
  | 'config' // YAML, TOML, JSON, INI, Dockerfiles, manifests, templates of configuration ...
  | 'template' // HTML and other markup that is rendered for people
  | 'generated' // lock files, minified files, source maps, snapshots
  | 'vendored' // node_modules, vendor, dist ...: listed, never read
  | 'other'; // binaries, images, data

/** Which variant of the settings a file holds (catalogue: `production-variant`). `template` is *.example and the like. */
export type Variant = 'base' | 'production' | 'staging' | 'development' | 'test' | 'template';

export type Language =
  | 'python'
  | 'javascript'
  | 'typescript'
  | 'tsx'
  | 'go'
  | 'java'
  | 'kotlin'
  | 'ruby'
  | 'php'
  | 'csharp'
  | 'rust'
  | 'shell'
  | 'sql'
  | 'html'
  | 'css'
  | 'scala'
  | 'c'
  | 'cpp'
  | 'swift'
  | 'elixir'
  | 'dart'
  | 'vue'
  | 'svelte';

/** One entry of the repository's file list. `path` is relative to the target's root, with `/`. `size` is in bytes. */
export interface FileInfo {
  readonly path: string;
  readonly size: number;
  readonly role: Role;
  readonly language: Language | null;
  readonly variant: Variant;
}

/** Selects files; every given field must hold, a list holds when one of its members does. */
export interface FileSelector {
  /** Glob patterns (picomatch, `dot: true`) over the whole path; `Dockerfile` alone means `**` + `/Dockerfile`. */
  readonly paths?: readonly string[];
  readonly except?: readonly string[];
  readonly roles?: readonly Role[];
  readonly languages?: readonly Language[];
  /** Default: base and production. */
  readonly variants?: readonly Variant[];
}

/** A place in the target; lines and columns start at 1. */
export interface Place {
  readonly path: string;
  readonly line?: number;
  readonly column?: number;
}
