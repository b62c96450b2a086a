"""The classic tutorial's project as `startproject` makes it, in production mode. TUNED=1 drops the middleware."""
import os

SECRET_KEY = "only-for-the-bench"
DEBUG = False
ALLOWED_HOSTS = ["127.0.0.1"]
ROOT_URLCONF = "origin.urls"
INSTALLED_APPS = ["django.contrib.contenttypes", "django.contrib.auth", "django.contrib.sessions", "origin"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": os.environ["ORIGIN_DB"],
        "CONN_MAX_AGE": None if os.environ.get("TUNED") else 0,
    }
}
MIDDLEWARE = (
    []
    if os.environ.get("TUNED")
    else [
        "django.middleware.security.SecurityMiddleware",
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.common.CommonMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "django.middleware.clickjacking.XFrameOptionsMiddleware",
    ]
)
