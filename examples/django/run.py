#!/usr/bin/python3
"""Starts the shop: Django alone, which asks Yaopai itself, and nginx with a second Django behind it.

    YAOPAI_API_KEY=yk1_… python3 run.py [--port 8791] [--gateway-port 8792] [--server gunicorn|django]

Port 0 picks a free one. Ctrl-C stops all of it.
"""

import argparse
import importlib.util
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from urllib.parse import urlsplit

HERE = Path(__file__).resolve().parent
START_SECONDS = 30


class CannotStart(Exception):
    pass


class Stopped(Exception):
    pass


def main():
    options = parsed_options()
    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    children = []
    with tempfile.TemporaryDirectory(prefix='yaopai-shop-') as run_dir:
        try:
            check_settings()
            start_all(options, Path(run_dir), children)
            print('Ctrl-C stops it', flush=True)
            wait_for_any(children)
        except Stopped:
            return 0
        except CannotStart as problem:
            print(f'run.py: {problem}', file=sys.stderr)
            return 78
        finally:
            stop_all(children)


def parsed_options():
    parser = argparse.ArgumentParser(description='The shop example: Django that knows who calls')
    parser.add_argument('--port', type=int, default=8791, help='Django alone; 0: any free port')
    parser.add_argument('--gateway-port', type=int, default=8792, help='nginx in front; 0: any free port')
    gunicorn = 'gunicorn' if importlib.util.find_spec('gunicorn') else 'django'
    parser.add_argument('--server', choices=['gunicorn', 'django'], default=gunicorn)
    return parser.parse_args()


def check_settings():
    if not importlib.util.find_spec('django'):
        raise CannotStart(f'{sys.executable} has no Django: apt install python3-django, then /usr/bin/python3 run.py')
    if not (os.environ.get('YAOPAI_API_KEY') or os.environ.get('YAOPAI_API_KEY_FILE')):
        raise CannotStart('YAOPAI_API_KEY is not set: give it (or YAOPAI_API_KEY_FILE) a key of scope introspect')


def start_all(options, run_dir, children):
    Path(os.environ.get('SHOP_DATABASE') or HERE / '.yaopai' / 'shop.db').parent.mkdir(parents=True, exist_ok=True)
    subprocess.run([sys.executable, 'manage.py', 'migrate', '--verbosity', '0'], cwd=HERE, check=True)

    port = options.port or free_port()
    children.append(start_django(options.server, f'127.0.0.1:{port}', behind_gateway=False))
    wait_until_answers(('127.0.0.1', port), children)
    print(f'Django asks Yaopai itself: http://127.0.0.1:{port}/whoami', flush=True)

    nginx = shutil.which('nginx', path=os.environ.get('PATH', '') + ':/usr/sbin')
    if not nginx:
        print('nginx is not installed (apt install nginx): no gateway', flush=True)
        return
    gateway_port = options.gateway_port or free_port()
    # The folder is ours alone (0700), so that nobody but nginx reaches the Django that trusts its headers.
    children.append(start_django(options.server, f'unix:{run_dir}/django.sock', behind_gateway=True))
    wait_until_answers(f'{run_dir}/django.sock', children)
    children.append(start_nginx(nginx, run_dir, gateway_port))
    wait_until_answers(('127.0.0.1', gateway_port), children)
    print(f'nginx asks Yaopai first:   http://127.0.0.1:{gateway_port}/whoami', flush=True)


def start_django(server, listen, behind_gateway):
    gunicorn = ['-m', 'gunicorn', '--threads', '8', '--keep-alive', '30', '--log-level', 'warning', 'shop.wsgi']
    command = [*gunicorn, '--bind', listen] if server == 'gunicorn' else ['serve.py', listen]
    environment = {**os.environ, 'SHOP_BEHIND_GATEWAY': '1' if behind_gateway else '0'}
    return subprocess.Popen([sys.executable, *command], cwd=HERE, env=environment)


def start_nginx(nginx, run_dir, port):
    url = urlsplit(os.environ.get('YAOPAI_INTERNAL_URL', 'http://127.0.0.1:8789'))
    words = {
        # Workers must open a socket that only this user may open. Started as root, that user is root.
        'USER_LINE': 'user root;' if os.geteuid() == 0 else '',
        'RUN_DIR': str(run_dir),
        'YAOPAI_SCHEME': url.scheme,
        'YAOPAI_ADDRESS': f'{url.hostname}:{url.port or (443 if url.scheme == "https" else 80)}',
        'YAOPAI_PATH': url.path.rstrip('/'),
        'DJANGO_SOCKET': f'{run_dir}/django.sock',
        'LISTEN': f'127.0.0.1:{port}',
    }
    conf = (HERE / 'nginx.conf.template').read_text()
    for word, value in words.items():
        conf = conf.replace(f'@{word}@', value)
    (run_dir / 'nginx.conf').write_text(conf)
    return subprocess.Popen([nginx, '-e', 'stderr', '-p', str(run_dir), '-c', str(run_dir / 'nginx.conf')])


def wait_until_answers(address, children):
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        fail_if_gone(children)
        if answers(address):
            return
        time.sleep(0.05)
    raise CannotStart(f'nothing answers on {address} after {START_SECONDS} s')


def answers(address):
    family = socket.AF_UNIX if isinstance(address, str) else socket.AF_INET
    with socket.socket(family) as connection:
        connection.settimeout(2)
        try:
            connection.connect(address)
            connection.sendall(b'GET / HTTP/1.0\r\nHost: localhost\r\n\r\n')
            return connection.recv(5) == b'HTTP/'
        except OSError:
            return False


def wait_for_any(children):
    while True:
        fail_if_gone(children)
        time.sleep(0.2)


def fail_if_gone(children):
    for child in children:
        if child.poll() is not None:
            raise CannotStart(f'{child.args[0]} ended by itself with {child.returncode}: see its lines above')


def stop_all(children):
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    for child in reversed(children):
        child.terminate()
    for child in children:
        try:
            child.wait(timeout=5)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


def stop(_signal, _frame):
    raise Stopped


def free_port():
    with socket.socket() as probe:
        probe.bind(('127.0.0.1', 0))
        return probe.getsockname()[1]


if __name__ == '__main__':
    sys.exit(main())
