#!/usr/bin/env python3
"""Drives the unmodified ccxt, polling and streaming, against the simulated Binance USD-M.

    assay exchange --port 3001
    .venv/bin/python Tests/Conformance/ccxt_binance.py http://127.0.0.1:3001

What it prints is in `harness.py`. The venue must run in real time and list BTC and ETH.
"""

import asyncio
import functools
import sys

import ccxt

from ccxt_bench import (
    HOUR,
    MINUTE,
    PublicBench,
    is_recent,
    need_book,
    need_candles,
    need_reconnection,
)
from harness import check, near, need, next_of, refused, refused_async, run, until

BTC, ETH = "BTC/USDT:USDT", "ETH/USDT:USDT"
ID = "BTCUSDT"


def api(host):
    return {
        "fapiPublic": f"http://{host}/fapi/v1",
        "fapiPublicV2": f"http://{host}/fapi/v2",
        "fapiData": f"http://{host}/futures/data",
        "sapi": f"http://{host}/sapi/v1",
        "ws": {"linear": f"ws://{host}/ws"},
    }


def weight(client):
    """The weight used in this minute, as the last answer told."""
    headers = {name.lower(): value for name, value in client.last_response_headers.items()}
    return int(headers["x-mbx-used-weight-1m"])


@check
def markets(bench):
    market = bench.client.market(BTC)
    need((market["id"], market["settle"], market["type"]) == (ID, "USDT", "swap"), market)
    need(market["active"] and market["linear"] and market["contractSize"] == 1, market)
    need(market["expiry"] is None and market["limits"]["cost"]["min"] > 0, market)
    price, amount = market["precision"]["price"], market["precision"]["amount"]
    need(0 < price <= 1 and 0 < amount <= 1 and market["limits"]["amount"]["min"] > 0, market)
    need(bench.client.market(ETH)["id"] == "ETHUSDT", "no ETH")
    need(all(one["swap"] for one in bench.client.markets.values()), "not only perpetuals")


@check
def status_and_time(bench):
    need(is_recent(bench.client.fetch_time()), "time")
    need(bench.client.fetch_status()["status"] == "ok", "status")
    need(bench.client.fapiPublicGetPing() == {}, "ping")


@check
def candles(bench):
    for timeframe in ("1m", "5m", "15m", "1h", "4h", "1d"):
        length = bench.client.parse_timeframe(timeframe) * 1000
        rows = bench.client.fetch_ohlcv(BTC, timeframe, limit=10)
        need_candles(rows, length, 10)
    # An unaligned start takes the next candle; the start itself counts.
    rows = bench.client.fetch_ohlcv(BTC, "1h", rows[-3][0], 5)
    for shift, first in ((0, 0), (1, 1)):
        again = bench.client.fetch_ohlcv(BTC, "1h", rows[0][0] + shift, 3)
        need([row[0] for row in again] == [row[0] for row in rows[first : first + 3]], again)


@check
def candles_with_taker_split(bench):
    rows = bench.client.fapiPublicGetKlines({"symbol": ID, "interval": "1m", "limit": 5})
    need(len(rows) == 5 and all(len(row) == 12 for row in rows), rows)
    for row in rows:
        begin, end, trades = int(row[0]), int(row[6]), int(row[8])
        need(end == begin + MINUTE - 1 and trades >= 0, row)
        volume, value, bought, paid = (float(row[index]) for index in (5, 7, 9, 10))
        low, high = float(row[3]), float(row[2])
        need(0 <= bought <= volume and 0 <= paid <= value, row)
        need(volume * low * 0.999 <= value <= volume * high * 1.001, row)
    far = bench.client.fapiPublicGetKlines({"symbol": ID, "interval": "1h", "endTime": 1})
    need(far == [], f"candles before everything: {far}")


