"""A line to the live server that can be cut: a forwarder of bytes between the browser and Django.

line = Line(live.url)
page = live.open("/lapor/perlu-didatangi/", user=petugas, url=line.url, workers=True)
line.cut()                 # nothing gets through; connections that stand are broken
line.mend()
line.limit = 20_000        # breaks every connection once it has sent so many bytes; None: no limit
"""

import contextlib
import re
import socket
import threading
from urllib.parse import urlsplit

PIECE = 4096
REQUEST = re.compile(rb"^([A-Z]+ /\S*) HTTP/1\.1\r$", re.MULTILINE)


class Line:
    def __init__(self, url):
        there = urlsplit(url)
        self.there = (there.hostname, there.port)
        self.listener = socket.create_server((there.hostname, 0), backlog=64)
        self.url = f"{there.scheme}://{there.hostname}:{self.listener.getsockname()[1]}"
        self.is_cut = False
        self.asked = []  # "GET /path" of every request that went through
        self.limit = None
        self.broken = 0  # connections broken for passing the limit
        self._open = set()
        self._lock = threading.Lock()
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self):
        self.is_cut = True
        with self._lock:
            for each in self._open:
                with contextlib.suppress(OSError):
                    each.shutdown(socket.SHUT_RDWR)

    def mend(self):
        self.is_cut = False

    def close(self):
        self.cut()
        self.listener.close()

    def _accept(self):
        while True:
            try:
                near, _address = self.listener.accept()
            except OSError:
                return
            if self.is_cut:
                near.close()
                continue
            threading.Thread(target=self._join, args=(near,), daemon=True).start()

    def _join(self, near):
        """Lead one connection on; a busy server keeps no other one waiting."""
        try:
            far = socket.create_connection(self.there)
        except OSError:
            near.close()
            return
        with self._lock:
            self._open |= {near, far}
        threading.Thread(target=self._carry, args=(far, near, False), daemon=True).start()
        self._carry(near, far, True)

    def _carry(self, source, target, up):
        carried = 0
        with contextlib.suppress(OSError):
            while data := source.recv(PIECE):
                carried += len(data)
                if up and self.limit is not None and carried >= self.limit:
                    self.broken += 1
                    break
                if up:
                    self.asked += [each.decode() for each in REQUEST.findall(data)]
                target.sendall(data)
        for each in (source, target):
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            with self._lock:
                self._open.discard(each)
            each.close()
