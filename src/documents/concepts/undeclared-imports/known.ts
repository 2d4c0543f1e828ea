/** Modules of Python's standard library (3.8 to 3.14, removed ones included). */
export const pythonStandard = new Set(
  (
    '__future__ _thread abc aifc argparse array ast asynchat asyncio asyncore atexit audioop base64 bdb binascii binhex bisect builtins bz2 calendar cgi cgitb chunk cmath cmd code ' +
    'codecs codeop collections colorsys compileall compression concurrent configparser contextlib contextvars copy copyreg cProfile crypt csv ctypes curses dataclasses datetime dbm decimal difflib dis ' +
    'distutils doctest email encodings ensurepip enum errno faulthandler fcntl filecmp fileinput fnmatch formatter fractions ftplib functools gc getopt getpass gettext glob graphlib grp gzip ' +
    'hashlib heapq hmac html http idlelib imaplib imghdr imp importlib inspect io ipaddress itertools json keyword lib2to3 linecache locale logging lzma mailbox mailcap marshal math mimetypes mmap ' +
    'modulefinder msilib msvcrt multiprocessing netrc nis nntplib ntpath numbers operator optparse os ossaudiodev parser pathlib pdb pickle pickletools pipes pkgutil platform plistlib poplib posix ' +
    'posixpath pprint profile pstats pty pwd py_compile pyclbr pydoc queue quopri random re readline reprlib resource rlcompleter runpy sched secrets select selectors shelve shlex shutil signal site ' +
    'smtpd smtplib sndhdr socket socketserver spwd sqlite3 sre_compile sre_constants sre_parse ssl stat statistics string stringprep struct subprocess sunau symbol symtable sys sysconfig syslog tabnanny ' +
    'tarfile telnetlib tempfile termios test textwrap this threading time timeit tkinter token tokenize tomllib trace traceback tracemalloc tty turtle turtledemo types typing unicodedata unittest urllib ' +
    'uu uuid venv warnings wave weakref webbrowser winreg winsound wsgiref xdrlib xml xmlrpc zipapp zipfile zipimport zlib zoneinfo annotationlib _typeshed __main__ pkg_resources setuptools pip antigravity genericpath nt nturl2path opcode pydoc_data pyexpat ' +
    // Its private modules, which libraries import for what the public ones leave out.
    '_abc _aix_support _android_support _apple_support _ast _asyncio _bisect _blake2 _bootsubprocess _bz2 _codecs _codecs_cn _codecs_hk _codecs_iso2022 _codecs_jp _codecs_kr _codecs_tw _collections ' +
    '_collections_abc _colorize _compat_pickle _compression _contextvars _crypt _csv _ctypes _curses _curses_panel _datetime _dbm _decimal _elementtree _frozen_importlib _frozen_importlib_external ' +
    '_functools _gdbm _hashlib _heapq _hmac _imp _interpchannels _interpqueues _interpreters _io _ios_support _json _locale _lsprof _lzma _markupbase _md5 _msi _multibytecodec _multiprocessing ' +
    '_opcode _opcode_metadata _operator _osx_support _overlapped _pickle _posixshmem _posixsubprocess _py_abc _pydatetime _pydecimal _pyio _pylong _pyrepl _queue _random _scproxy _sha1 _sha2 ' +
    '_sha256 _sha3 _sha512 _signal _sitebuiltins _socket _sqlite3 _sre _ssl _stat _statistics _string _strptime _struct _suggestions _symtable _sysconfig _threading_local _tkinter _tokenize ' +
    '_tracemalloc _types _typing _uuid _warnings _weakref _weakrefset _winapi _wmi _zoneinfo _zstd'
  ).split(' '),
);