@check
def candles_of_other_prices(bench):
    trades = bench.client.fetch_ohlcv(BTC, "1h", limit=5)
    for price in ("mark", "index"):
        rows = bench.client.fetch_ohlcv(BTC, "1h", limit=5, params={"price": price})
        need([row[0] for row in rows] == [row[0] for row in trades], f"{price}: {rows}")
        need(all(near(row[4], trade[4], 0.05) for row, trade in zip(rows, trades)), rows)
    rows = bench.client.fetch_ohlcv(BTC, "1h", limit=5, params={"price": "premiumIndex"})
    need(all(abs(row[4]) < 0.05 for row in rows) and len(rows) == 5, rows)


@check
def open_interest(bench):
    now = bench.client.fetch_open_interest(BTC)
    need(now["symbol"] == BTC and now["openInterestAmount"] > 0, now)
    need(is_recent(now["timestamp"]), now)
    for timeframe in ("5m", "1h"):
        length = bench.client.parse_timeframe(timeframe) * 1000
        rows = bench.client.fetch_open_interest_history(BTC, timeframe, limit=12)
        times = [row["timestamp"] for row in rows]
        need(times == list(range(times[0], times[0] + 12 * length, length)), times)
        need(times[0] % length == 0 and is_recent(times[-1], length + 10 * MINUTE), times)
        for row in rows:
            need(row["openInterestAmount"] > 0, row)
            price = row["openInterestValue"] / row["openInterestAmount"]
            need(1_000 < price < 1_000_000, f"not dollars a coin: {row}")
    since = times[3]
    rows = bench.client.fetch_open_interest_history(BTC, "1h", since, 4)
    need([row["timestamp"] for row in rows] == times[3:7], rows)
    need(near(rows[-1]["openInterestAmount"], now["openInterestAmount"], 0.5), rows)


@check
def funding(bench):
    rate = bench.client.fetch_funding_rate(BTC)
    need(rate["symbol"] == BTC and abs(rate["fundingRate"]) < 0.01, rate)
    need(near(rate["markPrice"], rate["indexPrice"], 0.02) and is_recent(rate["timestamp"]), rate)
    need(rate["fundingTimestamp"] > rate["timestamp"], rate)
    need(rate["fundingTimestamp"] % HOUR == 0, rate)
    rates = bench.client.fetch_funding_rates()
    need({BTC, ETH} <= set(rates) and rates[BTC]["markPrice"] > rates[ETH]["markPrice"], rates)
    rows = bench.client.fetch_funding_rate_history(BTC, limit=6)
    hours = [round(row["timestamp"] / HOUR) for row in rows]
    need(hours == list(range(hours[0], hours[0] + 48, 8)) and hours[0] % 8 == 0, rows)
    need(is_recent(rows[-1]["timestamp"], 9 * HOUR), rows)
    need(all(row["symbol"] == BTC and abs(row["fundingRate"]) < 0.01 for row in rows), rows)
    again = bench.client.fetch_funding_rate_history(BTC, since=rows[2]["timestamp"], limit=2)
    need([row["timestamp"] for row in again] == [row["timestamp"] for row in rows[2:4]], again)
    for interval in bench.client.fetch_funding_intervals().values():
        need(interval["interval"] in ("1h", "4h", "8h"), interval)


@check
def prices(bench):
    mark = bench.client.fetch_mark_price(BTC)
    need(mark["symbol"] == BTC and near(mark["markPrice"], mark["indexPrice"], 0.02), mark)
    ticker = bench.client.fetch_ticker(BTC)
    need(ticker["low"] <= ticker["last"] <= ticker["high"], ticker)
    need(ticker["baseVolume"] > 0 and is_recent(ticker["timestamp"]), ticker)
    need(near(ticker["quoteVolume"] / ticker["baseVolume"], ticker["vwap"], 1e-3), ticker)
    last = bench.client.fetch_last_prices()
    need(near(last[BTC]["price"], ticker["last"], 0.02) and is_recent(last[BTC]["timestamp"]), last)
    need(ETH in last, last.keys())


