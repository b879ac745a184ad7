"""Settings. Everything that differs between installations comes from the environment; `docs/settings.md` lists it."""

from pathlib import Path

import django_stubs_ext
import environ
from django.utils.translation import gettext_lazy as _

django_stubs_ext.monkeypatch()

PACKAGE = Path(__file__).resolve().parent.parent
env = environ.Env()  # type: ignore[no-untyped-call]

DEBUG = env.bool("LIANXI_DEBUG", default=False)
TEST_KEYS = env.bool("LIANXI_TEST_KEYS", default=False)
"""Keys that everybody knows, for tests and benchmarks; never for an installation, whose start takes this away."""
SECRET_KEY = env.str("LIANXI_SECRET_KEY", default="known-to-everybody-" + "0" * 32 if TEST_KEYS else "")
"""Without keys only what needs none runs: checks, builds, migrations. The site and its jobs refuse to start."""
FIELD_KEYS = env.list("LIANXI_FIELD_KEYS", default=["1:" + "11" * 32] if TEST_KEYS else [])
"""Ring of keys for sealed fields, `number:hex` (32 bytes each); the first one seals, all of them open."""
BLIND_KEY = env.str("LIANXI_BLIND_KEY", default="22" * 32 if TEST_KEYS else "")
ALLOWED_HOSTS = env.list("LIANXI_HOSTS", default=["localhost", "127.0.0.1", "[::1]", "testserver"])
CSRF_TRUSTED_ORIGINS = env.list("LIANXI_ORIGINS", default=[])
DATA = Path(env.str("LIANXI_DATA", default="data")).resolve()
STREET = {
    "name": env.str("LIANXI_STREET", default="砚湖街道"),
    "name_en": env.str("LIANXI_STREET_EN", default="Yanhu Street"),
    "prefix": env.str("LIANXI_PREFIX", default="YH"),
    "window": env.str("LIANXI_WINDOW", default="望槐路12号"),
    "window_en": env.str("LIANXI_WINDOW_EN", default="12 Wanghuai Road"),
    "hours": env.str("LIANXI_HOURS", default="8:30—17:30"),
    "phone": env.str("LIANXI_PHONE", default="0999-555 0142"),
}

RAISED_A_MINUTE = env.int("LIANXI_RAISED_A_MINUTE", default=10)
"""How many voices one address may raise by program in a minute; twelve times as many in an hour."""
FOLLOWED_A_MINUTE = env.int("LIANXI_FOLLOWED_A_MINUTE", default=30)
"""How many times one address may ask by program with a receipt code in a minute; twenty times as many in an hour."""

EXPORT_AT_ONCE = env.int("LIANXI_EXPORT_AT_ONCE", default=2000)
"""Rows up to which a list comes out at once; a longer one is written by a job and fetched when it is ready."""
EXPORT_HOURS = env.int("LIANXI_EXPORT_HOURS", default=24)
"""Hours for which the file of a long export can be fetched, by whoever asked for it."""
POST_ENDS_DAYS = env.int("LIANXI_POST_ENDS_DAYS", default=60)
"""Days before its last one from which a post counts as running out, and its holder is reminded: this house's habit, no law."""

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "csp",
    "django_cotton.apps.SimpleAppConfig",
    "django_htmx",
    "django_vite",
    "pghistory",
    "pgtrigger",
    "procrastinate.contrib.django",
    "template_partials.apps.SimpleAppConfig",
    "lianxi.commons.units",
    "lianxi.commons.accounts",
    "lianxi.commons.permissions",
    "lianxi.commons.journal",
    "lianxi.commons.protection",
    "lianxi.commons.rulebook",
    "lianxi.commons.papers",
    "lianxi.commons.tokens",
    "lianxi.commons.people",
    "lianxi.commons.ballotbox",
    "lianxi.organization.members",
    "lianxi.organization.groups",
    "lianxi.organization.units",
    "lianxi.delegates.quotas",
    "lianxi.commons.jobs",
    "lianxi.commons.notices",
    "lianxi.commons.views",
    "lianxi.participation.voices",
    "lianxi.participation.budgets",
    "lianxi.portal",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "lianxi.commons.ballotbox.middleware.NobodyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "lianxi.commons.accounts.middleware.SessionMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "lianxi.portal.middleware.AskingMiddleware",
]

ROOT_URLCONF = "lianxi.portal.urls"
WSGI_APPLICATION = "lianxi.portal.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PACKAGE / "portal" / "templates"],
        "OPTIONS": {
            "loaders": [
                (
                    "template_partials.loader.Loader",
                    [
                        (
                            "django.template.loaders.cached.Loader",
                            [
                                "django_cotton.cotton_loader.Loader",
                                "django.template.loaders.filesystem.Loader",
                                "django.template.loaders.app_directories.Loader",
                            ],
                        )
                    ],
                )
            ],
            "builtins": ["django_cotton.templatetags.cotton", "template_partials.templatetags.partials"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "lianxi.portal.context.shell",
            ],
        },
    }
]