/** Distributions that hold a module of another name. Only what is in this table is held against a manifest by name. */
export const pythonDistributions: Readonly<Record<string, readonly string[]>> = {
  flask: ['flask'], django: ['django'], fastapi: ['fastapi'], requests: ['requests'], httpx: ['httpx'], numpy: ['numpy'], pandas: ['pandas'], sqlalchemy: ['sqlalchemy'], redis: ['redis'], celery: ['celery'],
  boto3: ['boto3'], openai: ['openai'], anthropic: ['anthropic'], stripe: ['stripe'], jwt: ['pyjwt'], yaml: ['pyyaml', 'ruamel-yaml'], PIL: ['pillow'], bs4: ['beautifulsoup4', 'bs4'], dotenv: ['python-dotenv'], sklearn: ['scikit-learn'],
  cv2: ['opencv-python', 'opencv-python-headless', 'opencv-contrib-python'], psycopg2: ['psycopg2', 'psycopg2-binary'], pymongo: ['pymongo'], pydantic: ['pydantic'], pydantic_settings: ['pydantic-settings'], streamlit: ['streamlit'], gradio: ['gradio'],
  langchain: ['langchain'], torch: ['torch'], transformers: ['transformers'], matplotlib: ['matplotlib'], scipy: ['scipy'], aiohttp: ['aiohttp'], uvicorn: ['uvicorn'], gunicorn: ['gunicorn'], alembic: ['alembic'], jose: ['python-jose'], passlib: ['passlib'],
  rest_framework: ['djangorestframework'], corsheaders: ['django-cors-headers', 'django-cors-middleware'], sentry_sdk: ['sentry-sdk'], loguru: ['loguru'], structlog: ['structlog'], prometheus_client: ['prometheus-client'], jinja2: ['jinja2'], click: ['click'],
  djmoney: ['django-money'], oauth2_provider: ['django-oauth-toolkit'], social_django: ['social-auth-app-django'], social_core: ['social-auth-core'], MySQLdb: ['mysqlclient', 'mysql-python'], bson: ['pymongo', 'bson'], gridfs: ['pymongo'], fitz: ['pymupdf'], skimage: ['scikit-image'],
}; // prettier-ignore

/** What a declared package brings along for others to import. */
export const broughtBy: Readonly<Record<string, readonly string[]>> = {
  starlette: ['fastapi', 'sqladmin', 'fastapi-users'], pydantic: ['fastapi', 'sqlmodel', 'pydantic-settings', 'langchain', 'openai', 'anthropic'], sqlalchemy: ['sqlmodel', 'flask-sqlalchemy', 'alembic', 'databases', 'sqlalchemy-utils'], jinja2: ['flask', 'starlette', 'sphinx', 'fastapi'],
  click: ['flask', 'uvicorn', 'celery', 'typer', 'black'], werkzeug: ['flask'], numpy: ['pandas', 'scipy', 'scikit-learn', 'matplotlib', 'torch', 'opencv-python', 'transformers', 'streamlit', 'gradio'], pandas: ['streamlit', 'gradio'], requests: ['streamlit', 'google-cloud-storage', 'msal', 'transformers', 'langchain'], httpx: ['openai', 'anthropic', 'fastapi', 'gradio'],
  botocore: ['boto3'], redis: ['django-redis', 'rq', 'celery', 'channels-redis'], scipy: ['scikit-learn'], uvicorn: ['fastapi', 'gradio'], alembic: ['flask-migrate'], yaml: ['kubernetes', 'transformers'], PIL: ['matplotlib', 'streamlit', 'gradio', 'torchvision'], dotenv: ['pydantic-settings', 'fastapi', 'flask-dotenv'], sentry_sdk: [], aiohttp: ['slack-sdk', 'discord-py', 'langchain'],
  asgiref: ['django', 'uvicorn'], sqlparse: ['django'], markupsafe: ['jinja2', 'flask', 'wtforms', 'mako'], itsdangerous: ['flask', 'flask-wtf'], blinker: ['flask'], anyio: ['starlette', 'fastapi', 'httpx'], wtforms: ['flask-wtf'], certifi: ['requests', 'httpx', 'minio'], urllib3: ['requests', 'minio', 'boto3', 'elasticsearch', 'sentry-sdk'], kombu: ['celery'], social_core: ['social-auth-app-django', 'social-auth-app-flask'], bson: ['motor', 'beanie', 'mongoengine', 'odmantic', 'flask-pymongo', 'djongo'], gridfs: ['motor', 'mongoengine', 'flask-pymongo'],
}; // prettier-ignore

/** Packages that a project names itself as a rule, since hardly any other brings them along. */
export const primary = new Set(
  'flask django fastapi celery boto3 openai anthropic stripe streamlit gradio psycopg2 pymongo rest_framework corsheaders sentry_sdk loguru structlog alembic passlib jose cv2'.split(
    ' ',
  ),
);