@check
def order_book(bench):
    book = bench.client.fetch_order_book(BTC, 20)
    need_book(book)
    need(len(book["bids"]) <= 20 and is_recent(book["timestamp"]) and book["nonce"] > 0, book)


@check
def aggregate_trades(bench):
    # A young venue has few.
    rows = until(
        lambda: (rows := bench.client.fetch_trades(BTC, limit=200))
        and {row["side"] for row in rows} == {"buy", "sell"}
        and len(rows) >= 5
        and rows,
        "five trades, and both sides to take",
    )
    need(len(rows) <= 200, f"{len(rows)} trades of 200")
    ids, times = [int(row["id"]) for row in rows], [row["timestamp"] for row in rows]
    need(ids == list(range(ids[0], ids[0] + len(ids))), f"a gap: {ids}")
    need(times == sorted(times) and is_recent(times[-1]), times)
    for row in rows:
        need(row["price"] > 0 and row["amount"] > 0 and row["side"] in ("buy", "sell"), row)
        need((row["side"] == "sell") == row["info"]["m"], row)
    again = bench.client.fetch_trades(BTC, limit=5, params={"fromId": ids[0]})
    need([int(row["id"]) for row in again] == ids[:5], again)


@check
def rows_ascend(bench):
    """ccxt sorts what it gets; who does not must find the oldest first."""
    client, symbol = bench.client, {"symbol": ID, "limit": 5}
    answers = {
        0: client.fapiPublicGetKlines({**symbol, "interval": "1m"}),
        "timestamp": client.fapiDataGetOpenInterestHist({**symbol, "period": "5m"}),
        "fundingTime": client.fapiPublicGetFundingRate(symbol),
        "a": client.fapiPublicGetAggTrades(symbol),
    }
    for key, rows in answers.items():
        marks = [int(row[key]) for row in rows]
        need(len(marks) == 5 and marks == sorted(set(marks)), f"{key}: {marks}")


@check
def weight_is_told(bench):
    get = bench.client.fapiPublicGetKlines
    for limit, cost in ((99, 1), (499, 2), (1000, 5), (1500, 10)):
        rows = {"symbol": ID, "interval": "1m", "limit": limit}
        for _ in range(3):  # The minute may turn in between, once.
            get(rows)
            before = weight(bench.client)
            get(rows)
            if weight(bench.client) == before + cost:
                break
        else:
            raise AssertionError(f"limit {limit}: {before} to {weight(bench.client)}")


@check
def refusals(bench):
    client = bench.client
    klines = client.fapiPublicGetKlines
    refused(ccxt.BadSymbol, "-1121", klines, {"symbol": "NOSUCHUSDT", "interval": "1m"})
    refused(ccxt.BadSymbol, "-1121", client.fapiPublicGetOpenInterest, {"symbol": "NOSUCHUSDT"})
    refused(ccxt.BadRequest, "-1120", klines, {"symbol": ID, "interval": "7m"})
    refused(ccxt.BadRequest, "-1120", klines, {"symbol": ID, "interval": "1s"})
    refused(ccxt.BadRequest, "-1102", klines, {"interval": "1m"})
    refused(ccxt.BadRequest, "-1102", klines, {"symbol": ID})
    refused(ccxt.BadRequest, "-1102", client.fapiPublicGetOpenInterest)
    now = client.milliseconds()
    window = {"symbol": ID, "startTime": now - 3 * HOUR, "endTime": now}
    refused(ccxt.BadRequest, "-1127", client.fapiPublicGetAggTrades, window)
    wrong = {"symbol": ID, "period": "7m"}
    refused(ccxt.BadRequest, "-11", client.fapiDataGetOpenInterestHist, wrong)


# Streams


