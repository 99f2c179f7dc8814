"""How the application is served, everywhere. WEB_CONCURRENCY sets the number of workers."""

import os

wsgi_app = "leaders.wsgi"
workers = int(os.environ.get("WEB_CONCURRENCY") or 2)
threads = 4
# A request being answered when the process is asked to stop has this long, in seconds.
graceful_timeout = 20
# No access log: addresses of pages hold private links. Errors go through Django's own log.
accesslog = None
control_socket_disable = True
