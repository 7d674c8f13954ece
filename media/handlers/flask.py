"""Receives PacSpace webhooks with Flask.

Start it: PACSPACE_WEBHOOK_SECRET=whsec_... flask --app pacspace_webhook run
"""

import hashlib
import hmac
import json
import os
import re
import time
from threading import Lock

from flask import Flask, Response, abort, request

SECRET = os.environ["PACSPACE_WEBHOOK_SECRET"].encode()  # the whole secret, its whsec_ prefix included
if not SECRET:
    raise RuntimeError("PACSPACE_WEBHOOK_SECRET is empty.")
TOLERANCE_SECONDS = 300

app = Flask(__name__)
app.config["MAX_CONTENT_LENGTH"] = 5_000_000

# Event ids. Replace them by your database: one row per id with a unique key, written together with the event's effects.
running = set()
done = set()
lock = Lock()


def handle(event):
    print("handling", event["event"])


def handle_once(event_id: str, event) -> int:
    """Handles an event unless it was handled before, and gives the status to answer."""
    with lock:
        if event_id in running:
            return 409  # should the running attempt fail, PacSpace's next one is handled
        if event_id in done:
            return 200
        running.add(event_id)
    try:
        handle(event)
        done.add(event_id)
    finally:
        running.discard(event_id)
    return 200


def is_genuine(signature: str, timestamp: str, body: bytes) -> bool:
    """Whether a request came from PacSpace just now: the HMAC is over the bytes as they came."""
    if not re.fullmatch(r"[0-9]{1,16}", timestamp):
        return False
    sent = int(timestamp) / 1000 if int(timestamp) >= 10**12 else int(timestamp)
    if abs(time.time() - sent) > TOLERANCE_SECONDS:
        return False
    digest = hmac.new(SECRET, timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()
    expected = f"v1={digest}".encode()
    # While a secret is being rotated there are two values, and either may be the right one.
    # Compared as bytes: compare_digest raises for text beyond ASCII.
    return any(hmac.compare_digest(part.strip().encode(), expected) for part in signature.split(","))


def parse(body: bytes):
    """The event; None when the body is no JSON object with an event's type."""
    try:
        event = json.loads(body)
    except ValueError:
        return None
    return event if isinstance(event, dict) and isinstance(event.get("event"), str) else None


@app.post("/webhooks/pacspace")
def pacspace_webhook():
    body = request.get_data()
    signature = request.headers.get("X-PacSpace-Signature", "")
    if not is_genuine(signature, request.headers.get("X-PacSpace-Timestamp", ""), body):
        abort(401)
    event = parse(body)
    if event is None:
        abort(400)
    event_id = request.headers.get("X-Event-ID", signature)
    return Response(status=handle_once(event_id, event))
