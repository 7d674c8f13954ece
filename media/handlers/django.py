"""Receives PacSpace webhooks with Django: a view for your urls.py.

    path("webhooks/pacspace", pacspace_webhook)

Its secret comes from the environment: PACSPACE_WEBHOOK_SECRET=whsec_...
"""

import hashlib
import hmac
import json
import os
import re
import time
from threading import Lock

from django.http import HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

SECRET = os.environ["PACSPACE_WEBHOOK_SECRET"].encode()  # the whole secret, its whsec_ prefix included
if not SECRET:
    raise RuntimeError("PACSPACE_WEBHOOK_SECRET is empty.")
TOLERANCE_SECONDS = 300

# Event ids. Replace them by a model with a unique event id, saved in one transaction with the event's effects.
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


# Deliveries bear a signature, not a CSRF token. DATA_UPLOAD_MAX_MEMORY_SIZE caps their bodies (2.5 MB, else 400).
@csrf_exempt
@require_POST
def pacspace_webhook(request):
    body = request.body
    signature = request.headers.get("X-PacSpace-Signature", "")
    if not is_genuine(signature, request.headers.get("X-PacSpace-Timestamp", ""), body):
        return HttpResponse(status=401)
    event = parse(body)
    if event is None:
        return HttpResponse(status=400)
    event_id = request.headers.get("X-Event-ID", signature)
    return HttpResponse(status=handle_once(event_id, event))
