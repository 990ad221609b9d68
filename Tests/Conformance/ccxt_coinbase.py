#!/usr/bin/env python3
"""Drives the unmodified ccxt, polling and streaming, against both APIs of the simulated Coinbase.

    assay exchange --port 3001
    .venv/bin/python Tests/Conformance/ccxt_coinbase.py http://127.0.0.1:3001

What it prints is in `harness.py`. The venue must run in real time and list BTC and ETH.
"""

import asyncio
import sys

import ccxt

from ccxt_bench import (
    DAY,
    HOUR,
    MINUTE,
    PublicBench,
    is_recent,
    need_book,
    need_candles,
    need_reconnection,
    need_tickers,
)
from harness import check, near, need, next_of, refused, refused_async, run, until

BTC, ETH = "BTC/USD", "ETH/USD"
ID = "BTC-USD"


def exchange_api(host):
    address = f"http://{host}"
    return {"public": address, "private": address, "ws": f"ws://{host}/coinbase/exchange"}


def advanced_api(host):
    return {"rest": f"http://{host}", "ws": f"ws://{host}/coinbase/advanced"}


class Bench:
    """The Exchange API, and Advanced Trade beside it."""

    def __init__(self, base_url):
        self.exchange = PublicBench(base_url, "coinbaseexchange", exchange_api, is_paced=True)
        self.advanced = PublicBench(base_url, "coinbase", advanced_api, is_paced=True)

    async def close(self):
        for bench in (self.exchange, self.advanced):
            await bench.close()


def need_spot_market(market):
    need((market["id"], market["type"], market["quote"]) == (ID, "spot", "USD"), market)
    need(market["active"] and market["spot"] and not market["contract"], market)
    need(market["precision"]["price"] == 0.01 and market["precision"]["amount"] > 0, market)


def need_ticker(ticker):
    need(ticker["symbol"] == BTC and is_recent(ticker["timestamp"]), ticker)
    need(ticker["bid"] < ticker["ask"] and near(ticker["last"], ticker["bid"], 0.02), ticker)


# The Exchange API


@check
def exchange_markets(bench):
    need_spot_market(bench.exchange.client.market(BTC))
    need(bench.exchange.client.market(ETH)["id"] == "ETH-USD", "no ETH")
    need(bench.exchange.client.currency("BTC")["type"] == "crypto", "BTC")
    (one,) = [
        row for row in bench.exchange.client.publicGetProducts() if row["id"] == ID
    ]
    need(one == bench.exchange.client.publicGetProductsId({"id": ID}), one)
    flags = ("cancel_only", "post_only", "auction_mode", "trading_disabled", "limit_only")
    need(one["status"] == "online" and not any(one[flag] for flag in flags), one)


@check
def exchange_time(bench):
    need(is_recent(bench.exchange.client.fetch_time(), MINUTE), "time")
    told = bench.exchange.client.publicGetTime()
    seconds = bench.exchange.client.parse8601(told["iso"]) / 1000
    need(abs(seconds - float(told["epoch"])) < 0.01, told)


@check
def exchange_tickers(bench):
    client = bench.exchange.client
    ticker = client.fetch_ticker(BTC)
    need_ticker(ticker)
    need(ticker["baseVolume"] > 0 and int(ticker["info"]["trade_id"]) > 0, ticker)
    stats = client.publicGetProductsIdStats({"id": ID})
    low, high = float(stats["low"]), float(stats["high"])
    need(low <= float(stats["open"]) <= high and low <= float(stats["last"]) <= high, stats)
    need(float(stats["volume"]) <= float(stats["volume_30day"]), stats)
    client.options["fetchTickerMethod"] = "publicGetProductsIdStats"
    by_stats = client.fetch_ticker(BTC)
    del client.options["fetchTickerMethod"]
    need(by_stats["high"] == high and near(by_stats["last"], ticker["last"], 0.02), by_stats)


@check
def exchange_spark_lines(bench):
    tickers = bench.exchange.client.fetch_tickers()
    need(near(tickers[BTC]["last"], bench.exchange.client.fetch_ticker(BTC)["last"], 0.2), tickers)
    need(ETH in tickers, tickers.keys())


