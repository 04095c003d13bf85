"""Ends with 0 when the web server of this container is ready for readers: for HEALTHCHECK, which has no curl."""

import http.client
import sys

connection = http.client.HTTPConnection("127.0.0.1", int(sys.argv[1]) if len(sys.argv) > 1 else 8000, timeout=4)
try:
    connection.request("GET", "/readyz")
    sys.exit(0 if connection.getresponse().status == 200 else "Not ready for readers.")
except OSError as error:
    sys.exit(f"It does not answer: {error}")
