# SPDX-License-Identifier: Apache-2.0
# A TCP relay in front of the server that breaks one answer in the middle, as a bad network does.
import socket
import threading
from contextlib import contextmanager


@contextmanager
def cutting_proxy(server, *, after):
    """Yields an object with `url`, `port` and `cuts`: the first answer longer than `after` bytes is cut there."""
    relay = Relay(server.port, after)
    try:
        yield relay
    finally:
        relay.close()


class Relay:
    def __init__(self, target, after):
        self.target = target
        self.after = after
        self.cuts = 0
        self.requests = []
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while True:
            try:
                near, _ = self.listener.accept()
            except OSError:
                return
            far = socket.create_connection(("127.0.0.1", self.target))
            threading.Thread(target=self._forward, args=(near, far), daemon=True).start()
            threading.Thread(target=self._back, args=(far, near), daemon=True).start()

    def _forward(self, near, far):
        with_errors_ignored(lambda: self._copy(near, far, on_data=self.requests.append))
        shut(far)

    def _back(self, far, near):
        with_errors_ignored(lambda: self._copy(far, near, limit=self.after))
        shut(near)
        shut(far)

    def _copy(self, source, sink, *, limit=None, on_data=None):
        passed = 0
        while data := source.recv(1 << 16):
            if on_data:
                on_data(data)
            passed += len(data)
            if limit is not None and passed > limit and self.cuts == 0:
                self.cuts += 1
                sink.sendall(data[: len(data) - (passed - limit)])
                return
            sink.sendall(data)

    def close(self):
        self.listener.close()


def shut(peer):
    with_errors_ignored(lambda: peer.shutdown(socket.SHUT_RDWR))


def with_errors_ignored(action):
    try:
        action()
    except OSError:
        pass
