"""POST /verify over kept connections, safe to share between threads. Standard library only."""

import json
import time
from collections import deque
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import urlsplit

TIMEOUT_SECONDS = 2
# Shorter than the 5 s after which Node closes an idle connection, so that few are found closed.
KEEP_IDLE_SECONDS = 4
MAX_ANSWER_BYTES = 64 * 1024

ADVICE = {
    401: 'Yaopai does not know the API key (401): name it in YAOPAI_API_KEYS or "backends" of Yaopai',
    403: 'Yaopai refuses the API key (403): give it the scope introspect',
    404: 'Yaopai has no such route (404): YAOPAI_INTERNAL_URL must be its internal listener',
}


class Unavailable(Exception):
    """Yaopai gave no answer that can be acted on. The message is for the operator and names no secret."""


class VerifyClient:
    def __init__(self, internal_url, api_key):
        url = urlsplit(internal_url)
        if url.scheme not in ('http', 'https') or not url.hostname:
            raise ValueError('YAOPAI_INTERNAL_URL must look like http://127.0.0.1:8789')
        if not api_key:
            raise ValueError('YAOPAI_API_KEY is empty: set it, or YAOPAI_API_KEY_FILE, to a key of scope introspect')
        self._connect = HTTPSConnection if url.scheme == 'https' else HTTPConnection
        self._address = (url.hostname, url.port)
        self._path = url.path.rstrip('/') + '/verify'
        self._headers = {'Authorization': f'Bearer {api_key}', 'Content-Type': 'application/json'}
        self._idle = deque()  # append and pop are atomic: two threads never hold one connection

    def verify(self, token, language=''):
        """In the client's language where Yaopai speaks it.

        -> {'ok': True, 'user': …, 'session': …} | {'ok': False, 'problem': …, 'wwwAuthenticate': …}
        """
        headers = {**self._headers, 'Accept-Language': language[:100]}
        status, answer = self._post(json.dumps({'token': token}).encode(), headers)
        if status in ADVICE:
            raise Unavailable(ADVICE[status])
        if status != 200:
            raise Unavailable(f'Yaopai answered {status}')
        return checked(answer)

    def _post(self, body, headers):
        try:
            kept = self._kept()
            if kept:
                try:
                    return self._exchange(kept, body, headers)
                except ConnectionError:
                    pass  # closed by the other side while it lay idle; asking twice changes nothing there
            return self._exchange(self._connect(*self._address, timeout=TIMEOUT_SECONDS), body, headers)
        except (OSError, HTTPException) as error:
            raise Unavailable(f'no answer from Yaopai: {type(error).__name__}') from None

    def _kept(self):
        while self._idle:
            try:
                connection, since = self._idle.pop()
            except IndexError:  # another thread was faster
                return None
            if time.monotonic() - since < KEEP_IDLE_SECONDS:
                return connection
            connection.close()
        return None

    def _exchange(self, connection, body, headers):
        try:
            connection.request('POST', self._path, body, headers)
            response = connection.getresponse()
            answer = response.read(MAX_ANSWER_BYTES + 1)
        except BaseException:
            connection.close()
            raise
        if response.will_close or not response.isclosed():
            connection.close()
        else:
            self._idle.append((connection, time.monotonic()))
        return response.status, answer


def checked(answer):
    """Nothing is taken for an identity, or for a refusal, that does not look like one."""
    try:
        verdict = json.loads(answer)
        if verdict['ok'] is True and all(isinstance(verdict[who]['id'], str) for who in ('user', 'session')):
            return verdict
        if verdict['ok'] is False and 400 <= verdict['problem']['status'] <= 599:
            return verdict
    except (ValueError, KeyError, TypeError, RecursionError):
        pass
    raise Unavailable('Yaopai answered something that is not a verdict')
