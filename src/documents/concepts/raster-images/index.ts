import type { Combiner } from '../../../model/document.js';

const raster = /\.(png|jpe?g|gif|webp|avif)$/i;
/** Folders whose files a web server or bundler hands to browsers. */
const assets = /(?:^|\/)(?:static|public|assets|images|img|media|wwwroot|www|webroot|resources|src|app|web|frontend|client)\//i;
/** Pictures of the software, icons of the platform, and what never reaches a browser. */
const aside =
  /(?:^|\/)(?:\.github|docs?|documentation|screenshots?|store|resources\/(?:images|appicon|splash)|marketing|readme|art|design|android|ios|res|test|tests|spec|e2e|fixtures|__\w+__|storybook|node_modules|vendor)\/|(?:^|\/)[^/]*(?:favicon|apple-touch|apple-icon|android-chrome|mstile|maskable|icon-?\d+|logo-?\d+x|screenshot|splash)[^/]*$|^(?:(?:images?|img|media|assets)\/[^/]*|assets\/(?:images?|img|screenshots)\/.*)$/i;

/** Read from the list of files only: a picture's content says nothing that its size and format don't. */
export const rasterImages: Combiner = {
  kind: 'raster-images',
  combine(_items, { files }) {
    return files
      .filter(
        (f) =>
          !['vendored', 'test', 'sample', 'docs'].includes(f.role) && raster.test(f.path) && assets.test(f.path) && !aside.test(f.path),
      )
      .map((f) => ({
        path: f.path,
        line: 1,
        format: raster.exec(f.path)![1]!.toLowerCase(),
        kilobytes: Math.ceil(f.size / 1024),
      }));
  },
};
