#!/usr/bin/env python3
"""Drives both clients through what takes hours: funding, triggers that fire, a liquidation.

    assay exchange --port 3001 --speed 600 --deposit 1000
    .venv/bin/python Tests/Conformance/hyperliquid_hours.py http://127.0.0.1:3001

What it prints is in `harness.py`. The clients sign with the machine's time: the venue admits that
until its own is two days ahead, which takes about five minutes. The keys are synthetic: never fund
them anywhere.
"""

import itertools
import sys

import ccxt
import eth_account
from hyperliquid.exchange import Exchange
from hyperliquid.info import Info

from harness import Frames, check, near, need, run, until

BTC = "BTC/USDC:USDC"
HOUR = 3_600_000
IOC = {"limit": {"tif": "Ioc"}}
GTC = {"limit": {"tif": "Gtc"}}


class Account:
    """One account: the official client, and ccxt beside it."""

    def __init__(self, base_url, key):
        wallet = eth_account.Account.from_key(key)
        self.address = wallet.address
        self.exchange = Exchange(wallet, base_url, timeout=30)
        # The venue closes a connection that had nothing to hear for a minute of its time: what is
        # asked for at once keeps it open, so nothing else may be asked before.
        known = self.exchange.info
        self.info = Info(base_url, meta=known.meta(), spot_meta=known.spot_meta(), timeout=30)
        self.info.subscribe({"type": "allMids"}, lambda frame: None)
        self.ccxt = ccxt.hyperliquid(
            {
                "walletAddress": wallet.address,
                "enableRateLimit": False,
                "urls": {"api": {"public": base_url, "private": base_url}},
            }
        )

    def subscribe(self, kind, **options):
        frames = Frames()
        self.info.subscribe({"type": kind, "user": self.address, **options}, frames.put)
        return frames

    def position(self):
        for item in self.info.user_state(self.address)["assetPositions"]:
            return item["position"]
        return None

    def price(self, factor):
        return round(float(self.info.all_mids()["BTC"]) * factor)

    def enter(self, is_buy, size):
        price = self.price(1.05 if is_buy else 0.95)
        answer = self.exchange.order("BTC", is_buy, size, price, IOC)
        return answer["response"]["data"]["statuses"][0]["filled"]

    def clear(self):
        for order in self.info.open_orders(self.address):
            self.exchange.cancel("BTC", order["oid"])
        if self.position():
            self.exchange.market_close("BTC")


class Bench:
    def __init__(self, base_url):
        self.holder = Account(base_url, "0x" + "d44d7e3f" * 8)
        self.gambler = Account(base_url, "0x" + "e55e8f4f" * 8)

    def close(self):
        for account in (self.holder, self.gambler):
            account.info.disconnect_websocket()


