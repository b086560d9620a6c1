# SPDX-License-Identifier: Apache-2.0
# HTTP without a client library: what a careless or hostile peer would send, and what came back.
import base64
import contextlib
import gzip
import json
import select
import socket
from dataclasses import dataclass, field
from urllib.parse import urlsplit

SECONDS = 60


@dataclass
class Reply:
    status: int
    headers: dict
    body: bytes = b""
    bytes_sent: int = field(default=0, compare=False)

    def header(self, name):
        return self.headers.get(name.lower())

    def json(self):
        return json.loads(self.body)

    @property
    def code(self):
        return self.header("x-error-code")


def request(server, method, target, *, token=None, headers=None, body=b"", json_body=None, basic=None):
    """One request on its own connection; `target` is sent as it is, with no normalisation."""
    lines = dict(headers or {})
    if token:
        lines.setdefault("Authorization", f"Bearer {token}")
    if basic:
        lines["Authorization"] = "Basic " + base64.b64encode(":".join(basic).encode()).decode()
    if json_body is not None:
        body = json.dumps(json_body).encode()
        lines.setdefault("Content-Type", "application/json")
    if body or method in ("POST", "PUT", "DELETE"):
        lines.setdefault("Content-Length", str(len(body)))
    with connect(server) as peer:
        peer.send_head(method, target, lines)
        peer.send(body)
        return peer.read_reply(head_only=method == "HEAD")


def get(server, target, **more):
    return request(server, "GET", target, **more)


@contextlib.contextmanager
def connect(server):
    peer = Peer(server.port)
    try:
        yield peer
    finally:
        peer.close()


class Peer:
    """A connection that stops sending as soon as an answer arrives, as a sensible client does."""

    def __init__(self, port):
        self.port = port
        self.socket = socket.create_connection(("127.0.0.1", port), SECONDS)
        self.received = b""
        self.bytes_sent = 0
        self.is_cut = False

    def send_head(self, method, target, headers):
        lines = [f"{method} {target} HTTP/1.1", f"Host: 127.0.0.1:{self.port}", "Connection: close"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        self.send("\r\n".join(lines).encode("latin-1") + b"\r\n\r\n")

    def send(self, data):
        """False once the peer has answered or gone away."""
        view = memoryview(data)
        self.socket.setblocking(False)
        try:
            while view and not self.is_cut:
                readable, writable, _ = select.select([self.socket], [self.socket], [], SECONDS)
                if readable:
                    self.is_cut = True
                elif writable:
                    sent = self.socket.send(view)
                    self.bytes_sent += sent
                    view = view[sent:]
                else:
                    raise TimeoutError("the server neither reads nor answers")
        except (BrokenPipeError, ConnectionResetError):
            self.is_cut = True
        finally:
            self.socket.setblocking(True)
            self.socket.settimeout(SECONDS)
        return not self.is_cut

    def send_chunk(self, data):
        return self.send(f"{len(data):x}\r\n".encode() + data + b"\r\n")

    def read_reply(self, *, head_only=False):
        while b"\r\n\r\n" not in self.received and self._more():
            pass
        head, _, rest = self.received.partition(b"\r\n\r\n")
        if not head:
            raise ConnectionError("the server closed the connection without an answer")
        status, headers = parse_head(head)
        if status == 100:
            self.received = rest
            return self.read_reply(head_only=head_only)
        while not head_only and self._more():
            pass
        body = self.received.partition(b"\r\n\r\n")[2]
        if headers.get("transfer-encoding", "").lower() == "chunked":
            body = join_chunks(body)
        if headers.get("content-encoding") == "gzip":
            body = gzip.decompress(body)
        return Reply(status, headers, body, self.bytes_sent)

    def _more(self):
        try:
            block = self.socket.recv(1 << 16)
        except ConnectionResetError:
            return False
        self.received += block
        return bool(block)

    def close(self):
        self.socket.close()


def parse_head(head):
    first, *lines = head.decode("latin-1").split("\r\n")
    headers = {}
    for line in lines:
        name, _, value = line.partition(":")
        headers[name.strip().lower()] = value.strip()
    return int(first.split()[1]), headers


def join_chunks(data):
    body = b""
    while data:
        size, _, data = data.partition(b"\r\n")
        count = int(size.split(b";")[0], 16)
        if count == 0:
            break
        body, data = body + data[:count], data[count + 2 :]
    return body


def target_of(url):
    """Path and query of an absolute URL, as a request target."""
    parts = urlsplit(url)
    return parts.path + (f"?{parts.query}" if parts.query else "")


def ndjson(*lines):
    return b"".join(json.dumps({"key": key, "value": value}).encode() + b"\n" for key, value in lines)


def commit(server, user, repo, *lines, kind="models", revision="main", summary="change", parent=None, target=None):
    """A commit by hand: (key, value) lines after the header."""
    header = {"summary": summary, **({"parentCommit": parent} if parent else {})}
    return request(
        server,
        "POST",
        target or f"/api/{kind}/{repo}/commit/{revision}",
        token=user.token,
        headers={"Content-Type": "application/x-ndjson"},
        body=ndjson(("header", header), *lines),
    )


def lfs_batch(server, user, repo, objects, *, operation="upload", prefix="", transfers=("basic",)):
    body = {
        "operation": operation,
        "transfers": list(transfers),
        "hash_algo": "sha256",
        "objects": [{"oid": oid, "size": size} for oid, size in objects],
    }
    return request(
        server,
        "POST",
        f"/{prefix}{repo}.git/info/lfs/objects/batch",
        token=user.token if user else None,
        headers={"Content-Type": "application/vnd.git-lfs+json", "Accept": "application/vnd.git-lfs+json"},
        body=json.dumps(body).encode(),
    )
