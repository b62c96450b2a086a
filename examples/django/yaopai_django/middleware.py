"""Plain variant: this process asks Yaopai itself, once per request that carries a token.

request.yaopai_user     YaopaiUser or None
request.yaopai_session  YaopaiSession or None
@yaopai_required        answers strangers with Yaopai's own reason, word for word
"""

import logging
import re
from dataclasses import dataclass
from functools import wraps
from typing import Optional

from django.conf import settings

from .problems import handed_on, problem
from .verify_client import Unavailable, VerifyClient

log = logging.getLogger('yaopai')
BEARER = re.compile(r'bearer +([A-Za-z0-9._~+/=-]{1,512})', re.IGNORECASE)


@dataclass(frozen=True)
class YaopaiUser:
    id: str
    nickname: Optional[str] = None
    avatar_url: Optional[str] = None


@dataclass(frozen=True)
class YaopaiSession:
    id: str
    appid: Optional[str] = None
    expires_at: Optional[str] = None


class YaopaiMiddleware:
    def __init__(self, get_response):
        self.get_response = get_response
        self.client = VerifyClient(settings.YAOPAI_INTERNAL_URL, settings.YAOPAI_API_KEY)

    def __call__(self, request):
        take_identity_headers(request)  # nobody in front of us sets them, so whoever sent them lies
        request.yaopai_user = request.yaopai_session = None
        request.yaopai_refusal = self.identify(request)
        # Who sent a token is somebody: while nobody can say who, they are no stranger either.
        if request.yaopai_refusal and request.yaopai_refusal.status_code >= 500:
            return request.yaopai_refusal
        return self.get_response(request)

    def identify(self, request):
        """Sets user and session -> None, or the refusal for @yaopai_required to give."""
        header = request.META.get('HTTP_AUTHORIZATION', '').strip()
        if ',' in header:  # WSGI servers join a header that was sent twice
            return problem('invalid_request', 'Authorization was sent more than once', field='authorization')
        if not header.lower().startswith('bearer'):
            return problem('missing_token', 'Send Authorization: Bearer <token>')
        bearer = BEARER.fullmatch(header)
        if not bearer:
            return problem('invalid_token', 'Log in again')
        try:
            verdict = self.client.verify(bearer[1], request.META.get('HTTP_ACCEPT_LANGUAGE', ''))
        except Unavailable as error:
            log.error('request refused: %s', error)
            return problem('store_unavailable', 'Try again in a moment')
        if not verdict['ok']:
            return handed_on(verdict['problem'], verdict.get('wwwAuthenticate'))
        user, session = verdict['user'], verdict['session']
        request.yaopai_user = YaopaiUser(user['id'], user.get('nickname'), user.get('avatarUrl'))
        request.yaopai_session = YaopaiSession(session['id'], session.get('appid'), session.get('expiresAt'))
        return None


def yaopai_required(view):
    @wraps(view)
    def guarded(request, *args, **kwargs):
        if request.yaopai_user is None:
            return request.yaopai_refusal
        return view(request, *args, **kwargs)

    return guarded


def take_identity_headers(request):
    """Removes every X-Yaopai-* header, however spelled, and returns what they said."""
    names = [name for name in request.META if re.sub(r'[^A-Z0-9]', '_', name.upper()).startswith('HTTP_X_YAOPAI_')]
    return {name: request.META.pop(name) for name in names}
