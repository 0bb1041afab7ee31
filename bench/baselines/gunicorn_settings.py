"""How gunicorn serves a baseline or the peer: as many threads and as long a keep-alive as the site, its own worker."""

worker_class = "gthread"
threads = 8
worker_connections = 1000
backlog = 1024
keepalive = 15
timeout = 60
graceful_timeout = 10
preload_app = True
accesslog = None
loglevel = "warning"
control_socket_disable = True
