#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""A server of registry files on the loopback device, for registry-update.sh.

registry_server.py FOLDER [CERTIFICATE]: serves FOLDER/files, with ETag, Last-Modified and
Range; writes its port to FOLDER/port and a line for each request to FOLDER/log. How it
misbehaves is what FOLDER/mode says when a request comes:

    (nothing)      it behaves
    cut N          each answer breaks off after N octets of the body
    cut-once N     the first answer for each file does
    short N        N octets are sent as if they were all
    hang N         after N octets nothing comes any more
    no-validators  neither ETag nor Last-Modified are sent, and Range is not understood
    weak           the ETag is a weak one, and there is no date
    status CODE    that is the answer
    redirect URL   to URL/FILE
"""
import email.utils
import hashlib
import http.server
import os
import ssl
import sys
import threading
import time

folder = sys.argv[1]
lock = threading.Lock()
cut = set()


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def note(self, status):
        names = ("Range", "If-Range", "If-None-Match", "If-Modified-Since")
        given = " ".join(f"{n}={self.headers[n]}" for n in names if self.headers[n])
        with lock, open(f"{folder}/log", "a", encoding="utf-8") as log:
            log.write(f"{self.command} {self.path} {status} {given}\n")

    def mode(self):
        try:
            with open(f"{folder}/mode", encoding="utf-8") as mode:
                words = mode.read().split()
        except FileNotFoundError:
            words = []
        return words + [""] * (2 - len(words))

    def empty(self, status, **headers):
        self.note(status)
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def unchanged(self, etag, modified):
        if self.headers["If-None-Match"]:
            return self.headers["If-None-Match"] == etag
        return bool(modified) and self.headers["If-Modified-Since"] == modified

    def do_HEAD(self):
        self.do_GET()

    def do_GET(self):
        mode, argument = self.mode()
        path = f"{folder}/files/{os.path.basename(self.path)}"
        if mode == "status":
            return self.empty(int(argument))
        if mode == "redirect":
            return self.empty(302, Location=f"{argument}/{os.path.basename(path)}")
        if not os.path.exists(path):
            return self.empty(404)
        with open(path, "rb") as stream:
            body = stream.read()
        return self.answer(mode, argument, path, body)

    def answer(self, mode, argument, path, body):
        etag = '"' + hashlib.sha256(body).hexdigest()[:16] + '"'
        modified = email.utils.formatdate(os.stat(path).st_mtime, usegmt=True)
        start, status = 0, 200
        if mode == "no-validators":
            etag = modified = None
        if mode == "weak":
            etag, modified = "W/" + etag, None
        if self.unchanged(etag, modified):
            return self.empty(304, ETag=etag)
        wanted = self.headers["Range"]
        if wanted and etag and self.headers["If-Range"] in (None, etag, modified):
            start, status = int(wanted[len("bytes="):-1]), 206
            if start >= len(body):
                return self.empty(416)
        self.note(status)
        if mode == "short":
            body = body[:int(argument)]
        self.send_response(status)
        if status == 206:
            self.send_header("Content-Range", f"bytes {start}-{len(body) - 1}/{len(body)}")
        if etag:
            self.send_header("ETag", etag)
        if modified:
            self.send_header("Last-Modified", modified)
        self.send_header("Content-Length", str(len(body) - start))
        self.end_headers()
        if self.command != "HEAD":
            self.send_body(mode, argument, path, body[start:])

    def send_body(self, mode, argument, path, body):
        breaks = mode in ("cut", "hang") or (mode == "cut-once" and path not in cut)
        cut.add(path)
        if not breaks or len(body) <= int(argument):
            self.wfile.write(body)
            return
        self.wfile.write(body[:int(argument)])
        self.wfile.flush()
        if mode == "hang":
            time.sleep(60)
        self.close_connection = True


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
server.daemon_threads = True
if len(sys.argv) > 2:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(sys.argv[2])
    server.socket = context.wrap_socket(server.socket, server_side=True)
with open(f"{folder}/port.new", "w", encoding="utf-8") as port:
    port.write(str(server.server_address[1]))
os.rename(f"{folder}/port.new", f"{folder}/port")
server.serve_forever()
