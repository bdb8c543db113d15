"""Visitors who come when they come: an open-loop client, a process of its own.

`python -m bench.visitors PORT < plan.json > outcome.json`: every request of the plan is sent at its moment,
however many still wait for an answer, and its time counts from that moment. Standard library only.
"""

import asyncio
import gzip
import json
import os
import sys
import time
import zlib

PATIENCE = 10  # seconds after which a visitor goes away: an error


async def visit(port, path, headers):
    """(status, body) of one GET on a connection of its own."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{headers}\r\n".encode())
        raw = await reader.read(-1)
    finally:
        writer.close()
    head, _sep, body = raw.partition(b"\r\n\r\n")
    status = int(head[9:12] or 0)
    lines = head.lower()
    if b"\r\ntransfer-encoding: chunked" in lines:
        body = unchunked(body)
    length = next((int(p[16:]) for p in lines.split(b"\r\n") if p.startswith(b"content-length: ")), None)
    if length is not None and len(body) != length:
        raise ConnectionError("the answer ended early")
    return status, body, b"\r\ncontent-encoding: gzip" in lines


def unchunked(raw):
    body, at = b"", 0
    while True:
        end = raw.index(b"\r\n", at)
        size = int(raw[at:end].split(b";")[0], 16)
        if not size:
            return body
        body += raw[end + 2 : end + 2 + size]
        at = end + 4 + size


async def all_visits(port, plan):
    """Send the whole plan; [(due, path number, seconds, status, bytes, markers seen)]."""
    paths, markers = plan["paths"], [marker.encode() for marker in plan["markers"]]
    outcome, start = [], time.monotonic() + 0.5

    async def one(due, number):
        try:
            status, body, packed = await asyncio.wait_for(
                visit(port, paths[number], "Accept-Encoding: gzip\r\n"), PATIENCE
            )
            took = time.monotonic() - start - due
            text = gzip.decompress(body) if packed and markers else body
            seen = [n for n, marker in enumerate(markers) if marker in text]
            outcome.append((due, number, took, status, len(body), seen))
        except (OSError, EOFError, ValueError, zlib.error, TimeoutError) as error:
            outcome.append((due, number, time.monotonic() - start - due, 0, 0, [type(error).__name__]))

    waiting = set()
    for due, number in plan["visits"]:
        delay = start + due - time.monotonic()
        if delay > 0:
            await asyncio.sleep(delay)
        task = asyncio.create_task(one(due, number))
        waiting.add(task)
        task.add_done_callback(waiting.discard)
    while waiting:
        await asyncio.wait(waiting)
    return outcome, start


def main():
    port, plan = int(sys.argv[1]), json.load(sys.stdin)
    if plan.get("core") is not None and hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {plan["core"]})
    before, began = time.process_time(), time.monotonic()
    outcome, start = asyncio.run(all_visits(port, plan))
    json.dump(
        {
            "outcome": outcome,
            "start": start,
            "cpu": time.process_time() - before,
            "wall": time.monotonic() - began,
        },
        sys.stdout,
    )


if __name__ == "__main__":
    main()
