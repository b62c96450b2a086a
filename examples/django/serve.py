"""Serves the shop with what Django brings along, where gunicorn is not installed: serve.py 127.0.0.1:8791 | unix:/path"""

import os
import socket
import sys

from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler

from shop.wsgi import application


class Handler(WSGIRequestHandler):
    def log_message(self, *_):
        pass


class UnixHandler(Handler):
    def setup(self):
        self.client_address = ('', 0)  # a socket file has no address: REMOTE_ADDR is empty, as under gunicorn
        super().setup()


class UnixServer(ThreadedWSGIServer):
    address_family = socket.AF_UNIX

    def server_bind(self):
        os.umask(0o077)
        self.socket.bind(self.server_address)
        self.server_name, self.server_port = 'localhost', 80
        self.setup_environ()


def main(listen):
    if listen.startswith('unix:'):
        server = UnixServer(listen[len('unix:'):], UnixHandler)
    else:
        host, port = listen.rsplit(':', 1)
        server = ThreadedWSGIServer((host, int(port)), Handler)
        print('Django listens on http://%s:%d' % server.server_address, flush=True)
    server.set_app(application)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        pass


if __name__ == '__main__':
    main(sys.argv[1])
