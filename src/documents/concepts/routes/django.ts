import type { Item, Reader } from '../../../model/document.js';
import { argument, findCalls } from '../syntax-text.js';
import { literal, stringsIn } from '../syntax-value.js';
import { decoratorsAbove } from './python.js';
import { indentedBody, isGuard, marker, routeItem } from './shared.js';

const open = /AllowAny|IsAuthenticatedOrReadOnly|DjangoModelPermissionsOrAnonReadOnly/;

/** Django: urlpatterns and DRF routers; views, permissions and defaults are markers that the combiner joins by the view's name. */
export const django: Reader = {
  name: 'routes/django',
  kind: 'routes',
  files: { languages: ['python'], roles: ['product'] },
  keywords: ['django', 'rest_framework', 'ninja', 'DEFAULT_PERMISSION_CLASSES', 'ViewSet'],
  read(source) {
    const { code } = source;
    const items: Item[] = [];
    if (/urlpatterns|\.register\(/.test(code)) {
      for (const call of findCalls(code, /\b(?:path|re_path|url)(?=\s*\(\s*(?:_\()?r?["'])/g)) {
        const route = stringsIn(call.arguments[0]?.text ?? '')[0] ?? '';
        const view = call.arguments[1]?.text ?? '';
        const include = /^include\(\s*([^)]*)/.exec(view);
        if (include) {
          const target = stringsIn(include[1]!)[0] ?? include[1]!.replace(/[()\s]/g, '').split(',')[0]!;
          if (/^[\w.]+$/.test(target) && target.includes('.') && !/admin\.site|\.urls\.urls|router\.urls/.test(target))
            items.push(
              marker(source, call.offset, 'mount', {
                from: '',
                target: `${target}.urlpatterns`,
                prefix: route.replace(/^\^|\$$/g, ''),
                auth: false,
              }),
            );
          continue;
        }
        // An admin or a wrapped view keeps what wraps it.
        const wrapped = /^([\w.]+)\(\s*([\w.]+)(?:\.as_view\([^]*\))?\s*\)$/.exec(view);
        const name = (/^([\w.]+?)(?:\.as_view\b|$)/.exec(wrapped && !/as_view/.test(wrapped[1]!) ? wrapped[2]! : view)?.[1] ?? view)
          .split('.')
          .pop()!;
        const auth = (wrapped && isGuard(wrapped[1]!)) || /admin\.site/.test(view) ? true : null;
        items.push(
          routeItem(source, call.offset, 'django', {
            method: 'ANY',
            route: `/${route.replace(/^\^?\/?/, '').replace(/\$$/, '')}`,
            handler: /admin\.site/.test(view) ? 'admin.site' : name,
            auth,
          }),
        );
      }
      for (const call of findCalls(code, /\b\w*router\w*\.register(?=\s*\()/gi)) {
        const route = literal(call.arguments[0]?.text ?? '');
        const name = (argument(call.arguments, 'viewset', 1)?.text ?? '').split('.').pop()!;
        if (typeof route === 'string')
          for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'])
            items.push(
              routeItem(source, call.offset, 'django', { method, route: `/${route.replace(/^\//, '')}`, handler: name, via: 'viewset' }),
            );
      }
    }
    const defaults = /DEFAULT_PERMISSION_CLASSES["']?\s*[:=]\s*[[(]([^\])]*)/.exec(code);
    if (defaults)
      items.push(
        marker(source, defaults.index, 'default', {
          auth: /Permission|IsAuth|IsAdmin/.test(defaults[1]!) && !open.test(defaults[1]!),
          orReadOnly: /Or(?:Anon)?ReadOnly/.test(defaults[1]!) && !/AllowAny/.test(defaults[1]!),
        }),
      );
    const required = /LoginRequiredMiddleware/.exec(code);
    if (required && /MIDDLEWARE/.test(code)) items.push(marker(source, required.index, 'default', { auth: true, views: true }));
    for (const match of code.matchAll(/^class\s+(\w+)\s*\(([^)]*)\)\s*:/gm)) {
      const bases = match[2]!;
      if (!/View|Mixin|Set\b|API|Resource|Controller/.test(bases)) continue;
      const body = indentedBody(code, match.index + match[0].length - 1, 0);
      const permissions = /permission_classes\s*=\s*([^\n]*(?:\n[ \t]{5}[^\n]*)*)/.exec(body)?.[1];
      const throttles = /throttle_(?:classes|scope)/.test(body);
      const guarded =
        /LoginRequiredMixin|PermissionRequiredMixin|UserPassesTestMixin|AccessMixin|StaffRequired/.test(bases) ||
        decoratorsAbove(code, match.index).some((d) => /login_required|permission_required|staff_member/.test(d));
      const drf = /APIView|ViewSet|GenericViewSet|ListAPI|CreateAPI|RetrieveAPI|UpdateAPI|DestroyAPI|ListCreate|RetrieveUpdate/.test(bases);
      const auth = guarded
        ? true
        : permissions === undefined
          ? null
          : /IsAuthenticatedOrReadOnly|OrReadOnly/.test(permissions)
            ? null
            : /\w/.test(permissions.replace(/[[\](),\s]/g, ''))
              ? !/AllowAny/.test(permissions)
              : false;
      items.push(
        marker(source, match.index, 'view', {
          name: match[1]!,
          auth,
          orReadOnly: /OrReadOnly/.test(permissions ?? ''),
          drf,
          throttled: throttles,
          serializer: /serializer_class|get_serializer|Serializer\(/.test(body),
          upload: /request\.FILES|MultiPartParser|FileUploadParser/.test(body),
          readOnly: /\bReadOnly\w*View(?:Set)?\b/.test(bases),
          actions: viewsetMethods(bases, body),
          verbs: [...body.matchAll(/^\s+def (get|post|put|patch|delete)\(/gm)].map((m) => m[1]!.toUpperCase()),
          bases: bases.split(',').map((b) => b.trim().split('.').pop()!),
          body: body.slice(0, 2_000),
        }),
      );
    }
    for (const match of code.matchAll(/^(?:async )?def\s+(\w+)\s*\(\s*request\b[^)]*\)[^\n]*:/gm)) {
      const decorators = decoratorsAbove(code, match.index);
      const drf = decorators.some((d) => d.startsWith('api_view'));
      const permissions = decorators.find((d) => d.startsWith('permission_classes'));
      const body = indentedBody(code, match.index + match[0].length - 1, 0);
      const auth = permissions
        ? !/AllowAny/.test(permissions)
        : decorators.some(isGuard)
          ? true
          : drf
            ? null
            : /request\.user\.is_authenticated/.test(body)
              ? true
              : false;
      const verbs = decorators
        .filter((d) => /^(?:api_view|require_http_methods|require_(?:GET|POST))/.test(d))
        .flatMap((d) => {
          const only = /^require_(GET|POST)\b/.exec(d);
          return only ? [only[1]!] : stringsIn(d);
        });
      items.push(
        marker(source, match.index, 'view', {
          name: match[1]!,
          auth,
          orReadOnly: false,
          drf,
          throttled: decorators.some((d) => /throttle|ratelimit/.test(d)),
          serializer: /Serializer\(|Form\(/.test(body),
          upload: /request\.FILES/.test(body),
          readOnly: false,
          verbs,
          bases: [],
          body: body.slice(0, 2_000),
        }),
      );
    }
    return { items };
  },
};

const mixins: Readonly<Record<string, readonly string[]>> = {
  List: ['GET'], Retrieve: ['GET'], Create: ['POST'], Update: ['PUT', 'PATCH'], Destroy: ['DELETE'],
}; // prettier-ignore
const overridden: Readonly<Record<string, string>> = {
  list: 'GET', retrieve: 'GET', create: 'POST', update: 'PUT', partial_update: 'PATCH', destroy: 'DELETE',
}; // prettier-ignore

/** The methods of a viewset that is put together from the framework's mixins; none told where a base class is somebody else's. */
function viewsetMethods(bases: string, body: string): string[] {
  const names = bases.split(',').map((b) => b.trim().split('.').pop()!).filter(Boolean); // prettier-ignore
  if (
    !names.some((n) => /^(?:Generic)?ViewSet$/.test(n)) ||
    !names.every((n) => /^(?:Generic)?ViewSet$|^(?:List|Retrieve|Create|Update|Destroy)ModelMixin$/.test(n))
  )
    return [];
  return [
    ...names.flatMap((n) => mixins[n.replace('ModelMixin', '')] ?? []),
    ...[...body.matchAll(/^[ \t]+(?:async )?def (\w+)\(/gm)].flatMap((m) => (Object.hasOwn(overridden, m[1]!) ? [overridden[m[1]!]!] : [])),
  ];
}