@check
def exchange_candles(bench):
    client = bench.exchange.client
    raw = client.publicGetProductsIdCandles({"id": ID, "granularity": "60"})
    times = [row[0] for row in raw]
    need(times == sorted(times, reverse=True) and times[0] % 60 == 0, "not the newest first")
    need(all(isinstance(value, (int, float)) for value in raw[0]), f"not numbers: {raw[0]}")
    for timeframe in ("1m", "5m", "15m", "1h", "6h", "1d"):
        length = client.parse_timeframe(timeframe) * 1000
        since = (client.milliseconds() // length - 9) * length
        need_candles(client.fetch_ohlcv(BTC, timeframe, since, 10), length, 10)
    # The oldest is where it was asked for: start and end count both.
    rows = client.fetch_ohlcv(BTC, "1h", since - 20 * DAY, 4)
    need([row[0] for row in rows] == [since - 20 * DAY + n * HOUR for n in range(4)], rows)


@check
def exchange_book(bench):
    book = bench.exchange.client.fetch_order_book(BTC)
    need_book(book)
    best = bench.exchange.client.publicGetProductsIdBook({"id": ID, "level": 1})
    need(len(best["bids"]) == len(best["asks"]) == 1 and int(best["sequence"]) > 0, best)
    need(len(best["bids"][0]) == 3 and best["auction_mode"] is False, best)


@check
def exchange_trades(bench):
    rows = bench.exchange.client.fetch_trades(BTC, limit=20)
    times = [row["timestamp"] for row in rows]
    need(0 < len(rows) <= 20 and times == sorted(times) and is_recent(times[-1], HOUR), times)
    for row in rows:
        need(row["price"] > 0 and row["amount"] > 0 and row["symbol"] == BTC, row)
        # The wire tells the maker's side, ccxt the taker's.
        need(row["side"] != row["info"]["side"], row)
    raw = bench.exchange.client.publicGetProductsIdTrades({"id": ID, "limit": 5})
    ids = [int(row["trade_id"]) for row in raw]
    need(ids == sorted(set(ids), reverse=True), ids)
    times = [row["time"] for row in raw]
    need(times == sorted(times, reverse=True), times)


@check
def exchange_refusals(bench):
    client = bench.exchange.client
    # ccxt takes every NotFound for a missing order.
    refused(ccxt.OrderNotFound, "NotFound", client.publicGetProductsId, {"id": "NO-SUCH"})
    refused(ccxt.OrderNotFound, "NotFound", client.publicGetProductsIdTicker, {"id": "NO-SUCH"})
    wrong = {"id": ID, "granularity": "61"}
    refused(ccxt.ExchangeError, "granularity", client.publicGetProductsIdCandles, wrong)
    wide = {
        "id": ID, "granularity": "60", "start": "2026-01-01T00:00:00Z",
        "end": "2026-01-02T00:00:00Z",
    }
    refused(
        ccxt.ExchangeError, "Count of aggregations requested exceeds 300",
        client.publicGetProductsIdCandles, wide,
    )


@check
async def exchange_stream(bench):
    ticker = await next_of(lambda: bench.exchange.stream.watch_ticker(BTC))
    need_ticker(ticker)
    need(ticker["low"] <= ticker["last"] <= ticker["high"] and ticker["baseVolume"] > 0, ticker)
    need(ticker["bidVolume"] > 0 and int(ticker["info"]["sequence"]) > 0, ticker)
    await need_tickers(bench.exchange.stream, [BTC, ETH])


@check
async def exchange_stream_refusals(bench):
    stream = bench.exchange.stream_at(bench.exchange.base_url)
    message = {"type": "subscribe", "product_ids": ["NO-SUCH"], "channels": ["ticker"]}
    watching = stream.watch(stream.urls["api"]["ws"], "nothing", message, "nothing")
    await refused_async(ccxt.ExchangeError, "NO-SUCH", asyncio.wait_for(watching, 30))


@check
async def exchange_reconnecting(bench):
    await need_reconnection(bench.exchange, lambda stream: stream.watch_ticker(BTC))


# Advanced Trade


@check
def advanced_markets(bench):
    client = bench.advanced.client
    need_spot_market(client.market(BTC))
    need(client.market(BTC)["limits"]["amount"]["min"] > 0, client.market(BTC))
    one = client.v3PublicGetBrokerageMarketProductsProductId({"product_id": ID})
    need(one["product_id"] == ID and one["status"] == "online", one)
    need(one["product_type"] == "SPOT" and isinstance(one["price"], str), one)
    futures = client.v3PublicGetBrokerageMarketProducts({"product_type": "FUTURE"})
    need(futures["products"] == [] and int(futures["num_products"]) == 0, futures)


@check
def advanced_time(bench):
    client = bench.advanced.client
    need(is_recent(client.fetch_time(), MINUTE), "time")
    told = client.v3PublicGetBrokerageTime()
    need(int(told["epochMillis"]) // 1000 == int(told["epochSeconds"]), told)
    need(is_recent(int(told["epochMillis"]), MINUTE), told)


@check
def advanced_tickers(bench):
    client = bench.advanced.client
    need_ticker(client.fetch_ticker(BTC))
    tickers = client.fetch_tickers([BTC, ETH])
    need(set(tickers) == {BTC, ETH} and tickers[BTC]["baseVolume"] > 0, tickers)
    own = bench.exchange.client.fetch_ticker(BTC)["last"]
    need(near(tickers[BTC]["last"], own, 0.02), f"{tickers[BTC]['last']} beside {own}")


@check
def advanced_candles(bench):
    client = bench.advanced.client
    for timeframe in ("1m", "5m", "15m", "30m", "1h", "2h", "6h", "1d"):
        length = client.parse_timeframe(timeframe) * 1000
        since = (client.milliseconds() // length - 9) * length
        need_candles(client.fetch_ohlcv(BTC, timeframe, since, 10), length, 10)
    raw = client.v3PublicGetBrokerageMarketProductsProductIdCandles(
        {
            "product_id": ID, "granularity": "ONE_HOUR",
            "start": str(since // 1000), "end": str(since // 1000 + 4 * 3_600),
        }
    )["candles"]
    times = [int(row["start"]) for row in raw]
    need(times == sorted(times, reverse=True), f"not the newest first: {times}")
    need(all(isinstance(value, str) for value in raw[0].values()), raw[0])


@check
def advanced_refusals(bench):
    client = bench.advanced.client
    refused(
        ccxt.ExchangeError, "NOT_FOUND",
        client.v3PublicGetBrokerageMarketProductsProductId, {"product_id": "NO-SUCH"},
    )
    candles = client.v3PublicGetBrokerageMarketProductsProductIdCandles
    request = {"product_id": ID, "start": "1", "end": "61", "granularity": "ONE_YEAR"}
    refused(ccxt.BadRequest, "INVALID_ARGUMENT", candles, request)
    now = client.seconds()
    request = {"product_id": ID, "start": str(now - 86_400), "end": str(now)}
    refused(ccxt.BadRequest, "INVALID_ARGUMENT", candles, {**request, "granularity": "ONE_MINUTE"})


@check
async def advanced_stream(bench):
    ticker = await next_of(lambda: bench.advanced.stream.watch_ticker(BTC))
    need_ticker(ticker)
    need(ticker["low"] <= ticker["last"] <= ticker["high"] and ticker["baseVolume"] > 0, ticker)
    # ccxt takes several from the channel `ticker_batch`.
    await need_tickers(bench.advanced.stream, [BTC, ETH])


@check
async def advanced_reconnecting(bench):
    await need_reconnection(bench.advanced, lambda stream: stream.watch_ticker(BTC))


# Last: what is asked too fast is refused for a while.


@check
def budgets_end(bench):
    """Who does not pace itself is refused; after a pause it goes on."""
    calls = {
        bench.exchange.client: bench.exchange.client.publicGetTime,
        bench.advanced.client: bench.advanced.client.v3PublicGetBrokerageTime,
    }
    for client, call in calls.items():

        client.enableRateLimit = False

        def until_refused(call=call):
            for _ in range(300):
                call()
            raise AssertionError("300 calls in a row were let through")

        refused(ccxt.RateLimitExceeded, "limit", until_refused)

        def answered(call=call):
            try:
                return call()
            except ccxt.RateLimitExceeded:
                return None

        until(answered, f"{client.id} to answer again")


if __name__ == "__main__":
    sys.exit(run(Bench))
