"""A process that looks like the emulator of a stack: its command line and its health."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_CODE = """
import http.server, json, os, sys

class Health(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        body = json.dumps({"stack_home": sys.argv[-1], "process": os.getpid()}).encode()
        self.send_response(200)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
    def log_message(self, *_):
        pass

server = http.server.HTTPServer(("127.0.0.1", 0), Health)
print(json.dumps([server.server_port, os.getpid()]), flush=True)
server.serve_forever()
"""


@contextmanager
def fake_emulator(home: Path) -> Iterator[tuple[int, int]]:
    """Run the process for the block; gives its port and its process id."""
    words = [sys.executable, "-c", _CODE, "-m", "local.emulator", str(home)]
    with subprocess.Popen(words, stdout=subprocess.PIPE) as process:
        try:
            assert process.stdout
            port, pid = json.loads(process.stdout.readline())
            yield port, pid
        finally:
            process.kill()
