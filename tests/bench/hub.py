# SPDX-License-Identifier: Apache-2.0
"""A real hub on loopback for benchmarks: start, call, measure the process."""
import base64
import hashlib
import http.client
import json
import os
import re
import socket
import subprocess
import time
from pathlib import Path
from urllib.parse import urlsplit


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Hub:
    """Starts the server on a fresh data folder; the admin token is read from its first output."""

    def __init__(self, binary, folder):
        self.port = free_port()
        self.log = open(Path(folder) / "hub.log", "w+")
        self.process = subprocess.Popen(
            [binary, "serve", "--data", str(Path(folder) / "hub"), "--listen", f"127.0.0.1:{self.port}"],
            stdout=self.log, stderr=subprocess.STDOUT)
        self.token = self._wait()
        self.user = "admin"

    def _wait(self):
        for _ in range(300):
            text = Path(self.log.name).read_text()
            found = re.search(r"hf_[A-Za-z0-9]+", text)
            if found and "listening on" in text:
                return found.group(0)
            if self.process.poll() is not None:
                raise RuntimeError(f"the hub did not start:\n{text}")
            time.sleep(0.05)
        raise RuntimeError(f"the hub is not ready after 15 s:\n{text}")

    def stop(self):
        self.process.terminate()
        self.process.wait(60)
        self.log.close()

    def connect(self):
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)

    def call(self, method, path, body=None, content_type="application/json", connection=None):
        own = connection or self.connect()
        headers = {"Authorization": f"Bearer {self.token}"}
        if body is not None:
            headers["Content-Type"] = content_type
            body = body if isinstance(body, (bytes, str)) else json.dumps(body)
        own.request(method, path, body=body, headers=headers)
        answer = own.getresponse()
        text = answer.read()
        if answer.status >= 300:
            raise RuntimeError(f"{method} {path}: {answer.status} {text[:300]!r}")
        return json.loads(text) if text and "json" in answer.getheader("Content-Type", "") else text

    def create_model(self, name):
        self.call("POST", "/api/repos/create", {"name": name, "type": "model"})
        return f"{self.user}/{name}"

    def upload_action(self, repo, sha256, size):
        answer = self.call("POST", f"/{repo}.git/info/lfs/objects/batch",
                           {"operation": "upload", "transfers": ["basic"], "hash_algo": "sha256",
                            "objects": [{"oid": sha256, "size": size}]}, "application/vnd.git-lfs+json")
        return answer["objects"][0]["actions"]["upload"]["href"]

    def put_file(self, href, path):
        """One PUT with sendfile, so that the sender costs as little as a sender can."""
        size = os.path.getsize(path)
        parts = urlsplit(href)
        with socket.create_connection((parts.hostname, parts.port)) as peer, open(path, "rb") as file:
            target = parts.path + ("?" + parts.query if parts.query else "")
            peer.sendall(f"PUT {target} HTTP/1.1\r\nHost: {parts.netloc}\r\nContent-Length: {size}\r\n\r\n".encode())
            offset = 0
            while offset < size:
                offset += os.sendfile(peer.fileno(), file.fileno(), offset, size - offset)
            status = peer.recv(65536).split(b" ")[1]
        if not status.startswith(b"2"):
            raise RuntimeError(f"PUT answered {status!r}")

    def commit(self, repo, operations, connection=None):
        lines = [{"key": "header", "value": {"summary": "benchmark"}}] + operations
        body = "\n".join(json.dumps(line) for line in lines)
        return self.call("POST", f"/api/models/{repo}/commit/main", body, "application/x-ndjson", connection)

    def commit_lfs(self, repo, path_in_repo, sha256, size):
        return self.commit(repo, [{"key": "lfsFile", "value": {"path": path_in_repo, "algo": "sha256",
                                                              "oid": sha256, "size": size}}])

    def resident_mb(self):
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(r"VmRSS:\s+(\d+)", status).group(1)) / 1024

    def cpu_seconds(self):
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def small_file(path, index, size=200):
    content = hashlib.sha256(f"{path}{index}".encode()).hexdigest() * (size // 64 + 1)
    return {"key": "file", "value": {"path": path, "encoding": "base64",
                                     "content": base64.b64encode(content[:size].encode()).decode()}}
