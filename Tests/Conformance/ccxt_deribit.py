#!/usr/bin/env python3
"""Drives the unmodified ccxt, polling and streaming, against the simulated Deribit.

    assay exchange --port 3001
    .venv/bin/python Tests/Conformance/ccxt_deribit.py http://127.0.0.1:3001

What it prints is in `harness.py`. The venue must run in real time and list BTC and ETH.
"""

import functools
import math
import sys

import ccxt

from ccxt_bench import (
    DAY,
    HOUR,
    MINUTE,
    PublicBench,
    is_recent,
    need_candles,
    need_reconnection,
    need_tickers,
)
from harness import check, near, need, next_of, refused, run, until

BTC = "BTC/USD:BTC"
ID = "BTC-PERPETUAL"


def api(host):
    return {"rest": f"http://{host}", "ws": f"ws://{host}/ws/api/v2"}


def options_of(client, base):
    """The options of an underlying, nearest strike of the farthest expiry first."""
    index = client.publicGetGetIndexPrice({"index_name": f"{base.lower()}_usd"})
    price = float(index["result"]["index_price"])
    rows = [one for one in client.markets.values() if one["option"] and one["base"] == base]
    return sorted(rows, key=lambda one: (-one["expiry"], abs(one["strike"] - price)))


@check
def markets(bench):
    market = bench.client.market(BTC)
    need((market["id"], market["type"], market["settle"]) == (ID, "swap", "BTC"), market)
    need(market["inverse"] and market["active"] and market["contractSize"] == 10, market)
    for base in ("BTC", "ETH"):
        rows = options_of(bench.client, base)
        need(len(rows) >= 10, f"{len(rows)} options of {base}")
        for one in rows:
            name = one["info"]["instrument_name"]
            need(one["inverse"] and one["settle"] == base and one["strike"] > 0, one)
            need(one["optionType"] == {"C": "call", "P": "put"}[name[-1]], one)
            need(one["expiry"] % DAY == 8 * HOUR, f"not at 08:00 UTC: {one}")
            need(f"-{one['strike']:.0f}-" in name and name.startswith(f"{base}-"), one)
    need(bench.client.currency("BTC")["code"] == "BTC", "currencies")


@check
def instruments_of_one_currency(bench):
    get = bench.client.publicGetGetInstruments
    rows = get({"currency": "ETH", "kind": "option"})["result"]
    need(rows and all(row["base_currency"] == "ETH" for row in rows), rows[:1])
    need(all(row["kind"] == "option" for row in rows), "not only options")
    need(get({"currency": "EURR"})["result"] == [], "EURR")
    several = bench.client.publicGetGetInstruments({"currency": "any", "kind": "future"})
    need(ID in [row["instrument_name"] for row in several["result"]], several)


