"""Refusals as RFC 9457 problems: one body and one WWW-Authenticate header that say the same."""

import json

from django.http import HttpResponse

TITLES = {
    'missing_token': (401, 'relogin', 'No token was sent'),
    'invalid_token': (401, 'relogin', 'The token is not valid'),
    'invalid_request': (400, 'input', 'The request does not fit'),
    'not_found': (404, 'input', 'There is no such thing here'),
    'method_not_allowed': (405, 'input', 'This route does not take this method'),
    'payload_too_large': (413, 'input', 'The body is too long'),
    'store_unavailable': (503, 'retry', 'Who calls cannot be known right now'),
}


def problem(code, detail, **more):
    """A refusal of our own. `more` adds members, e.g. the `field` that does not fit."""
    status, what_to_do, title = TITLES[code]
    body = {'type': f'/problems/{code}', 'title': title, 'status': status, 'code': code, 'class': what_to_do}
    body.update(detail=detail, **more)
    error = '' if code == 'missing_token' else 'error="invalid_token", '
    why = f'Bearer {error}yaopai_code="{code}", yaopai_class="{what_to_do}"'
    return handed_on(body, why if status == 401 else None)


def handed_on(body, www_authenticate=None):
    """Yaopai's own refusal for the client, word for word: the client SDK acts on its `class`."""
    response = HttpResponse(
        json.dumps(body, ensure_ascii=False), content_type='application/problem+json', status=body['status']
    )
    response['Cache-Control'] = 'no-store'
    if www_authenticate:
        response['WWW-Authenticate'] = www_authenticate
    if body['status'] in (429, 503):
        response['Retry-After'] = str(body.get('retryAfterSeconds', 1))
    return response
