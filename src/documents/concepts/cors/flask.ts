import type { Item, Reader } from '../../../model/document.js';
import { argument, entriesOf, findCalls } from '../syntax-text.js';
import { literal } from '../syntax-value.js';
import { anyOrigin, codeFiles, corsItem, flagOf, joinOrigins, methodsOf, originsOf } from './shared.js';

/** Flask-CORS (`CORS(app, ...)`, `cors.init_app`, `@cross_origin`) and Flask-SocketIO's `cors_allowed_origins`. Without origins any origin is allowed. */
export const flask: Reader = {
  name: 'cors/flask',
  kind: 'cors',
  files: codeFiles('python'),
  keywords: ['flask_cors', 'cross_origin', 'quart_cors', 'cors_allowed_origins', 'CORS_ORIGINS'],
  read(source) {
    const { code } = source;
    const items: Item[] = [];
    const isCors = /flask_cors|quart_cors/.test(code);
    const calls = isCors ? findCalls(code, /(?<![\w.])(?:CORS|@?cross_origin|cors\.init_app|cors)(?=\s*\()/g) : [];
    for (const call of calls) {
      // CORS() without an application is set up by init_app later.
      if (call.name === 'CORS' && call.arguments.length === 0 && /cors\.init_app\(/.test(code)) continue;
      const resources = argument(call.arguments, 'resources');
      const found = resources ? resourceOrigins(resources.text, code) : null;
      const origins = argument(call.arguments, 'origins') ?? argument(call.arguments, 'allow_origin');
      const configured = /CORS_ORIGINS["']?\]?\s*=\s*([^\n]+)/.exec(code);
      const value = origins
        ? originsOf(origins.text, code)
        : (found?.origins ?? (configured ? originsOf(configured[1]!, code) : anyOrigin));
      const credentials = argument(call.arguments, 'supports_credentials') ?? argument(call.arguments, 'allow_credentials');
      items.push(
        corsItem(source, call.offset, 'flask-cors', value, {
          credentials: credentials ? flagOf(credentials.text, code) : (found?.credentials ?? false),
          methods: methodsOf(argument(call.arguments, 'methods')?.text, code),
        }),
      );
    }
    for (const call of findCalls(code, /\b(?:SocketIO|AsyncServer|Server|socketio\.init_app)(?=\s*\()/g)) {
      const origins = argument(call.arguments, 'cors_allowed_origins');
      if (origins)
        items.push(
          corsItem(source, call.offset, 'socketio', originsOf(origins.text, code), {
            credentials: flagOf(argument(call.arguments, 'cors_credentials')?.text ?? 'True', code),
          }),
        );
    }
    return { items };
  },
};

/** `resources={r"/api/*": {"origins": "*", "supports_credentials": True}}`; paths given alone have any origin. */
function resourceOrigins(text: string, code: string) {
  const paths = entriesOf(text);
  if (!paths)
    return literal(text) === undefined
      ? { origins: { ...anyOrigin, anyOrigin: null }, credentials: null }
      : { origins: anyOrigin, credentials: false };
  let credentials: boolean | null = false;
  const all = [...paths.values()].map((path) => {
    const options = entriesOf(path.text);
    if (options?.has('supports_credentials')) credentials = flagOf(options.get('supports_credentials')!.text, code);
    return options?.has('origins') ? originsOf(options.get('origins')!.text, code) : anyOrigin;
  });
  const raw = /["']origins["']\s*:\s*/.test(text) && all.length === 0 ? anyOrigin : null;
  return { origins: raw ?? all.reduce(joinOrigins, { ...anyOrigin, anyOrigin: false }), credentials };
}
