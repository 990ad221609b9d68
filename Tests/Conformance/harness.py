"""What the conformance scripts share: checks and their report, and a wire that can be cut.

A script registers functions with `@check`, in the order in which they run, and ends with
`sys.exit(run(BENCH))`, where BENCH makes, from the venue's base URL, what every check is given.
One line a check is printed, `ok NAME` or `FAIL NAME why`, then `N passed, M failed`; the exit code
is 1 where a check failed. Checks that are coroutines share one event loop.
"""

import asyncio
import inspect
import os
import queue
import socket
import struct
import sys
import threading
import time
import urllib.parse

# How long anything is waited for, in seconds.
PATIENCE = 60.0

CHECKS = []


def check(function):
    """Registers a check."""
    CHECKS.append(function)
    return function


def need(holds, why):
    """Fails the check where a condition does not hold."""
    if not holds:
        raise AssertionError(why)


def near(left, right, tolerance=1e-9):
    """Whether two numbers are the same but for a share of the larger."""
    return abs(left - right) <= tolerance * max(abs(left), abs(right))


def refused(kind, says, call, *arguments, **options):
    """The error of a call that must fail, exactly of this kind and with this text."""
    try:
        answer = call(*arguments, **options)
    except kind as refusal:
        return expected(refusal, kind, says)
    raise AssertionError(f"answered instead of {kind.__name__}: {str(answer)[:300]}")


async def refused_async(kind, says, awaitable):
    """As `refused`, of what is awaited."""
    try:
        answer = await awaitable
    except kind as refusal:
        return expected(refusal, kind, says)
    raise AssertionError(f"answered instead of {kind.__name__}: {str(answer)[:300]}")


def expected(refusal, kind, says):
    need(type(refusal) is kind, f"{type(refusal).__name__} instead of {kind.__name__}: {refusal}")
    need(says in str(refusal), f"{str(refusal)!r} does not say {says!r}")
    return refusal


def until(holds, what):
    """Asks again and again until something holds, and gives it."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        found = holds()
        if found:
            return found
        time.sleep(0.05)
    raise AssertionError(f"not within {PATIENCE:.0f} s: {what}")


async def next_of(watch, holds=lambda seen: True):
    """The next that a watch gives for which a condition holds; `watch` makes an awaitable."""
    async with asyncio.timeout(PATIENCE):
        while True:
            seen = await watch()
            if holds(seen):
                return seen


class Frames:
    """What a subscription brought, in order, from whatever thread."""

    def __init__(self):
        self.queue = queue.Queue()
        self.put = self.queue.put

    def next(self, holds=lambda frame: True):
        """The next frame for which a condition holds."""
        deadline = time.monotonic() + PATIENCE
        while True:
            left = deadline - time.monotonic()
            need(left > 0, f"no such frame within {PATIENCE:.0f} s")
            try:
                frame = self.queue.get(timeout=left)
            except queue.Empty:
                continue
            if holds(frame):
                return frame


class Relay:
    """A loopback port in front of the venue; `cut` breaks every connection through it."""

    def __init__(self, base_url):
        venue = urllib.parse.urlsplit(base_url)
        self.venue = (venue.hostname, venue.port)
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.address = "127.0.0.1:%d" % self.listener.getsockname()[1]
        self.lock = threading.Lock()
        self.ends = []
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self):
        """Resets every connection, as a router does that forgot them."""
        with self.lock:
            ends, self.ends = self.ends, []
            need(ends, "there is no connection to cut")
            for end in ends:
                # Without lingering, closing resets; whoever reads is woken first.
                end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                try:
                    end.shutdown(socket.SHUT_RD)
                except OSError:
                    pass  # The peer was faster.
                end.close()

    def close(self):
        self.listener.close()

    def _accept(self):
        while True:
            try:
                near, _ = self.listener.accept()
                far = socket.create_connection(self.venue)
            except OSError:
                return
            with self.lock:
                self.ends += [near, far]
            for source, sink in ((near, far), (far, near)):
                threading.Thread(target=self._pump, args=(source, sink), daemon=True).start()

    def _pump(self, source, sink):
        try:
            while data := source.recv(65_536):
                sink.sendall(data)
            with self.lock:
                if sink in self.ends:
                    sink.shutdown(socket.SHUT_WR)
        except OSError:
            pass  # It was cut.


def run(make_bench):
    """Runs every check against the venue of the first argument; the exit code."""
    if len(sys.argv) != 2:
        print(f"usage: {sys.argv[0]} BASE_URL", file=sys.stderr)
        return 64
    passed = failed = 0
    with asyncio.Runner() as runner:
        try:
            bench = make_bench(sys.argv[1].rstrip("/"))
        except Exception as problem:
            print(f"FAIL to begin {type(problem).__name__}: {problem}")
            print("0 passed, 1 failed", flush=True)
            os._exit(1)  # Threads of a client that never was would go on.
        try:
            for function in CHECKS:
                name = function.__name__
                try:
                    outcome = function(bench)
                    if inspect.isawaitable(outcome):
                        runner.run(asyncio.wait_for(outcome, 2 * PATIENCE))
                except Exception as problem:  # It must not hide the checks after it.
                    failed += 1
                    why = str(problem).replace("\n", " ")
                    print(f"FAIL {name} {type(problem).__name__}: {why}", flush=True)
                else:
                    passed += 1
                    print(f"ok {name}", flush=True)
        finally:
            outcome = bench.close()
            if inspect.isawaitable(outcome):
                runner.run(outcome)
    print(f"{passed} passed, {failed} failed", flush=True)
    return 1 if failed else 0