@check
def status_and_time(bench):
    need(is_recent(bench.client.fetch_time(), MINUTE), "time")
    status = bench.client.fetch_status()
    need(status["status"] == "ok" and is_recent(status["updated"], MINUTE), status)
    answer = bench.client.publicGetTest()
    need(answer["jsonrpc"] == "2.0" and answer["testnet"] in (True, False), answer)
    begin, end = int(answer["usIn"]), int(answer["usOut"])
    need(end - begin == int(answer["usDiff"]) >= 0 and is_recent(begin // 1000, MINUTE), answer)


@check
def tickers(bench):
    ticker = bench.client.fetch_ticker(BTC)
    need(ticker["bid"] < ticker["ask"] and near(ticker["markPrice"], ticker["bid"], 0.02), ticker)
    need(near(ticker["markPrice"], ticker["indexPrice"], 0.02), ticker)
    need(is_recent(ticker["timestamp"]) and ticker["info"]["state"] == "open", ticker)
    need("greeks" not in ticker["info"] and "current_funding" in ticker["info"], ticker)
    every = bench.client.fetch_tickers(params={"code": "BTC"})
    need(len(every) >= 10 and BTC in every, every.keys())
    need(near(every[BTC]["markPrice"], ticker["markPrice"], 0.02), every[BTC])


@check
def candles(bench):
    for timeframe in ("1m", "5m", "15m", "1h", "6h", "1d"):
        length = bench.client.parse_timeframe(timeframe) * 1000
        rows = bench.client.fetch_ohlcv(BTC, timeframe, limit=10)
        # The window is the last ten lengths: it holds the running candle and nine whole ones.
        need_candles(rows[-9:], length, 9)
    since = rows[2][0]
    again = bench.client.fetch_ohlcv(BTC, "1d", since, 3)
    need([row[0] for row in again] == [row[0] for row in rows[2:5]], again)
    request = {
        "instrument_name": ID, "resolution": "60", "start_timestamp": 0,
        "end_timestamp": 1,
    }
    nothing = bench.client.publicGetGetTradingviewChartData(request)["result"]
    need(nothing["status"] == "no_data" and nothing["ticks"] == [], nothing)


@check
def greeks(bench):
    """The numbers of an option belong together: Black-76 on the forward."""
    for base in ("BTC", "ETH"):
        market = options_of(bench.client, base)[0]
        told = bench.client.fetch_greeks(market["symbol"])
        need(told["symbol"] == market["symbol"] and is_recent(told["timestamp"]), told)
        forward, strike = told["underlyingPrice"], market["strike"]
        need(near(forward, strike, 0.5), told)
        # In percent, not as a fraction.
        need(5 < told["markImpliedVolatility"] < 300, told)
        years = (market["expiry"] - told["timestamp"]) / (365 * DAY)
        deviation = told["markImpliedVolatility"] / 100 * math.sqrt(years)
        d1 = math.log(forward / strike) / deviation + deviation / 2
        cdf = [0.5 * (1 + math.erf(x / math.sqrt(2))) for x in (d1, d1 - deviation)]
        density = math.exp(-d1 * d1 / 2) / math.sqrt(2 * math.pi)
        is_call = market["optionType"] == "call"
        delta = cdf[0] if is_call else cdf[0] - 1
        need(abs(told["delta"] - delta) < 2e-3, f"delta {delta}: {told}")
        need(abs(told["gamma"] - density / (forward * deviation)) < 6e-6, f"gamma: {told}")
        vega = forward * density * math.sqrt(years) / 100
        need(near(told["vega"], vega, 0.01), f"vega {vega}: {told}")
        price = forward * cdf[0] - strike * cdf[1]
        price = (price if is_call else price - forward + strike) / forward
        need(near(told["markPrice"], price, 0.01), f"price {price}: {told}")
        need(told["theta"] < 0, told)


@check
def open_interest(bench):
    market = options_of(bench.client, "BTC")[0]
    option = bench.client.fetch_open_interest(market["symbol"])
    need(option["openInterestAmount"] > 0 and option["openInterestValue"] is None, option)
    need(is_recent(option["timestamp"], HOUR), option)
    # An inverse perpetual counts dollars.
    perpetual = bench.client.fetch_open_interest(BTC)
    need(perpetual["openInterestValue"] > 1_000 and perpetual["symbol"] == BTC, perpetual)
    told = bench.client.fetch_option(market["symbol"])
    need(told["openInterest"] == option["openInterestAmount"], told)
    need(0 < told["markPrice"] < 1 and told["underlyingPrice"] > 1_000, told)


@check
def option_chain(bench):
    for base in ("BTC", "ETH"):
        chain = bench.client.fetch_option_chain(base)
        names = {one["symbol"] for one in options_of(bench.client, base)}
        need(set(chain) == names, f"{len(chain)} of {len(names)} options of {base}")
        for symbol, told in chain.items():
            need(told["symbol"] == symbol and told["currency"] == base, told)
            need(told["openInterest"] >= 0 and told["markPrice"] >= 0, told)
            need(5 < float(told["info"]["mark_iv"]) <= 300, told)
            need(is_recent(int(told["info"]["creation_timestamp"]), HOUR), told)
        need(any(told["openInterest"] > 0 for told in chain.values()), "no open interest")


@check
def volatility_index(bench):
    for base in ("BTC", "ETH"):
        now = bench.client.milliseconds()
        request = {
            "currency": base, "resolution": "3600",
            "start_timestamp": now - 12 * HOUR, "end_timestamp": now,
        }
        result = bench.client.publicGetGetVolatilityIndexData(request)["result"]
        rows = [[float(value) for value in row] for row in result["data"]]
        need(12 <= len(rows) <= 13, f"{len(rows)} hours")
        times = [int(row[0]) for row in rows]
        need(times == list(range(times[0], times[0] + len(rows) * HOUR, HOUR)), times)
        need(times[0] % HOUR == 0 and result["continuation"] is None, times)
        for _, first, high, low, last in rows:
            need(5 < low <= min(first, last) <= max(first, last) <= high < 300, rows)


@check
def paged_volatility_index(bench):
    """What does not fit into one answer goes on before it."""
    now = bench.client.milliseconds()
    request = {
        "currency": "BTC", "resolution": "60", "start_timestamp": now - 40 * HOUR,
        "end_timestamp": now,
    }
    newest = bench.client.publicGetGetVolatilityIndexData(request)["result"]
    need(newest["continuation"] is not None, "2,400 minutes in one answer")
    request["end_timestamp"] = newest["continuation"]
    older = bench.client.publicGetGetVolatilityIndexData(request)["result"]
    times = [int(row[0]) for row in older["data"] + newest["data"]]
    times = sorted(set(times))
    need(times == list(range(times[0], times[-1] + MINUTE, MINUTE)), "a gap between two pages")


@check
def historical_volatility(bench):
    rows = bench.client.fetch_volatility_history("BTC")
    times = [row["timestamp"] for row in rows]
    need(rows and times == sorted(times) and is_recent(times[-1], DAY), times[-3:])
    need(all(0 < float(row["volatility"]) < 300 for row in rows), rows[-3:])


@check
def index_prices(bench):
    for base in ("btc", "eth"):
        told = bench.client.publicGetGetIndexPrice({"index_name": f"{base}_usd"})["result"]
        need(float(told["index_price"]) > 100, told)
        need(near(float(told["estimated_delivery_price"]), float(told["index_price"]), 0.05), told)


@check
def funding(bench):
    rate = bench.client.fetch_funding_rate(BTC)
    need(rate["symbol"] == BTC and abs(rate["fundingRate"]) < 0.05, rate)
    since = bench.client.milliseconds() // HOUR * HOUR - 10 * HOUR
    rows = bench.client.fetch_funding_rate_history(BTC, since, 8)
    times = [row["timestamp"] for row in rows]
    need(times == list(range(since, since + 8 * HOUR, HOUR)), times)
    for row in rows:
        need(abs(row["fundingRate"]) < 0.05 and row["indexPrice"] > 1_000, row)
        need(abs(float(row["info"]["interest_1h"])) < 0.05, row)


@check
def refusals(bench):
    client = bench.client
    refused(ccxt.BadRequest, "-32602", client.publicGetTicker)
    # 10020 or 13020: long expired.
    gone = {"instrument_name": "BTC-3JAN20-10000-C"}
    refused(ccxt.ExchangeError, "020", client.publicGetTicker, gone)
    refused(ccxt.BadRequest, "-32602", client.publicGetGetVolatilityIndexData, {"currency": "BTC"})
    request = {
        "instrument_name": ID, "resolution": "7", "start_timestamp": 0,
        "end_timestamp": 1,
    }
    refused(ccxt.BadRequest, "-32602", client.publicGetGetTradingviewChartData, request)
    refused(ccxt.BadRequest, "-32601", client.request, "no_such_method", ["public"], "GET")
    try:
        answer = client.publicGetTest({"expected_result": "exception"})
    except ccxt.ExchangeError:
        pass
    else:
        raise AssertionError(f"no exception: {answer}")


# Streams


@check
async def stream_tickers(bench):
    option = options_of(bench.client, "BTC")[0]["symbol"]
    for symbol in (BTC, option):
        ticker = await next_of(lambda: bench.stream.watch_ticker(symbol))
        need(ticker["symbol"] == symbol and is_recent(ticker["timestamp"]), ticker)
        need(ticker["markPrice"] > 0 and float(ticker["info"]["open_interest"]) >= 0, ticker)
    need(5 < float(ticker["info"]["mark_iv"]) < 300 and "delta" in ticker["info"]["greeks"], ticker)
    await need_tickers(bench.stream, [BTC, "ETH/USD:ETH"])


@check
async def stream_quotes(bench):
    quote = (await next_of(lambda: bench.stream.watch_bids_asks([BTC])))[BTC]
    need(quote["bid"] < quote["ask"] and quote["bidVolume"] > 0 and quote["askVolume"] > 0, quote)
    need(is_recent(quote["timestamp"]), quote)


@check
async def stream_candles(bench):
    rows = await next_of(lambda: bench.stream.watch_ohlcv(BTC, "1m"))
    begin, first, high, low, last, volume = rows[-1]
    need(begin % MINUTE == 0 and is_recent(begin), rows)
    need(low <= min(first, last) <= max(first, last) <= high and volume >= 0, rows)


@check
async def reconnecting(bench):
    await need_reconnection(bench, lambda stream: stream.watch_ticker(BTC))


# Last: what is asked too fast is refused for a while.


@check
def credits_end(bench):
    """A burst of a hundred; then 10028, until credits are refilled."""

    def until_refused():
        for _ in range(1_000):
            bench.client.publicGetTest()
        raise AssertionError("a thousand calls in a row were let through")

    refused(ccxt.DDoSProtection, "10028", until_refused)

    def answered():
        try:
            return bench.client.publicGetTest()
        except (ccxt.DDoSProtection, ccxt.NetworkError):
            return None

    until(answered, "the venue to answer again")


if __name__ == "__main__":
    sys.exit(run(functools.partial(PublicBench, name="deribit", api=api)))
