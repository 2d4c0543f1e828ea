import type { Reader } from '../../../model/document.js';
import { aspnet } from './aspnet.js';
import { django } from './django.js';
import { fastapi } from './fastapi.js';
import { flask } from './flask.js';
import { go } from './go.js';
import { handlers } from './handlers.js';
import { jvm } from './jvm.js';
import { laravelControllers } from './laravel.js';
import { nest } from './nest.js';
import { next } from './next.js';
import { nextMiddleware } from './next-middleware.js';
import { node } from './node.js';
import { php } from './php.js';
import { remix } from './remix.js';
import { rails } from './ruby.js';
import { rust } from './rust.js';
import { trpc } from './trpc.js';

export { routesCombiner } from './combine.js';
export const routesReaders: readonly Reader[] = [
  fastapi,
  flask,
  django,
  node,
  handlers,
  trpc,
  nest,
  next,
  nextMiddleware,
  remix,
  go,
  jvm,
  rails,
  php,
  laravelControllers,
  aspnet,
  rust,
];
