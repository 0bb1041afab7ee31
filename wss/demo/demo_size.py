"""The size of the demo data, unless another is asked for."""

CONNECTIONS, REQUESTS, SEED = 300, 1_500, 1
# The first connections are the demo logins: domestic ones with a mobile, an e-mail and a bill worth disputing.
DEMO_LOGINS = 4