_database = env.db_url("DATABASE_URL", default="postgres://lianxi@127.0.0.1:5432/lianxi")
_asked = _database.get("OPTIONS", {})
# A history trigger that finds the last of these unset aborts a subtransaction for each row, and each abort walks all
# deferred checks of the transaction: 20,000 rows take minutes.
_session = "-c jit=off -c max_parallel_workers_per_gather=0 -c timezone=UTC -c pgtrigger.ignore={}"
DATABASES = {
    "default": _database
    | {
        "ENGINE": "lianxi.portal.database",
        "OPTIONS": _asked
        | {
            "pool": {"min_size": 1, "max_size": env.int("LIANXI_POOL", default=8), "timeout": 20},
            "options": f"{_asked.get('options', '')} {_session}".strip(),
        },
        "ATOMIC_REQUESTS": False,
        "CONN_HEALTH_CHECKS": False,  # the backend itself tries each connection before it lends it
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

COUNTS_KEPT = env.int("LIANXI_COUNTS_KEPT", default=20)
"""Seconds for which the numbers in the rail are kept for a person; 0 counts anew for each page."""

CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache"}}

PROXIES = env.int("LIANXI_PROXIES", default=0)
"""Trusted proxies before us: so many addresses at the end of X-Forwarded-For are theirs."""
ALLAUTH_TRUSTED_PROXY_COUNT = PROXIES
THROTTLES = {
    "voices.raise": ((6, 60), (60, 3600)),
    "voices.raise_api": ((RAISED_A_MINUTE, 60), (RAISED_A_MINUTE * 12, 3600)),
    "voices.follow_api": ((FOLLOWED_A_MINUTE, 60), (FOLLOWED_A_MINUTE * 20, 3600)),
    "voices.look": ((60, 60),),
    "voices.wrong_code": ((5, 60), (40, 3600)),
    "voices.wrong_code_all": ((200, 3600),),
    "voices.wrong_code_tight": ((1, 3600),),
    "members.reveal_api": ((30, 60), (300, 3600)),
    "budgets.propose": ((6, 60), (30, 3600)),
    "budgets.object": ((4, 60), (12, 3600)),
    "budgets.wrong_code": ((5, 60), (40, 3600)),
}
"""What → (times, seconds): how often from one address (of `…_all`: from everywhere)."""

AUTH_USER_MODEL = "accounts.Account"
AUTHENTICATION_BACKENDS = [
    "allauth.account.auth_backends.AuthenticationBackend",
    "lianxi.commons.accounts.backends.PhoneBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "today"
ACCOUNT_LOGOUT_REDIRECT_URL = "front_door"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_ADAPTER = "lianxi.commons.accounts.adapter.Adapter"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
ACCOUNT_RATE_LIMITS = {"login_failed": "10/m/ip,5/300s/key"}
MFA_ADAPTER = "lianxi.commons.accounts.second_step.SecondStep"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
SESSION_LASTS = SESSION_COOKIE_AGE = 8 * 3600
"""Seconds after which a log-in ends whatever is done."""
BALLOTS_A_CARD = env.int("LIANXI_BALLOTS_A_CARD", default=20)
POLL_DAYS_AHEAD = env.int("LIANXI_POLL_DAYS_AHEAD", default=400)
SESSION_IDLE = env.int("LIANXI_IDLE_MINUTES", default=60) * 60
"""Seconds without a page after which a log-in ends."""
SESSION_SAVE_EVERY_REQUEST = False
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = env.bool("LIANXI_HTTPS", default=False)
if SESSION_COOKIE_SECURE:
    SECURE_HSTS_SECONDS = 365 * 24 * 3600
    if PROXIES:
        SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "中文"), ("en", "English")]
LOCALE_PATHS = [PACKAGE / "portal" / "locale"]
FORMAT_MODULE_PATH = "lianxi.portal.formats"
LANGUAGE_COOKIE_NAME = "language"
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_SECURE = SESSION_COOKIE_SECURE
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

STATIC_URL = "/static/"
STATICFILES_DIRS = [PACKAGE / "portal" / "built"] if (PACKAGE / "portal" / "built").exists() else []
STATIC_ROOT = DATA / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG
MEDIA_ROOT = DATA / "media"
MEDIA_URL = "/media/"
DJANGO_VITE = {
    "default": {
        "dev_mode": False,
        "manifest_path": PACKAGE / "portal" / "built" / "manifest.json",
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:", "blob:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "manifest-src": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
        "base-uri": ["'none'"],
    }
}
EMAIL_CONFIG = env.email_url("EMAIL_URL", default="consolemail://")
vars().update(EMAIL_CONFIG)
PUBLIC_URL = env.str("LIANXI_URL", default="http://localhost:8000/")
"""Where people reach this installation; links in letters begin with it."""
DEFAULT_FROM_EMAIL = env.str("LIANXI_FROM", default="lianxi@localhost")
PGHISTORY_APPEND_ONLY = True
PROCRASTINATE_IMPORT_PATHS: list[str] = []
COTTON_DIR = "cotton"
COTTON_ISOLATE_BY_DEFAULT = True
CSRF_FAILURE_VIEW = "lianxi.portal.web.csrf_failure"
SILENCED_SYSTEM_CHECKS: list[str] = []
FORM_RENDERER = "lianxi.portal.forms.Renderer"

STREET_TITLE = _("联席")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"without_codes": {"()": "lianxi.portal.logs.WithoutCodes"}},
    "loggers": {
        name: {"filters": ["without_codes"]} for name in ("django.request", "django.server", "django.security.csrf")
    },
}
"""On top of Django's own: no log keeps the code of a receipt."""