@check
async def stream_candles(bench):
    for symbol in (BTC, ETH):
        rows = await next_of(lambda: bench.stream.watch_ohlcv(symbol, "1m"))
        begin, first, high, low, last, volume = rows[-1]
        need(begin % MINUTE == 0 and is_recent(begin), rows)
        need(low <= min(first, last) <= max(first, last) <= high and volume >= 0, rows)
    rows = await next_of(lambda: bench.stream.watch_ohlcv(BTC, "5m"))
    need(rows[-1][0] % (5 * MINUTE) == 0 and is_recent(rows[-1][0]), rows)


@check
async def stream_trades(bench):
    """By default single trades, on the public path; aggregate ones come on the market path."""
    for params in ({}, {"name": "aggTrade"}):
        rows = await next_of(lambda: bench.stream.watch_trades(BTC, params=params))
        trade = rows[-1]
        need(trade["symbol"] == BTC and trade["side"] in ("buy", "sell"), trade)
        need(trade["price"] > 0 and trade["amount"] > 0 and is_recent(trade["timestamp"]), trade)
        need(trade["info"]["e"] == params.get("name", "trade"), trade)


@check
async def stream_mark_price(bench):
    mark = await next_of(lambda: bench.stream.watch_mark_price(BTC))
    need(mark["symbol"] == BTC and near(mark["markPrice"], mark["indexPrice"], 0.02), mark)
    need(is_recent(mark["timestamp"]) and abs(float(mark["info"]["r"])) < 0.01, mark)
    need(int(mark["info"]["T"]) % HOUR == 0, mark)


@check
async def stream_ticker(bench):
    ticker = await next_of(lambda: bench.stream.watch_ticker(BTC))
    need(ticker["symbol"] == BTC and ticker["low"] <= ticker["last"] <= ticker["high"], ticker)
    need(ticker["baseVolume"] > 0 and is_recent(ticker["timestamp"]), ticker)


@check
async def stream_quotes(bench):
    """Best bids and offers come on the public path."""
    quote = (await next_of(lambda: bench.stream.watch_bids_asks([BTC])))[BTC]
    need(quote["bid"] < quote["ask"] and quote["bidVolume"] > 0 and quote["askVolume"] > 0, quote)
    need(is_recent(quote["timestamp"]), quote)


@check
async def a_bad_request_is_told(bench):
    """The wrapped form of an error is what ccxt understands; an unknown stream is no error."""
    stream = bench.stream_at(bench.base_url)
    url = stream.urls["api"]["ws"]["linear"].replace("/ws", "/market/ws/9")
    message = {"method": "SUBSCRIBE", "params": "btcusdt@kline_1m", "id": 77}
    watching = stream.watch(url, "77", message, "77", {"id": 77})
    await refused_async(ccxt.ExchangeError, "Invalid request", asyncio.wait_for(watching, 30))


@check
async def reconnecting(bench):
    await need_reconnection(bench, lambda stream: stream.watch_ohlcv(BTC, "1m"))


# Last, because nothing is answered for a while afterwards.


@check
def the_budget_ends(bench):
    """Too many calls are refused with 429, and who goes on regardless with 418."""

    def until_refused(at_most):
        for _ in range(at_most):
            bench.client.fapiPublicGetTicker24hr()
        raise AssertionError(f"{at_most} calls of weight 40 were let through")

    refusal = refused(ccxt.DDoSProtection, "429", until_refused, 2 * 2_400 // 40)
    need("-1003" in str(refusal), refusal)
    headers = {name.lower(): value for name, value in bench.client.last_response_headers.items()}
    need(int(headers["retry-after"]) > 0, headers)

    def until_banned():
        for _ in range(1_000):
            try:
                bench.client.fapiPublicGetTicker24hr()
            except ccxt.DDoSProtection as refusal:
                if "418" in str(refusal):
                    raise
        raise AssertionError("a thousand refusals, and no ban")

    refusal = refused(ccxt.DDoSProtection, "418", until_banned)
    need("banned until" in str(refusal) and "-1003" in str(refusal), refusal)


if __name__ == "__main__":
    sys.exit(run(functools.partial(PublicBench, name="binanceusdm", api=api)))
