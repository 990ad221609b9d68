#!/usr/bin/env python3
"""Drives the unmodified ccxt, polling and streaming, against the simulated Hyperliquid.

    assay exchange --port 3001
    .venv/bin/python Tests/Conformance/ccxt_hyperliquid.py http://127.0.0.1:3001

What it prints is in `harness.py`. The venue must run in real time, list BTC and ETH, and fund
unknown accounts. ccxt signs for the mainnet, and for the testnet in its sandbox mode: private
checks run once for either.
"""

import asyncio
import sys
import time

import ccxt
import ccxt.pro

from ccxt_bench import DAY, HOUR, MINUTE, is_recent, need_book, need_candles
from ccxt_trader import KEYS, Trader, settings
from harness import Relay, check, near, need, next_of, refused, refused_async, run

BTC, ETH = "BTC/USDC:USDC", "ETH/USDC:USDC"
STRANGER = "0x00000000000000000000000000000000000abcde"


class Bench:
    def __init__(self, base_url):
        self.base_url = base_url
        self.traders = {network: Trader(base_url, network) for network in KEYS}
        self.client = self.traders["mainnet"].client
        self.stream = self.traders["mainnet"].stream

    async def close(self):
        for trader in self.traders.values():
            await trader.stream.close()


def check_on_each_network(function):
    """Registers a check of a trader twice."""
    for network in KEYS:

        def one(bench, network=network):
            return function(bench.traders[network])

        one.__name__ = f"{function.__name__}.{network}"
        check(one)
    return function


# Market data


@check
def markets(bench):
    market = bench.client.market(BTC)
    need(market["swap"] and market["linear"] and market["active"], market)
    need((market["base"], market["quote"], market["settle"]) == ("BTC", "USDC", "USDC"), market)
    need(market["precision"]["amount"] == 1e-5 and market["limits"]["cost"]["min"] == 10, market)
    need(market["limits"]["leverage"]["max"] == 40 and market["contractSize"] == 1, market)
    need(bench.client.market(ETH)["precision"]["amount"] == 1e-4, bench.client.market(ETH))
    need("USDC" in bench.client.fetch_currencies(), "currencies")


@check
def status_and_time(bench):
    status = bench.client.fetch_status()
    need(status["status"] == "ok" and is_recent(status["updated"]), status)
    need(is_recent(bench.client.fetch_time()), "time")


@check
def order_book(bench):
    book = bench.client.fetch_order_book(BTC)
    need_book(book)
    need(len(book["bids"]) <= 20 and is_recent(book["timestamp"]), book)


@check
def tickers(bench):
    tickers = bench.client.fetch_tickers()
    need(set(tickers) == {BTC, ETH}, tickers.keys())
    for ticker in [*tickers.values(), bench.client.fetch_ticker(ETH)]:
        need(ticker["bid"] <= ticker["close"] <= ticker["ask"], ticker)
        need(ticker["previousClose"] > 0 and ticker["quoteVolume"] > 0, ticker)


@check
def candles(bench):
    for timeframe in ("1m", "5m", "15m", "1h", "4h", "1d"):
        rows = bench.client.fetch_ohlcv(BTC, timeframe, limit=10)
        need_candles(rows, bench.client.parse_timeframe(timeframe) * 1000, 10)
    times = [row[0] for row in rows]
    since = times[2]
    rows = bench.client.fetch_ohlcv(BTC, "1d", since, 3)
    need([row[0] for row in rows] == times[2:5], rows)
    rows = bench.client.fetch_ohlcv(BTC, "1d", since, params={"until": times[4]})
    need([row[0] for row in rows] == times[2:5], rows)


@check
def open_interest(bench):
    trader = bench.traders["mainnet"]
    amount = trader.amount(BTC, 200)
    trader.market(BTC, "buy", amount)
    interest = bench.client.fetch_open_interest(BTC)
    need(interest["symbol"] == BTC and interest["openInterestAmount"] >= amount, interest)
    need(set(bench.client.fetch_open_interests()) == {BTC, ETH}, "symbols")
    trader.clear()


