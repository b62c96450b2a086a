"""Gateway variant: nginx asked Yaopai (auth_request) and says in headers who calls.

The headers count only on a connection that comes from nginx: a UNIX socket that only nginx can open
(REMOTE_ADDR is empty then), or an address in settings.YAOPAI_GATEWAY_ADDRESSES.
"""

import re

from django.conf import settings

from .middleware import YaopaiSession, YaopaiUser, take_identity_headers
from .problems import problem

USER = re.compile(r'usr_[A-Za-z0-9_-]{1,64}')
SESSION = re.compile(r'ses_[A-Za-z0-9_-]{1,64}')


class GatewayMiddleware:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        said = take_identity_headers(request)
        user, session = said.get('HTTP_X_YAOPAI_USER', ''), said.get('HTTP_X_YAOPAI_SESSION', '')
        trusted = request.META.get('REMOTE_ADDR', '') in settings.YAOPAI_GATEWAY_ADDRESSES
        # fullmatch: a header that was sent twice arrives joined by a comma, and is nobody's id.
        known = trusted and USER.fullmatch(user) and SESSION.fullmatch(session)
        request.yaopai_user = YaopaiUser(user) if known else None
        request.yaopai_session = YaopaiSession(session, said.get('HTTP_X_YAOPAI_APP')) if known else None
        request.yaopai_refusal = None if known else problem('missing_token', 'Call through the gateway, with a token')
        return self.get_response(request)
