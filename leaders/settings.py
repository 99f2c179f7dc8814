"""Every setting of the project, read from the environment in one place.

With nothing set this is the embedded mode: SQLite, a broker made of files and secrets of its own,
all under `var/`, for the demo and for development. It is production as soon as `BASE_URL` starts
with https: nothing has a default then that would be unsafe on the internet.
"""

import base64
import contextlib
import logging
import os
import secrets
import tempfile
from pathlib import Path
from urllib.parse import urlsplit

import environ
import structlog
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from leaders.logs import redact

env = environ.Env()

BASE_DIR = Path(__file__).resolve().parent.parent
if (BASE_DIR / ".env").is_file():
    env.read_env(BASE_DIR / ".env")
VAR = Path(env.str("VAR", str(BASE_DIR / "var")))


def kept(name: str) -> str:
    """The embedded mode's secret of that name, made at first use.

    Linked into place when complete, so that processes starting together agree on one.
    """
    path = VAR / name
    if not path.exists():
        VAR.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile("w", dir=VAR) as fresh:
            fresh.write(base64.urlsafe_b64encode(secrets.token_bytes(32)).decode())
            fresh.flush()
            with contextlib.suppress(FileExistsError):
                os.link(fresh.name, path)
    return path.read_text().strip()


def required(name: str) -> str:
    """The variable of that name; in production it must be set, elsewhere it is empty by default."""
    value = env.str(name, "")
    if PRODUCTION and not value:
        raise ImproperlyConfigured(f"{name} must be set where BASE_URL starts with https://")
    return value


@contextlib.contextmanager
def read(name: str, like: str):
    """Say which variable cannot be read and what it looks like. Never its value, which may hold a password."""
    try:
        yield
    except (ValueError, ImproperlyConfigured):
        raise ImproperlyConfigured(f"{name} cannot be read. It looks like this: {like}") from None


def number(name: str, default: int) -> int:
    with read(name, str(default)):
        return env.int(name, default)


# Where it runs

BASE_URL = env.str("BASE_URL", "http://localhost:8000").rstrip("/")
PRODUCTION = BASE_URL.startswith("https://")
HOST = urlsplit(BASE_URL).hostname or ""
LOOPBACK = ["localhost", "127.0.0.1", "[::1]"]
if not PRODUCTION and HOST not in {"localhost", "127.0.0.1", "::1"}:
    raise ImproperlyConfigured("BASE_URL must start with https:// unless it names this machine")

DEBUG = env.bool("DEBUG", False)
# The demo shows its mail in the office instead of sending it, and may be rebuilt.
DEMO = env.bool("DEMO", False)
if DEMO and PRODUCTION:
    raise ImproperlyConfigured("DEMO lets anybody be anybody: it must not be set where BASE_URL starts with https://")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[HOST] if PRODUCTION else LOOPBACK)

SECRET_KEY = required("SECRET_KEY") or kept("secret_key")
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
# Confidential texts are encrypted with the first key and read with any of them.
FIELD_KEYS = [key for key in required("FIELD_KEYS").split(",") if key] or [kept("field_key")]


# What it is made of

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",  # the list of passkeys of allauth.mfa loads its filters
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "axes",
    "csp",
    "crispy_forms",
    "simple_history",
    "import_export",
    "anymail",
    "leaders.people",
    "leaders.components",
    "leaders.outbox",
    "leaders.documents",
    "leaders.reminders",
    "leaders.home",
    "leaders.office.apps.OfficeAdminConfig",
    "leaders.office",
    "cohorts",
    "nominations",
    "modules",
    "mentoring",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
    "leaders.home.middleware.say_where_only_a_button_leads",
    "leaders.home.middleware.give_back_what_the_office_wrote",
    # Last, so that it sees the answer to a locked-out sign-in.
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "leaders.urls"
WSGI_APPLICATION = "leaders.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "leaders.home.gather.navigation_of_page",
            ],
        },
    },
]
# Widgets find their templates in templates/ too.
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
CRISPY_ALLOWED_TEMPLATE_PACKS = "govuk"
CRISPY_TEMPLATE_PACK = "govuk"


# Where it keeps things

# The demo's data is apart from the developer's own.
embedded = VAR / ("demo.sqlite3" if DEMO else "leaders.sqlite3")
url = required("DATABASE_URL") or f"sqlite:///{embedded}"
with read("DATABASE_URL", "postgres://leaders:password@host/leaders, with %2F for a / in the password"):
    DATABASES = {"default": env.db_url_config(url)}
