"""Receives PacSpace webhooks with FastAPI.

Start it: PACSPACE_WEBHOOK_SECRET=whsec_... uvicorn pacspace_webhook:app
"""

import hashlib
import hmac
import json
import os
import re
import time

from fastapi import FastAPI, HTTPException, Request, Response

SECRET = os.environ["PACSPACE_WEBHOOK_SECRET"].encode()  # the whole secret, its whsec_ prefix included
if not SECRET:
    raise RuntimeError("PACSPACE_WEBHOOK_SECRET is empty.")
TOLERANCE_SECONDS = 300
MOST_BYTES = 5_000_000

app = FastAPI()

# Event ids. Replace them by your database: one row per id with a unique key, written together with the event's effects.
running = set()
done = set()


async def handle(event):
    print("handling", event["event"])


async def handle_once(event_id: str, event) -> int:
    """Handles an event unless it was handled before, and gives the status to answer."""
    if event_id in done:
        return 200
    if event_id in running:
        return 409  # should the running attempt fail, PacSpace's next one is handled
    running.add(event_id)
    try:
        await handle(event)
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


async def read_body(request: Request) -> bytes:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MOST_BYTES:
            raise HTTPException(413)
    return bytes(body)


@app.post("/webhooks/pacspace")
async def pacspace_webhook(request: Request):
    body = await read_body(request)
    signature = request.headers.get("X-PacSpace-Signature", "")
    if not is_genuine(signature, request.headers.get("X-PacSpace-Timestamp", ""), body):
        raise HTTPException(401)
    event = parse(body)
    if event is None:
        raise HTTPException(400)
    event_id = request.headers.get("X-Event-ID", signature)
    return Response(status_code=await handle_once(event_id, event))