@check
def funding_is_paid_every_hour(bench):
    account, size = bench.holder, 0.01
    frames = account.subscribe("userFundings")
    need(frames.next()["data"]["isSnapshot"] is True, "no snapshot")
    account.enter(False, size)
    paid = [frames.next()["data"]["fundings"][0] for _ in range(2)]
    account.clear()
    need(paid[1]["time"] // HOUR == paid[0]["time"] // HOUR + 1, paid)
    rates = account.info.funding_history("BTC", paid[0]["time"] - HOUR)
    rates = {row["time"] // HOUR: row["fundingRate"] for row in rates}
    for row in paid:
        need(row["coin"] == "BTC" and float(row["szi"]) == -size, row)
        need(row["fundingRate"] == rates[row["time"] // HOUR], f"{row} is not of {rates}")
        # Shorts receive where the rate is positive.
        value = size * float(account.info.all_mids()["BTC"])
        need(near(float(row["usdc"]), value * float(row["fundingRate"]), 0.1), row)
    ledger = account.info.user_funding_history(account.address, 0)
    need([row["delta"]["usdc"] for row in ledger][:2] == [row["usdc"] for row in paid], ledger)
    incomes = account.ccxt.fetch_funding_history(BTC)
    need([row["timestamp"] for row in incomes][:2] == [row["time"] for row in paid], incomes)
    for row, income in zip(paid, incomes, strict=False):
        need(income["amount"] == float(row["usdc"]) and income["code"] == "USDC", income)
        need(income["rate"] == float(row["fundingRate"]) and income["symbol"] == BTC, income)
    history = account.ccxt.fetch_funding_rate_history(BTC, since=paid[0]["time"] - HOUR // 2)
    need(history[0]["fundingRate"] == incomes[0]["rate"], history)


def enter_between(account, size):
    """Buys with a stop below and a target above; whether neither was passed meanwhile."""
    account.clear()
    stop, profit = account.price(0.995), account.price(1.005)
    entry = {
        "coin": "BTC", "is_buy": True, "sz": size, "reduce_only": False,
        "limit_px": account.price(1.05), "order_type": IOC,
    }

    def exit_at(price, kind):
        trigger = {"isMarket": True, "triggerPx": price, "tpsl": kind}
        return {
            **entry, "is_buy": False, "reduce_only": True, "limit_px": round(price * 0.9),
            "order_type": {"trigger": trigger},
        }

    family = [entry, exit_at(profit, "tp"), exit_at(stop, "sl")]
    answer = account.exchange.bulk_orders(family, grouping="normalTpsl")
    parent, *children = answer["response"]["data"]["statuses"]
    need("filled" in parent, answer)
    return children == ["waitingForTrigger"] * 2


@check
def a_stop_or_its_sibling_fires(bench):
    account, size = bench.holder, 0.01
    updates = account.subscribe("orderUpdates")
    until(lambda: enter_between(account, size), "a minute that is calm enough to enter")
    until(lambda: account.position() is None, "the stop or the target to fire")
    history = account.info.historical_orders(account.address)
    kinds = ("Stop Market", "Take Profit Market")
    newest = {}
    for row in reversed(history):
        if row["order"]["orderType"] in kinds:
            newest[row["order"]["oid"]] = row
    ends = sorted(newest.items())[-2:]
    statuses = sorted(row["status"] for _, row in ends)
    need(statuses == ["filled", "siblingFilledCanceled"], ends)
    (fired,) = [row["order"] for _, row in ends if row["status"] == "filled"]
    seen = []
    while "filled" not in seen:
        for update in updates.next()["data"]:
            if update["order"]["oid"] == fired["oid"]:
                seen.append(update["status"])
    need("triggered" in seen and seen.index("triggered") < seen.index("filled"), seen)
    fill = account.info.user_fills(account.address)[0]
    need(fill["oid"] == fired["oid"] and fill["dir"] == "Close Long", fill)
    stopped = fired["orderType"] == "Stop Market"
    need((float(fill["closedPnl"]) < 0) == stopped, f"{fired}: {fill}")
    order = account.ccxt.fetch_order(str(fired["oid"]), BTC)
    need((order["status"], order["filled"]) == ("closed", size), order)


def gamble(account, middle):
    """Bets all that the price goes on from the middle: the size; None where it turned before."""
    account.clear()
    value = float(account.info.user_state(account.address)["withdrawable"])
    price = account.price(1)
    size = round(38 * value / price, 5)
    need(account.exchange.order("BTC", True, 0.001, round(price / 2), GTC)["status"] == "ok", "bid")
    is_buy = price > middle
    fill = account.enter(is_buy, size)
    return float(fill["totalSz"]) if (float(fill["avgPx"]) > middle) == is_buy else None


@check
def a_position_is_liquidated(bench):
    """The market swings by more than what a position at 40 times its money bears."""
    account, events = bench.gambler, Frames()
    account.info.subscribe({"type": "userEvents", "user": account.address}, events.put)
    need(account.exchange.update_leverage(40, "BTC")["status"] == "ok", "leverage")
    now = account.info.post("/info", {"type": "exchangeStatus"})["time"]
    candles = account.info.candles_snapshot("BTC", "1m", now - HOUR, now)
    highest = max(float(row["h"]) for row in candles)
    lowest = min(float(row["l"]) for row in candles)
    size = until(lambda: gamble(account, (highest + lowest) / 2), "a bet on the right side")
    event = events.next(lambda frame: "liquidation" in frame["data"])["data"]["liquidation"]
    need(event["liquidated_user"] == account.address.lower(), event)
    until(lambda: account.position() is None, "the position to be closed")
    need(account.info.open_orders(account.address) == [], "an order outlived it")
    fills = account.info.user_fills(account.address)
    # The newest come first; a bet before this one may have ended so too.
    liquidations = list(itertools.takewhile(lambda row: "liquidation" in row, fills))
    for row in liquidations:
        told = row["liquidation"]
        need(told["liquidatedUser"] == account.address.lower(), row)
        need(told["method"] in ("market", "backstop") and float(told["markPx"]) > 0, row)
    closed = sum(float(row["sz"]) for row in liquidations)
    need(near(closed, size), f"{closed} of {size}: {liquidations}")
    parsed = account.ccxt.fetch_my_liquidations(BTC)
    need(len(parsed) == len([row for row in fills if "liquidation" in row]), parsed)
    need(all(row["symbol"] == BTC and row["price"] > 0 for row in parsed), parsed)


@check
def candles_close(bench):
    frames = Frames()
    info = bench.holder.info
    info.subscribe({"type": "candle", "coin": "BTC", "interval": "1h"}, frames.put)
    first = frames.next()["data"]
    last = first
    while (candle := frames.next()["data"])["t"] == first["t"]:
        need(float(candle["v"]) >= float(last["v"]) and candle["n"] >= last["n"], candle)
        need(float(candle["h"]) >= float(last["h"]), candle)
        last = candle
    need(candle["t"] == first["t"] + HOUR and candle["T"] == candle["t"] + HOUR - 1, candle)
    (closed,) = info.candles_snapshot("BTC", "1h", first["t"], first["t"] + HOUR - 1)
    need({**closed} == {**last}, f"the stream ended with {last}, asked for: {closed}")


if __name__ == "__main__":
    sys.exit(run(Bench))