database = DATABASES["default"]
if PRODUCTION and database["ENGINE"] != "django.db.backends.postgresql":
    raise ImproperlyConfigured("DATABASE_URL must name a PostgreSQL server where BASE_URL starts with https://")
if database["ENGINE"] == "django.db.backends.sqlite3":
    VAR.mkdir(parents=True, exist_ok=True)
    # Without these three SQLite answers "database is locked" when 200 people post at once.
    database.setdefault("OPTIONS", {}).update(
        transaction_mode="IMMEDIATE", timeout=20, init_command="PRAGMA journal_mode=WAL"
    )
# Connections that a process keeps. A new one costs PostgreSQL as much as handing over some twenty messages.
# Whoever waits for one longer than some seconds waits for a database that is away, and /healthz/ must say so in time.
elif pool := number("DATABASE_POOL", 4 if PRODUCTION else 0):
    database.setdefault("OPTIONS", {})["pool"] = {"min_size": 1, "max_size": pool, "timeout": 3}

# The cache counts sign-in attempts across processes. In production it is a table, not Redis: a web
# request must never wait for the broker's machine. `manage.py createcachetable` makes the table.
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache"}
    if PRODUCTION
    else {"BACKEND": "django.core.cache.backends.filebased.FileBasedCache", "LOCATION": VAR / "cache"}
}

# Files from people (module materials) are never served from here: views check who asks.
MEDIA_ROOT = Path(env.str("MEDIA_ROOT", str(VAR / "files")))

STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = Path(env.str("STATIC_ROOT", str(BASE_DIR / "staticfiles")))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if PRODUCTION
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
# Embedded, there is no collectstatic step: WhiteNoise reads the sources.
WHITENOISE_USE_FINDERS = not PRODUCTION
WHITENOISE_AUTOREFRESH = DEBUG


# Background work

REDIS_URL = required("REDIS_URL")
if REDIS_URL and not REDIS_URL.startswith(("redis://", "rediss://", "redis+socket://")):
    raise ImproperlyConfigured("REDIS_URL cannot be read. It looks like this: redis://host:6379/0")
TICK_SECONDS = number("TICK_SECONDS", 60)
# Seconds after which Redis gives a task that was not confirmed to another worker.
VISIBILITY_TIMEOUT = number("VISIBILITY_TIMEOUT", 15 * 60)
BROKER = VAR / "broker"


# Mail: EMAIL_URL names an SMTP server. EMAIL_BACKEND with ANYMAIL (JSON) names a provider instead.

provider = env.str("EMAIL_BACKEND", "")
url = "dummymail://" if provider else required("EMAIL_URL") or "dummymail://"
with read("EMAIL_URL", "smtp+tls://user:password@host:587, with %2F for a / in the password"):
    mail = env.email_url_config(url)
if PRODUCTION and not provider and not mail["EMAIL_BACKEND"].endswith("smtp.EmailBackend"):
    raise ImproperlyConfigured("EMAIL_URL must name an SMTP server where BASE_URL starts with https://")
EMAIL_BACKEND = provider or mail["EMAIL_BACKEND"]
EMAIL_HOST = mail["EMAIL_HOST"] or "localhost"
EMAIL_PORT = mail["EMAIL_PORT"] or 25
EMAIL_HOST_USER = mail["EMAIL_HOST_USER"] or ""
EMAIL_HOST_PASSWORD = mail["EMAIL_HOST_PASSWORD"] or ""
EMAIL_USE_TLS = mail.get("EMAIL_USE_TLS", False)
EMAIL_USE_SSL = mail.get("EMAIL_USE_SSL", False)
# Seconds for each answer. Shorter than OUTBOX_SENDING_FOR: a hanging server must not look like a dead worker.
EMAIL_TIMEOUT = number("EMAIL_TIMEOUT", 20)
with read("ANYMAIL", '{"POSTMARK_SERVER_TOKEN": "a-token", "WEBHOOK_SECRET": "a-name:a-long-password"}'):
    ANYMAIL = dict(env.json("ANYMAIL", default={}))
# At most so many messages a minute; more than so many due at one moment are held until the office has looked.
OUTBOX_PER_MINUTE = number("OUTBOX_PER_MINUTE", 240)
OUTBOX_ABNORMAL = number("OUTBOX_ABNORMAL", 500)
# Seconds: how long a claimed message may wait for a worker, and how long handing it over may take.
OUTBOX_QUEUED_FOR = number("OUTBOX_QUEUED_FOR", 10 * 60)
OUTBOX_SENDING_FOR = number("OUTBOX_SENDING_FOR", 5 * 60)

