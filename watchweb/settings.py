"""Settings, all from the environment. docs/settings.md is their manual."""

import os
from pathlib import Path

import environ
from django.utils.csp import CSP

from watchweb import keys, mail

env = environ.Env()
BASE_DIR = Path(__file__).resolve().parent.parent

DATA = Path(env.str("WATCHWEB_DATA", str(BASE_DIR / "data"))).resolve()
DATA.mkdir(mode=0o700, parents=True, exist_ok=True)

# Where the kernel tells a process its mounts; they betray the container that it runs in.
MOUNTINFO = Path("/proc/self/mountinfo")

DEBUG = env.bool("DEBUG", False)
SECRET_KEY = keys.secret_key(DATA)
ENCRYPTION_KEYS = keys.encryption_keys(DATA)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])

INSTALLED_APPS = [
    "watchweb",  # Before django_q, whose command qcluster it takes the place of.
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django_q",
    "django_filters",
    "django_htmx",
    "django_tables2",
    "lucide",
    "ninja",  # Its files: the page that shows the API asks no other server.
    "updates",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "updates.audit.actor.ActorMiddleware",
    "updates.views.person.PersonMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "watchweb.urls"
WSGI_APPLICATION = "watchweb.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.csp",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "updates.views.person.taste",
                "updates.views.places.menu",
                "updates.views.first_steps.walk",
            ],
        },
    },
]

# How long the work of a worker that is silent is left alone.
WATCHWEB_LEASE_SECONDS = env.int("WATCHWEB_LEASE_SECONDS", 60)

# Database. SQLite loses transactions under a web process and workers unless writers queue up:
# WAL, IMMEDIATE and a busy time-out together lose none.
DATABASES = {
    "default": env.db_url("DATABASE_URL", default=f"sqlite:///{DATA / 'watchweb.sqlite3'}")
}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
else:
    # A worker that stands still in a transaction, or whose machine is gone, would keep its locks
    # for two hours, and whoever is to put right what it left would wait for them.
    DATABASES["default"]["OPTIONS"] = {
        "options": f"-c idle_in_transaction_session_timeout={WATCHWEB_LEASE_SECONDS}s"
        " -c tcp_keepalives_idle=20 -c tcp_keepalives_interval=10 -c tcp_keepalives_count=4"
    } | DATABASES["default"].get("OPTIONS", {})
DATABASES["default"]["CONN_MAX_AGE"] = 60
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Background work. django-q2 delivers at least once; the claim and the lease are in updates.runs.
# Each value has a measured reason: an idle cluster that stays dead, tasks that run twice, a
# 3-second guard that never fires, a result table that halves the throughput.
WORKERS = env.int("WATCHWEB_WORKERS", 4)
Q_CLUSTER = {
    "name": "watchweb",
    "orm": "default",
    "workers": WORKERS,
    "queue_limit": 1,
    "bulk": 1,
    "poll": 0.2,
    "timeout": 4 * 3600,
    "retry": 5 * 3600,
    "max_attempts": 1,
    "ack_failures": True,
    "save_limit": -1,
    "catch_up": False,
    "guard_cycle": 0.5,
    "recycle": 500,
    "label": "Queue",
}
if queue := os.environ.get("Q_CLUSTER_NAME", ""):
    Q_CLUSTER["ALT_CLUSTERS"] = {queue: {}}
TASKS = {"default": {"BACKEND": "watchweb.q_backend.DjangoQBackend", "QUEUES": []}}

# Sign-in.
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "dashboard"
LOGOUT_REDIRECT_URL = "login"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]

# The browser's side. HTTPS=1 when a proxy in front speaks https.
HTTPS = env.bool("WATCHWEB_HTTPS", False)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_CSP = {
    "default-src": [CSP.SELF],
    "script-src": [CSP.SELF, CSP.NONCE],
    "style-src": [CSP.SELF, CSP.NONCE],
    "img-src": [CSP.SELF, "data:"],
    "base-uri": [CSP.NONE],
    "form-action": [CSP.SELF],
    "frame-ancestors": [CSP.NONE],
    "object-src": [CSP.NONE],
}
X_FRAME_OPTIONS = "DENY"

# English is also what workers write into the record, whoever started them.
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("de", "German"), ("fr", "French")]
LOCALE_PATHS = [BASE_DIR / "updates" / "locale"]
TIME_ZONE = env.str("TZ", "UTC") or "UTC"
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = DATA / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
DJANGO_TABLES2_TEMPLATE = "updates/table.html"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {
        "stderr": {"class": "logging.StreamHandler", "formatter": "line"},
        "nowhere": {"class": "logging.NullHandler"},
    },
    "loggers": {
        # They name addresses, and a notification's address is a secret.
        "apprise": {"handlers": ["nowhere"], "propagate": False},
        "urllib3": {"level": "INFO"},
    },
    "root": {"handlers": ["stderr"], "level": env.str("WATCHWEB_LOG_LEVEL", "WARNING").upper()},
}

# How hosts are worked on. Durations in seconds. How updates are done: updates/flow/settings.py.
WATCHWEB_ENGINE_TIMEOUT = env.int("WATCHWEB_ENGINE_TIMEOUT", 30)
WATCHWEB_PULL_TIMEOUT = env.int("WATCHWEB_PULL_TIMEOUT", 1800)
WATCHWEB_SHUTDOWN_SECONDS = env.int("WATCHWEB_SHUTDOWN_SECONDS", 90)

# How long the audit trail is kept.
WATCHWEB_AUDIT_DAYS = env.int("WATCHWEB_AUDIT_DAYS", 365)

# How registries are asked. Durations in seconds.
WATCHWEB_CHECK_WINDOW = env.int("WATCHWEB_CHECK_WINDOW", 300)
WATCHWEB_RATE_LIMIT_PATIENCE = env.int("WATCHWEB_RATE_LIMIT_PATIENCE", 30)
WATCHWEB_REGISTRY_CA = env.str("WATCHWEB_REGISTRY_CA", "")
WATCHWEB_REGISTRY_CA_VALIDATE = env.bool("WATCHWEB_REGISTRY_CA_VALIDATE", False)
WATCHWEB_INSECURE_REGISTRY = env.bool("WATCHWEB_INSECURE_REGISTRY", False)
# Watchtower's pair of variables. It sent them to every registry; here they go to these alone.
WATCHWEB_REPO_REGISTRIES = env.list("WATCHWEB_REPO_REGISTRIES", default=["docker.io"])

# Tokens of Watchtower's HTTP API, for scripts that were made for it.
WATCHTOWER_HTTP_API_TOKEN = keys.given_or_in_file("WATCHTOWER_HTTP_API_TOKEN")
WATCHTOWER_HTTP_API_EVENTS_TOKEN = keys.given_or_in_file("WATCHTOWER_HTTP_API_EVENTS_TOKEN")

# Notifications. The address of the pages, for links in messages; and the mail server.
WATCHWEB_URL = env.str("WATCHWEB_URL", "").rstrip("/")
if mail_url := keys.given("EMAIL_URL"):
    MAILERS = {"default": mail.mailer(mail_url)}
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", "watchweb@localhost")

# Metrics: whether they are open to all who reach this server.
WATCHWEB_METRICS_OPEN = env.bool("WATCHWEB_METRICS_OPEN", False)
