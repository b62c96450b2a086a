"""A body that no view reads holds one of gunicorn's threads for as long as the client keeps its connection."""

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
