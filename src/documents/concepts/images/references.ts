import { imageParts } from '../../formats/dockerfile.js';

/** Images whose minor releases break software: the tag names major and minor (catalogue: containers/base-image-pinned). */
const minorMatters = /^(?:python|ruby|php|golang|rust|pypy)$/;
const floating =
  /^(?:latest|lts|stable|mainline|current|edge|rolling|alpine|slim|main|master|nightly|develop|dev|canary|unstable|fpm|apache|cli|jdk|jre)(?=$|[-_.\d])/i;
const codename = /\b(?:trixie|bookworm|bullseye|buster|stretch|noble|jammy|focal|bionic|xenial|resolute|plucky)\b/;

const nameOf = (image: string): string => image.split('/').at(-1) ?? image;

/** What is wrong with a base image's reference, '' where it is pinned well enough or nothing can be told. */
export function looseBase(reference: string): string {
  if (reference === '' || reference === 'scratch' || /\$/.test(reference)) return '';
  const { image, tag, digest } = imageParts(reference);
  if (digest) return '';
  if (tag === null) return 'has no tag';
  const name = nameOf(image);
  if (minorMatters.test(name) && !image.includes('/') && /^\D|^\d+(?:-|$)/.test(tag)) return 'names no major and minor version';
  return looseTag(image, tag);
}

/** The same for an image that is deployed: a tag must tell a version or a commit. */
export function looseDeployed(reference: string): string {
  if (reference === '') return '';
  const { image, tag, digest } = imageParts(reference);
  if (digest) return '';
  if (tag === null) return /\$|\{\{|</.test(nameOf(image)) ? '' : 'has no tag';
  if (/[${}<]/.test(tag)) return '';
  return looseTag(image, tag);
}

function looseTag(image: string, tag: string): string {
  if (tag === 'latest') return 'has the tag latest';
  // Distributions are released under code names; distroless images carry the release in their own name.
  if (/(?:^|\/)(?:debian|ubuntu|buildpack-deps)$/.test(image) && codename.test(tag)) return '';
  if (/debian\d+|ubi\d|alpine\d/.test(image) && !floating.test(tag)) return '';
  if (floating.test(tag) || codename.test(tag.split('-')[0] ?? '')) return `has the floating tag ${tag}`;
  // A commit's hash is a version, whatever its letters are.
  return /\d/.test(tag) || /^(?:sha-)?[0-9a-f]{7,40}$/.test(tag) ? '' : `has the tag ${tag}, which names no version`;
}

/** Full or build images where a lean one exists; '' where the base is fine or unknown. SDKs count only after another stage. */
export function heavyBase(reference: string, stages: number): string {
  const { image, tag } = imageParts(reference);
  const name = nameOf(image);
  const label = tag ?? '';
  if (/slim|alpine|distroless|chiseled|wolfi|chainguard|minimal|micro|-jre|^jre/.test(label) || /distroless|chainguard/.test(image))
    return '';
  if (/^(?:python|node|ruby|perl|pypy|elixir)$/.test(name) && !/\//.test(image.replace(/^docker\.io\/(?:library\/)?/, '')))
    return `${name} has slim and alpine variants`;
  const sdk =
    /^(?:golang|rust|maven|gradle|sbt|swift)$/.test(name) ||
    (/^(?:openjdk|eclipse-temurin|amazoncorretto|zulu-openjdk|liberica-openjdk-debian|sapmachine|ibm-semeru-runtimes)$/.test(name) &&
      !/headless/.test(label)) ||
    /(?:^|\/)dotnet\/(?:core\/)?sdk$|-sdk$|-jdk$/.test(image);
  return sdk && stages > 1 ? `${reference} is a development kit` : '';
}

/** Minimal images that hold neither the tool nor a package with it. */
export function lacksTool(reference: string, tool: string): boolean {
  const { image, tag } = imageParts(reference);
  const name = nameOf(image);
  const label = tag ?? '';
  if (/distroless/.test(image) || image === 'scratch') return true;
  if (!/^(?:python|node|ruby|debian|alpine|golang|rust)$/.test(name)) return false;
  const alpine = name === 'alpine' || /alpine/.test(label);
  if (tool === 'curl') return alpine || /slim/.test(label) || name === 'debian';
  return tool === 'wget' && !alpine && (/slim/.test(label) || name === 'debian');
}