# Watching: Prometheus reads /metrics with this bearer token; this address is called each minute while all is well.
METRICS_TOKEN = env.str("METRICS_TOKEN", "")
DEAD_MANS_SWITCH = env.str("DEAD_MANS_SWITCH", "")
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", "Leaders <programmes@example.org>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL


# Language and time

LANGUAGE_CODE = "en-gb"
FORMAT_MODULE_PATH = "leaders.formats"
TIME_ZONE = "Europe/London"
USE_TZ = True
USE_I18N = True


# Signing in: a code by email for everybody, TOTP or a passkey as well for staff

AUTH_USER_MODEL = "people.Person"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/my/"
LOGOUT_REDIRECT_URL = "/"

ACCOUNT_ADAPTER = "leaders.outbox.sign_in.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = True
# An unknown address gets the same page and no mail.
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 10 * 60
ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS = 3
ACCOUNT_FORMS = {
    "request_login_code": "leaders.outbox.sign_in_forms.AskForCodeForm",
    "confirm_login_code": "leaders.outbox.sign_in_forms.CodeForm",
}
ACCOUNT_REAUTHENTICATION_TIMEOUT = 10 * 60
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if PRODUCTION else "http"
# How many proxies of ours stand in front: the visitor's address is read that far from the right.
ALLAUTH_TRUSTED_PROXY_COUNT = number("TRUSTED_PROXY_COUNT", 1 if PRODUCTION else 0)

MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_TOTP_ISSUER = "Leaders for London"
MFA_ADAPTER = "leaders.people.second_factor.SecondFactorAdapter"
# A code that was typed as it changed still counts.
MFA_TOTP_TOLERANCE = 1
# A browser offers passkeys on http only for this very machine.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not PRODUCTION

AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.5  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_CLIENT_IP_CALLABLE = "allauth.core.internal.httpkit.get_client_ip"
AXES_USERNAME_FORM_FIELD = "login"
AXES_DISABLE_ACCESS_LOG = True
AXES_VERBOSE = False


# Closed to those who do not belong

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = PRODUCTION
SESSION_COOKIE_NAME = "__Host-session" if PRODUCTION else "session"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SECURE = PRODUCTION
CSRF_COOKIE_NAME = "__Host-csrf" if PRODUCTION else "csrf"
CSRF_FAILURE_VIEW = "leaders.home.kept.csrf_failure"
SECURE_SSL_REDIRECT = PRODUCTION
SECURE_REDIRECT_EXEMPT = [r"^healthz/"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if PRODUCTION else None
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if PRODUCTION else 0
# What browsers believe for a year of names that are not ours is for those to say who hold the domain.
SECURE_HSTS_INCLUDE_SUBDOMAINS = env.bool("HSTS_SUBDOMAINS", False)
SECURE_HSTS_PRELOAD = env.bool("HSTS_PRELOAD", False)
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]  # which would have these two on everywhere
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
# The admin's bulk pages post one field per row and action.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000


# Logs: one JSON object a line, without personal data

LOG_LEVEL = env.str("LOG_LEVEL", "INFO").upper()
if LOG_LEVEL not in logging.getLevelNamesMapping():
    raise ImproperlyConfigured("LOG_LEVEL cannot be read. It looks like this: INFO")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "json": {
            "()": structlog.stdlib.ProcessorFormatter,
            "foreign_pre_chain": [
                structlog.stdlib.add_log_level,
                structlog.stdlib.add_logger_name,
                structlog.processors.TimeStamper(fmt="iso", utc=True),
            ],
            "processors": [
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,
                redact,
                structlog.processors.JSONRenderer(),
            ],
        }
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["stderr"], "level": LOG_LEVEL},
    # Django's own set-up sends server errors by mail and prints to the console: one way is enough.
    "loggers": {
        "django": {"handlers": [], "propagate": True},
        # Robots ask for other host names all day; the answer is 400 and nobody's work.
        "django.security.DisallowedHost": {"level": "CRITICAL"},
        # A dozen lines a font and a page in every PDF.
        "fontTools": {"level": "WARNING"},
        "weasyprint.progress": {"level": "WARNING"},
        # Two lines a tick and more than one tick a second: only what fails.
        "celery.app.trace": {"level": "WARNING"},
        "celery.beat": {"level": "WARNING"},
        "celery.worker.strategy": {"level": "WARNING"},
    },
}
structlog.configure(
    processors=[
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.filter_by_level,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
    ],
    logger_factory=structlog.stdlib.LoggerFactory(),
    cache_logger_on_first_use=True,
)