@check
def funding_rates(bench):
    rate = bench.client.fetch_funding_rate(BTC)
    need(abs(rate["fundingRate"]) < 0.04 and rate["interval"] == "1h", rate)
    need(near(rate["markPrice"], rate["indexPrice"], 0.05), rate)
    need(set(bench.client.fetch_funding_rates()) == {BTC, ETH}, "symbols")
    rows = bench.client.fetch_funding_rate_history(BTC, limit=5)
    need(len(rows) == 5, f"{len(rows)} hours of 5")
    times = [row["timestamp"] // (HOUR) for row in rows]
    need(times == list(range(times[0], times[0] + 5)), times)
    need(all(row["symbol"] == BTC and abs(row["fundingRate"]) < 0.04 for row in rows), rows)


# The account


@check_on_each_network
def balances(trader):
    balance = trader.client.fetch_balance()
    usdc = balance["USDC"]
    need(usdc["total"] > 100 and near(usdc["free"] + usdc["used"], usdc["total"]), usdc)
    need(is_recent(balance["timestamp"]), balance)
    spot = trader.client.fetch_balance({"type": "spot"})
    need(spot["total"] == {}, spot)
    fee = trader.client.fetch_trading_fee(BTC)
    need((fee["maker"], fee["taker"]) == (0.00015, 0.00045), fee)


@check_on_each_network
def money_moves(trader):
    client = trader.client
    deposit = client.fetch_deposits()[0]
    need(deposit["amount"] > 0 and is_recent(deposit["timestamp"], DAY), deposit)
    client.withdraw("USDC", 5, STRANGER)
    withdrawal = client.fetch_withdrawals()[-1]
    need(withdrawal["amount"] == 5 and is_recent(withdrawal["timestamp"]), withdrawal)
    refused(
        ccxt.InsufficientFunds, "Insufficient balance for withdrawal",
        client.withdraw, "USDC", 10**9, STRANGER,
    )
    entry = client.fetch_ledger("USDC")[0]
    need(entry["type"] == "deposit" and entry["amount"] == deposit["amount"], entry)
    client.transfer("USDC", 12.5, "swap", "spot")
    need(client.fetch_balance({"type": "spot"})["USDC"]["total"] == 12.5, "it did not arrive")
    client.transfer("USDC", 12.5, "spot", "swap")
    need(client.fetch_balance({"type": "spot"})["total"] == {}, "it did not return")


# Orders


@check_on_each_network
def builder_and_referrer(trader):
    """ccxt approves its builder before its first order, and then trades through it."""
    order = trader.resting(BTC)
    need(trader.client.options["approvedBuilderFee"] is True, "the approval was refused")
    need(trader.client.options["builderFee"] is True, "the builder's fee is off")
    trader.client.cancel_order(order["id"], BTC)


@check_on_each_network
def good_till_canceled(trader):
    order = trader.resting(BTC)
    found = trader.client.fetch_order(order["id"], BTC)
    need((found["status"], found["side"], found["type"]) == ("open", "buy", "limit"), found)
    need(found["timeInForce"] == "GTC" and found["postOnly"] is False, found)
    need(found["symbol"] == BTC and is_recent(found["timestamp"]), found)
    need(found["filled"] == 0 and found["remaining"] == found["amount"] > 0, found)
    (listed,) = trader.client.fetch_open_orders(BTC)
    need(all(listed[key] == found[key] for key in ("id", "price", "amount", "side")), listed)
    (plain,) = trader.client.fetch_open_orders(BTC, params={"method": "openOrders"})
    need(plain["id"] == order["id"] and plain["price"] == found["price"], plain)
    trader.client.cancel_order(order["id"], BTC)
    found = trader.client.fetch_order(order["id"], BTC)
    need(found["status"] == "canceled" and is_recent(found["lastUpdateTimestamp"]), found)
    need(order["id"] in [row["id"] for row in trader.client.fetch_canceled_orders(BTC)], "history")


@check_on_each_network
def post_only(trader):
    order = trader.resting(ETH, postOnly=True)
    found = trader.client.fetch_order(order["id"], ETH)
    need(found["postOnly"] is True and found["timeInForce"] == "ALO", found)
    trader.client.cancel_order(order["id"], ETH)
    price = trader.price(ETH, 1.02)
    refused(
        ccxt.InvalidOrder, "Post only order would have immediately matched, bbo was",
        trader.client.create_order, ETH, "limit", "buy", 0.1, price, {"postOnly": True},
    )


@check_on_each_network
def immediate_or_cancel(trader):
    client, amount = trader.client, trader.amount(BTC, 200)
    params = {"timeInForce": "IOC"}
    order = client.create_order(BTC, "limit", "buy", amount, trader.price(BTC, 1.02), params)
    need(order["filled"] == amount and order["average"] > 0, order)
    found = client.fetch_order(order["id"], BTC)
    need((found["status"], found["remaining"]) == ("closed", 0), found)
    need(order["id"] in [row["id"] for row in client.fetch_closed_orders(BTC)], "history")
    refused(
        ccxt.InvalidOrder, "Order could not immediately match against any resting orders.",
        client.create_order, BTC, "limit", "buy", amount, trader.price(BTC, 0.9), params,
    )
    trader.clear()


@check_on_each_network
def market_orders_positions_and_fills(trader):
    client, amount = trader.client, trader.amount(BTC, 300)
    client.set_leverage(10, BTC)
    order = trader.market(BTC, "sell", amount)
    held = trader.position(BTC)
    need(held["side"] == "short" and held["contracts"] == amount, held)
    need(near(held["entryPrice"], order["average"], 1e-5), held)
    need(near(held["notional"], amount * held["markPrice"]), held)
    need(near(held["initialMargin"], held["notional"] / 10, 1e-4), held)
    profit = amount * (held["entryPrice"] - held["markPrice"])
    need(near(held["unrealizedPnl"], profit, 1e-3), held)
    need((held["marginMode"], held["leverage"]) == ("cross", 10), held)
    fill = client.fetch_my_trades(BTC)[-1]
    need((fill["order"], fill["side"], fill["amount"]) == (order["id"], "sell", amount), fill)
    need(fill["takerOrMaker"] == "taker" and is_recent(fill["timestamp"]), fill)
    need(near(fill["cost"], fill["price"] * amount) and fill["fee"]["currency"] == "USDC", fill)
    # The venue's fee holds the builder's already; ccxt adds the builder's once more.
    own, builder = fill["cost"] * 0.00045, fill["cost"] * 0.0001
    need(abs(fill["fee"]["cost"] - own - 2 * builder) < 1e-5, fill)
    since = client.fetch_my_trades(BTC, since=fill["timestamp"])
    need([row["id"] for row in since] == [fill["id"]], since)
    trader.market(BTC, "buy", amount, reduceOnly=True)
    need(trader.position(BTC) is None, "the position is still there")
    times = [row["timestamp"] for row in client.fetch_my_trades(BTC)]
    need(times == sorted(times), "fills are not ascending")
    client.set_leverage(20, BTC)


@check_on_each_network
def client_order_ids(trader):
    client, cloid = trader.client, f"0x{time.time_ns():032x}"
    order = trader.resting(ETH, clientOrderId=cloid)
    need(order["clientOrderId"] == cloid, order)
    found = client.fetch_order(None, ETH, {"clientOrderId": cloid})
    need((found["id"], found["clientOrderId"]) == (order["id"], cloid), found)
    canceled = client.cancel_order(None, ETH, {"clientOrderId": cloid})
    need(canceled["status"] == "success", canceled)
    need(client.fetch_order(cloid, ETH)["status"] == "canceled", "it is not canceled")


@check_on_each_network
def several_at_once(trader):
    client = trader.client
    amount, low = trader.amount(BTC, 100), trader.price(BTC, 0.7)
    row = {"symbol": BTC, "type": "limit", "side": "buy", "amount": amount, "price": low}
    orders = client.create_orders([dict(row), {**row, "params": {"postOnly": True}}, dict(row)])
    ids = [order["id"] for order in orders]
    need(len(set(ids)) == 3 and all(ids), orders)
    canceled = client.cancel_orders(ids[:2], BTC)
    need([order["status"] for order in canceled] == ["success"] * 2, canceled)
    client.cancel_orders_for_symbols([{"id": ids[2], "symbol": BTC}])
    need(client.fetch_open_orders() == [], "an order is left")


@check_on_each_network
def editing(trader):
    client, order = trader.client, trader.resting(BTC)
    amount, price = trader.amount(BTC, 150), trader.price(BTC, 0.75)
    edited = client.edit_order(order["id"], BTC, "limit", "buy", amount, price)
    need(edited["id"] != order["id"], edited)
    found = client.fetch_order(edited["id"], BTC)
    need((found["status"], found["amount"], found["price"]) == ("open", amount, price), found)
    need(client.fetch_order(order["id"], BTC)["status"] == "canceled", "the old one is open")
    refused(
        ccxt.ExchangeError, "Cannot modify canceled or filled order",
        client.edit_order, order["id"], BTC, "limit", "buy", amount, price,
    )
    client.cancel_order(edited["id"], BTC)


@check_on_each_network
def stops_and_profits(trader):
    client, amount = trader.client, trader.amount(BTC, 200)
    trader.market(BTC, "buy", amount)
    low, high = trader.price(BTC, 0.8), trader.price(BTC, 1.2)
    reducing = {"reduceOnly": True}
    wanted = {
        ("market", "stopLossPrice"): low, ("limit", "stopLossPrice"): low,
        ("market", "takeProfitPrice"): high, ("limit", "takeProfitPrice"): high,
    }
    for (kind, key), price in wanted.items():
        params = {**reducing, key: price}
        order = client.create_order(BTC, kind, "sell", amount, price, params)
        found = client.fetch_order(order["id"], BTC)
        need(found["status"] == "open" and found["reduceOnly"] is True, found)
        need(found[key] == found["triggerPrice"] == price and found["side"] == "sell", found)
        words = {"stopLossPrice": "stop", "takeProfitPrice": "take profit"}[key]
        need(found["info"]["order"]["orderType"].lower() == f"{words} {kind}", found)
    need(len(client.fetch_open_orders(BTC)) == 4, "not four orders")
    refused(
        ccxt.InvalidOrder, "Invalid TP/SL price.",
        client.create_order, BTC, "market", "sell", amount, high,
        {**reducing, "stopLossPrice": high},
    )
    trader.clear()


@check_on_each_network
def attached_stops_and_profits(trader):
    client, amount = trader.client, trader.amount(BTC, 200)
    attached = {
        "stopLoss": {"triggerPrice": trader.price(BTC, 0.8), "type": "market"},
        "takeProfit": {"triggerPrice": trader.price(BTC, 1.2)},
    }
    parent = trader.resting(BTC, **attached)
    need(parent["id"] in [row["id"] for row in client.fetch_open_orders(BTC)], "no parent")
    client.cancel_order(parent["id"], BTC)
    need(client.fetch_open_orders(BTC) == [], "the children outlived their parent")
    parent = trader.market(BTC, "buy", amount, **attached)
    need(parent["filled"] == amount, parent)
    orders = client.fetch_open_orders(BTC)
    need({row["side"] for row in orders} == {"sell"} and len(orders) == 2, orders)
    need(sorted(filter(None, (row["stopLossPrice"] for row in orders))), orders)
    need(all(row["reduceOnly"] and row["amount"] == amount for row in orders), orders)
    trader.clear()


@check_on_each_network
def stops_and_profits_of_a_position(trader):
    client, amount = trader.client, trader.amount(BTC, 200)
    trader.market(BTC, "buy", amount)
    low, high = trader.price(BTC, 0.8), trader.price(BTC, 1.2)
    trader.market(
        BTC, "buy", amount, grouping="positionTpsl",
        stopLoss={"triggerPrice": low}, takeProfit={"triggerPrice": high},
    )
    orders = client.fetch_open_orders(BTC)
    need({row["triggerPrice"] for row in orders} == {low, high}, orders)
    need(all(row["info"]["isPositionTpsl"] and row["side"] == "sell" for row in orders), orders)
    need(trader.position(BTC)["contracts"] == amount, "the position grew")
    trader.clear()


@check_on_each_network
def dead_mans_switch(trader):
    trader.client.cancel_all_orders_after(60_000)
    refused(ccxt.ExchangeError, "at least 5 s", trader.client.cancel_all_orders_after, 1_000)


# Margin


@check_on_each_network
def leverage_and_margin(trader):
    client, amount = trader.client, trader.amount(ETH, 300)
    client.set_margin_mode("isolated", ETH, {"leverage": 5})
    trader.market(ETH, "buy", amount)
    held = trader.position(ETH)
    need((held["marginMode"], held["leverage"]) == ("isolated", 5), held)
    need(near(held["initialMargin"], held["notional"] / 5, 0.02), held)
    need(0 < held["liquidationPrice"] < held["entryPrice"], held)
    refused(ccxt.ExchangeError, "Cannot switch leverage type", client.set_leverage, 5, ETH)
    client.add_margin(ETH, 25)
    more = trader.position(ETH)
    need(near(more["initialMargin"] - held["initialMargin"], 25, 1e-3), more)
    client.reduce_margin(ETH, 20)
    less = trader.position(ETH)
    need(near(more["initialMargin"] - less["initialMargin"], 20, 1e-3), less)
    trader.clear()
    client.set_margin_mode("cross", ETH, {"leverage": 20})
    refused(ccxt.ExchangeError, "Invalid leverage value", client.set_leverage, 1_000, ETH)


# What is refused


@check
def refusals(bench):
    trader, client = bench.traders["mainnet"], bench.client
    low, order = trader.price(BTC, 0.8), client.create_order
    refused(
        ccxt.InsufficientFunds, "Insufficient margin", order, BTC, "limit", "buy", 50, low
    )
    refused(
        ccxt.InvalidOrder, "minimum value of $10", order, BTC, "limit", "buy", 0.0001, low
    )
    refused(
        ccxt.InvalidOrder, "Reduce only order would increase position.",
        order, BTC, "limit", "buy", 0.01, low, {"reduceOnly": True},
    )
    # ccxt's table still says 80 %: the text of today is its general error.
    refused(
        ccxt.ExchangeError, "away from the reference price",
        order, BTC, "limit", "buy", 1, trader.price(BTC, 0.01),
    )
    refused(ccxt.OrderNotFound, "never placed", client.cancel_order, "1", BTC)
    refused(ccxt.OrderNotFound, "unknownOid", client.fetch_order, "1", BTC)
    refused(ccxt.BadSymbol, "NOSUCH", client.fetch_ticker, "NOSUCH/USDC:USDC")
    refused(
        ccxt.ExchangeError, "Vault not registered",
        order, BTC, "limit", "buy", 0.01, low, {"vaultAddress": STRANGER},
    )
    refused(ccxt.ExchangeError, "deserialize", client.fetch_ohlcv, BTC, "7m")
    refused(ccxt.ExchangeError, "deserialize", client.publicPostInfo, {"type": "noSuchRequest"})


# Streams


@check
async def stream_order_book(bench):
    book = await next_of(lambda: bench.stream.watch_order_book(BTC))
    need(book["bids"][0][0] < book["asks"][0][0] and is_recent(book["timestamp"]), book)
    first = book["timestamp"]
    await next_of(
        lambda: bench.stream.watch_order_book(BTC), lambda book: book["timestamp"] > first
    )
    await bench.stream.un_watch_order_book(BTC)


@check
async def stream_trades(bench):
    (trade, *_) = await next_of(lambda: bench.stream.watch_trades(BTC), bool)
    need(trade["symbol"] == BTC and trade["side"] in ("buy", "sell"), trade)
    need(trade["price"] > 0 and trade["amount"] > 0 and is_recent(trade["timestamp"]), trade)
    await bench.stream.un_watch_trades(BTC)


@check
async def stream_candles(bench):
    rows = await next_of(lambda: bench.stream.watch_ohlcv(BTC, "1m"), bool)
    begin, first, high, low, last, volume = rows[-1]
    need(begin % MINUTE == 0 and is_recent(begin), rows)
    need(low <= min(first, last) <= max(first, last) <= high and volume >= 0, rows)
    await bench.stream.un_watch_ohlcv(BTC, "1m")


@check
async def stream_tickers(bench):
    ticker = await next_of(lambda: bench.stream.watch_ticker(BTC))
    need(ticker["symbol"] == BTC and ticker["bid"] <= ticker["close"] <= ticker["ask"], ticker)
    every = await next_of(lambda: bench.stream.watch_tickers())
    need(every[ETH]["last"] > 0 and set(every) == {BTC, ETH}, every)
    await bench.stream.un_watch_ticker(BTC)
    await bench.stream.un_watch_tickers()


@check
async def subscribing_again(bench):
    """After unwatching, watching subscribes anew; twice at once is one stream."""
    books = await asyncio.wait_for(
        asyncio.gather(*(bench.stream.watch_order_book(ETH) for _ in range(2))), 60
    )
    need(all(book["symbol"] == ETH for book in books), books)
    await bench.stream.un_watch_order_book(ETH)
    await next_of(lambda: bench.stream.watch_order_book(ETH))
    await bench.stream.un_watch_order_book(ETH)


@check_on_each_network
async def stream_account(trader):
    """Orders sent through the socket come back as orders, fills, positions and balances."""
    stream = trader.stream
    await next_of(stream.watch_balance)
    amount, low = trader.amount(BTC, 100), trader.price(BTC, 0.8)
    orders = asyncio.ensure_future(stream.watch_orders(BTC))
    await asyncio.sleep(0)
    order = await stream.create_order_ws(BTC, "limit", "buy", amount, low)
    seen = (await asyncio.wait_for(orders, 60))[-1]
    need((seen["id"], seen["status"], seen["symbol"]) == (order["id"], "open", BTC), seen)
    need((seen["price"], seen["amount"], seen["side"]) == (low, amount, "buy"), seen)
    edited = await stream.edit_order_ws(
        order["id"], BTC, "limit", "buy", amount, trader.price(BTC, 0.79)
    )
    need(edited["id"] != order["id"], edited)
    canceled = await stream.cancel_order_ws(edited["id"], BTC)
    need(canceled["status"] == "success", canceled)
    await next_of(
        stream.watch_orders,
        lambda rows: any((row["id"], row["status"]) == (edited["id"], "canceled") for row in rows),
    )
    await refused_async(
        ccxt.OrderNotFound, "never placed", stream.cancel_order_ws(edited["id"], BTC)
    )
    await refused_async(
        ccxt.InsufficientFunds, "Insufficient margin",
        stream.create_order_ws(BTC, "limit", "buy", 50, low),
    )
    await stream.un_watch_orders()


@check_on_each_network
async def stream_fills_and_positions(trader):
    stream, amount = trader.stream, trader.amount(BTC, 200)
    await next_of(stream.watch_my_trades, bool)  # The snapshot.
    mid = trader.client.fetch_ticker(BTC)["close"]
    order = await stream.create_order_ws(BTC, "market", "buy", amount, mid)
    need(order["filled"] == amount, order)
    fills = await next_of(
        stream.watch_my_trades, lambda rows: order["id"] in [row["order"] for row in rows]
    )
    (fill,) = [row for row in fills if row["order"] == order["id"]]
    need((fill["amount"], fill["side"], fill["symbol"]) == (amount, "buy", BTC), fill)
    need(is_recent(fill["timestamp"]) and fill["fee"]["cost"] > 0, fill)
    (held,) = await next_of(lambda: stream.watch_positions([BTC]), bool)
    need((held["side"], held["symbol"]) == ("long", BTC), held)
    need(held["contracts"] == amount and near(held["entryPrice"], order["average"], 1e-5), held)
    balance = await next_of(stream.watch_balance, lambda balance: balance["USDC"]["used"] > 0)
    usdc = balance["USDC"]
    need(usdc["total"] > usdc["used"] and is_recent(balance["timestamp"]), balance)
    trader.clear()
    await stream.un_watch_my_trades()


@check
async def reconnecting(bench):
    """After a cut ccxt says so, connects again when asked, and gets what it missed."""
    trader, relay = bench.traders["mainnet"], Relay(bench.base_url)
    stream = ccxt.pro.hyperliquid(settings(bench.base_url, "mainnet", f"ws://{relay.address}/ws"))

    def watch():
        return stream.watch_order_book(BTC)

    try:
        await next_of(stream.watch_my_trades, bool)
        await next_of(watch)
        rest = asyncio.ensure_future(next_of(watch, lambda book: False))
        await asyncio.sleep(0)
        relay.cut()
        await refused_async(ccxt.NetworkError, "", rest)
        order = trader.market(BTC, "buy", trader.amount(BTC, 200))
        fills = await next_of(
            stream.watch_my_trades, lambda rows: order["id"] in [row["order"] for row in rows]
        )
        ids = [row["id"] for row in fills]
        need(len(ids) == len(set(ids)), "a fill came twice")
        need(is_recent((await next_of(watch))["timestamp"]), "the book is old")
    finally:
        await stream.close()
        relay.close()
        trader.clear()


@check_on_each_network
def nothing_is_left(trader):
    trader.clear()
    need(trader.client.fetch_open_orders() == [] and trader.client.fetch_positions() == [], "left")
    usdc = trader.client.fetch_balance()["USDC"]
    need(usdc["used"] == 0 and usdc["free"] == usdc["total"], usdc)


if __name__ == "__main__":
    sys.exit(run(Bench))
