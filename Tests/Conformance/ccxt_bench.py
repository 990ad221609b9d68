"""What the scripts that drive ccxt share: clients of public data, and what must hold there."""

import asyncio
import time

import ccxt
import ccxt.pro

from harness import Relay, need, next_of, refused_async

MINUTE = 60_000
HOUR = 60 * MINUTE
DAY = 24 * HOUR


def is_recent(timestamp, within=10 * MINUTE):
    """Whether something is a time in milliseconds, of now."""
    return isinstance(timestamp, int) and abs(timestamp - time.time() * 1000) < within


def need_candles(rows, length, count):
    """Demands unbroken candles, oldest first, the last of them of now."""
    times = [row[0] for row in rows]
    need(len(times) == count, f"{len(times)} candles of {count}")
    need(times == list(range(times[0], times[0] + count * length, length)), f"gaps: {times}")
    need(times[0] % length == 0 and times[-1] + length > time.time() * 1000 - MINUTE, times)
    for _, first, high, low, last, volume in rows:
        need(0 < low <= min(first, last) <= max(first, last) <= high, rows)
        need(volume >= 0, rows)


def need_book(book):
    """Demands a sorted book that is not crossed."""
    bids, asks = ([level[0] for level in book[side]] for side in ("bids", "asks"))
    need(bids and asks and bids[0] < asks[0], f"{bids[:1]} against {asks[:1]}")
    need(bids == sorted(bids, reverse=True) and asks == sorted(asks), "not sorted")
    need(all(level[1] > 0 for level in book["bids"] + book["asks"]), "an empty level")


class PublicBench:
    """A venue of public data; `api` makes ccxt's addresses from a host and a port.

    Where it is paced, ccxt keeps to the venue's limits by itself, as it does by default.
    """

    def __init__(self, base_url, name, api, is_paced=False):
        self.base_url, self.name, self.api, self.is_paced = base_url, name, api, is_paced
        self.client = getattr(ccxt, name)(self._settings(base_url))
        self.client.load_markets()
        self.streams = []
        self.stream = self.stream_at(base_url)

    def _settings(self, base_url):
        return {
            "enableRateLimit": self.is_paced,
            "timeout": 30_000,
            "urls": {"api": self.api(base_url.removeprefix("http://"))},
        }

    def stream_at(self, base_url):
        """Another streaming client."""
        self.streams.append(getattr(ccxt.pro, self.name)(self._settings(base_url)))
        return self.streams[-1]

    async def close(self):
        for stream in self.streams:
            await stream.close()


async def need_tickers(stream, symbols):
    """Waits until several tickers stream; ccxt hands out one at a time, and keeps all."""
    await next_of(
        lambda: stream.watch_tickers(symbols), lambda seen: set(symbols) <= set(stream.tickers)
    )


async def need_reconnection(bench, watch):
    """Cuts a stream: ccxt must say so, and get fresh frames when asked again."""
    relay = Relay(bench.base_url)
    stream = bench.stream_at(f"http://{relay.address}")
    try:
        await next_of(lambda: watch(stream))
        rest = asyncio.ensure_future(next_of(lambda: watch(stream), lambda seen: False))
        await asyncio.sleep(0)
        relay.cut()
        await refused_async(ccxt.NetworkError, "", rest)
        await next_of(lambda: watch(stream))
    finally:
        await stream.close()
        relay.close()
