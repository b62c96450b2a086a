"""Settings from the environment; run.py sets them for both variants."""

import os
from pathlib import Path

from django.core.management.utils import get_random_secret_key

BASE_DIR = Path(__file__).resolve().parent.parent


def secret(name):
    """The value of NAME, or the content of the file that NAME_FILE names."""
    path = os.environ.get(f'{name}_FILE')
    return Path(path).read_text().strip() if path else os.environ.get(name, '')


YAOPAI_INTERNAL_URL = os.environ.get('YAOPAI_INTERNAL_URL', 'http://127.0.0.1:8789')
YAOPAI_API_KEY = secret('YAOPAI_API_KEY')
# Connections whose X-Yaopai-* headers count. '' is the UNIX socket that run.py opens for nginx alone.
YAOPAI_GATEWAY_ADDRESSES = ['']

BEHIND_GATEWAY = os.environ.get('SHOP_BEHIND_GATEWAY') == '1'
WHO_CALLS = 'yaopai_django.gateway.GatewayMiddleware' if BEHIND_GATEWAY else 'yaopai_django.middleware.YaopaiMiddleware'

# No session, no CSRF middleware: there is no cookie that a foreign page could make a browser send.
MIDDLEWARE = ['shop.read_to_end.ReadToEndMiddleware', WHO_CALLS, 'django.middleware.common.CommonMiddleware']
INSTALLED_APPS = ['orders']
ROOT_URLCONF = 'shop.urls'
WSGI_APPLICATION = 'shop.wsgi.application'

DEBUG = False
ALLOWED_HOSTS = os.environ.get('SHOP_HOSTS', '127.0.0.1,localhost').split(',')
SECRET_KEY = get_random_secret_key()  # signs nothing here: Django only insists on having one
DATA_UPLOAD_MAX_MEMORY_SIZE = 16 * 1024
APPEND_SLASH = False
USE_TZ = True
DEFAULT_AUTO_FIELD = 'django.db.models.BigAutoField'
DATABASES = {
    'default': {
        'ENGINE': 'django.db.backends.sqlite3',
        'NAME': os.environ.get('SHOP_DATABASE', str(BASE_DIR / '.yaopai' / 'shop.db')),
        'OPTIONS': {'timeout': 10},
    }
}
LOGGING = {
    'version': 1,
    'disable_existing_loggers': False,
    'handlers': {'stderr': {'class': 'logging.StreamHandler'}},
    'root': {'handlers': ['stderr'], 'level': 'WARNING'},
    'loggers': {'django.request': {'level': 'ERROR'}},  # a 401 is no news
}
