"""A refusal that leaves the body unread makes gunicorn reset the connection, or holds one of its threads."""

CHUNK_BYTES = 64 * 1024
MAX_CHUNKS = 16


class ReadToEndMiddleware:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        try:
            for _ in range(MAX_CHUNKS):
                if not request.read(CHUNK_BYTES):
                    break
        except OSError:  # the client is gone, and so is the rest of its body
            pass
        return response
