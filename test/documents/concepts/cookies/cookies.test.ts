import { describe, expect, it } from 'vitest';
import { cookieReaders } from '../../../../src/documents/concepts/cookies/index.js';
import type { Item } from '../../../../src/model/document.js';
import { concepts } from '../../../../src/model/concepts.js';
import { sourceOf } from '../../../support/source.js';

async function read(path: string, text: string): Promise<Item[]> {
  const source = sourceOf(path, text);
  const items: Item[] = [];
  for (const reader of cookieReaders)
    if (source.file.language && reader.files.languages!.includes(source.file.language) && reader.keywords!.some((k) => text.includes(k)))
      items.push(...((await reader.read(source)).items ?? []));
  for (const item of items) concepts.cookies.parse(item);
  return items;
}

describe('cookies', () => {
  it('reads set_cookie with the default of Starlette', async () => {
    const found = await read(
      'main.py',
      'from fastapi import FastAPI\nresponse.set_cookie("access_token", t, httponly=True, secure=settings.HTTPS)\n',
    );
    expect(found).toMatchObject([{ line: 2, name: 'access_token', httpOnly: true, secure: null, sameSite: 'lax' }]);
  });

  it("knows Koa's own flags, which are not those of others", async () => {
    expect(await read('a.ts', "ctx.cookies.set('accessToken', t, { sameSite: 'lax' });\n")).toMatchObject([
      { httpOnly: true, secure: null, sameSite: 'lax' },
    ]);
    expect(await read('a.ts', "ctx.cookies.set('sessions', t, { httpOnly: false, secure: false });\n")).toMatchObject([
      { httpOnly: false, secure: false },
    ]);
    expect(await read('a.ts', "response.cookies.set('accessToken', t, { sameSite: 'lax' });\n")).toMatchObject([
      { httpOnly: false, secure: false },
    ]);
  });

  it('leaves cookies of taste, of forms and of unknown options alone', async () => {
    expect(
      await read('main.py', 'r.set_cookie("theme", "dark")\nr.set_cookie("csrf_token", t)\nr.set_cookie("session", t, **options)\n'),
    ).toEqual([]);
    expect(await read('a.js', "res.cookie('token', t, options());\n")).toEqual([]);
  });

  it('reads setcookie of PHP by places and by names, but not what deletes or colours', async () => {
    const text =
      "<?php\nsetcookie('session', $key, time() + 3600, '/', '', true, true);\nsetcookie('auth_token', $t, ['expires' => $e, 'secure' => true, 'httponly' => true, 'samesite' => 'Lax']);\nsetcookie(Sessions::SESSION_COOKIE, $key, PHP_INT_MAX >> 32);\nsetcookie('session', '', 1);\nsetcookie('theme', 'dark');\nsetcookie('token', $t, $options);\n";
    expect(await read('a.php', text)).toMatchObject([
      { line: 2, httpOnly: true, secure: true, sameSite: '' },
      { line: 3, httpOnly: true, secure: true, sameSite: 'lax' },
      { line: 4, name: 'Sessions::SESSION_COOKIE', httpOnly: false, secure: false, sameSite: '' },
    ]);
  });

  it('reads options that stand in a constant', async () => {
    const found = await read(
      'a.js',
      "const options = { httpOnly: true, secure: true, sameSite: 'strict' };\nres.cookie('refreshToken', t, options);\n",
    );
    expect(found).toMatchObject([{ line: 2, httpOnly: true, secure: true, sameSite: 'strict' }]);
  });

  it('knows the defaults of express-session', async () => {
    const found = await read('a.js', "const session = require('express-session');\napp.use(session({ secret: s }));\n");
    expect(found).toMatchObject([{ technology: 'express-session', httpOnly: true, secure: false, sameSite: '' }]);
  });

  it("reads Spring's builder, its name from a constant of the file", async () => {
    const text =
      'class A {\n  static final String COOKIE_NAME = "SESSIONID";\n  void a() {\n    ResponseCookie c = ResponseCookie.from(\n      COOKIE_NAME, id\n    ).build();\n    ResponseCookie t = ResponseCookie.from("token", jwt).httpOnly(true).secure(props.isSecure()).sameSite("Lax").build();\n    ResponseCookie.from("theme", "dark").build();\n    ResponseCookie.from("token", "").maxAge(0).build();\n  }\n}\n';
    expect(await read('A.java', text)).toMatchObject([
      { line: 4, technology: 'spring', name: 'SESSIONID', httpOnly: false, secure: false, sameSite: '' },
      { line: 7, name: 'token', httpOnly: true, secure: null, sameSite: 'lax' },
    ]);
  });

  it('reads what is set on a cookie of a servlet, but not one that deletes', async () => {
    const text =
      'class A {\n  void in(HttpServletResponse r) {\n    Cookie cookie = new Cookie("jwt", token);\n    cookie.setHttpOnly(true);\n    cookie.setSecure(true);\n    cookie.setAttribute("SameSite", "Strict");\n    r.addCookie(cookie);\n  }\n  void out(HttpServletResponse r) {\n    Cookie gone = new Cookie("jwt", null);\n    gone.setMaxAge(0);\n  }\n}\n';
    expect(await read('A.java', text)).toMatchObject([
      { line: 3, technology: 'servlet', name: 'jwt', httpOnly: true, secure: true, sameSite: 'strict' },
    ]);
    expect(await read('A.java', 'class A {\n  Cookie a = new NewCookie("jwt", b);\n  Cookie jar = cookies.get(Cookie(1));\n}\n')).toEqual(
      [],
    );
  });

  it('reads Go composite literals, but not those that delete', async () => {
    const text =
      'package a\nvar a = http.Cookie{Name: "session", HttpOnly: true, Secure: true, SameSite: http.SameSiteLaxMode}\nvar b = http.Cookie{Name: "session", MaxAge: -1}\n';
    expect(await read('a.go', text)).toMatchObject([{ line: 2, httpOnly: true, secure: true, sameSite: 'lax' }]);
  });

  it('takes a flag that depends on production or HTTPS as set', async () => {
    const text =
      'package a\nvar a = http.Cookie{Name: "session", HttpOnly: true, Secure: r.TLS != nil, SameSite: http.SameSiteLaxMode}\nvar b = http.Cookie{Name: "session", Secure: env != "production"}\nvar c = http.Cookie{Name: "session", Secure: cfg.Secure}\n';
    expect((await read('a.go', text)).map((i) => i.secure)).toEqual([true, null, null]);
  });

  it('knows the defaults of sessions in Rust', async () => {
    const text =
      'let a = SessionMiddleware::new(store, key);\nlet b = SessionMiddleware::builder(store, key).cookie_secure(false).cookie_same_site(SameSite::None).build();\nlet c = SessionManagerLayer::new(store).with_secure(true);\n';
    expect(await read('a.rs', text)).toMatchObject([
      { line: 1, httpOnly: true, secure: true, sameSite: 'lax' },
      { line: 2, secure: false, sameSite: 'none' },
      { line: 3, secure: true, sameSite: 'strict' },
    ]);
  });

  it('leaves cookies of outgoing requests in Go alone', async () => {
    expect(await read('a.go', 'package a\nreq.AddCookie(&http.Cookie{Name: "session-token", Value: key})\n')).toEqual([]);
  });

  it('reads CookieOptions of ASP.NET Core', async () => {
    const found = await read('A.cs', 'Response.Cookies.Append("authToken", t, new CookieOptions { HttpOnly = true, Secure = true });\n');
    expect(found).toMatchObject([{ httpOnly: true, secure: true, sameSite: '' }]);
  });
});
