#!/usr/bin/env python3
"""Drives both clients into the venue's rate limits, and out again.

    assay exchange --port 3001 --speed 20 --scenario Tests/Conformance/limits.yaml
    .venv/bin/python Tests/Conformance/hyperliquid_limits.py http://127.0.0.1:3001

What it prints is in `harness.py`. A minute of this venue is three seconds. The keys are synthetic:
never fund them anywhere.
"""

import sys

import ccxt
import eth_account
from hyperliquid.exchange import Exchange
from hyperliquid.utils.error import ClientError

from harness import check, need, refused, run, until

STRANGER = "0x00000000000000000000000000000000000abcde"
BTC = "BTC/USDC:USDC"
GTC = {"limit": {"tif": "Gtc"}}
# Of the file, in calls of weight 20; the minute may turn in between.
CALLS = 2 * 400 // 20
# Of the file; one more passes every ten seconds.
ACTIONS = 12


class Bench:
    def __init__(self, base_url):
        self.exchange = Exchange(
            eth_account.Account.from_key("0x" + "f66f9f5f" * 8), base_url, timeout=30
        )
        self.info = self.exchange.info
        key = "0x" + "a77a1a6f" * 8
        self.ccxt = ccxt.hyperliquid(
            {
                "walletAddress": eth_account.Account.from_key(key).address,
                "privateKey": key,
                "enableRateLimit": False,
                "options": {"fetchMarkets": {"types": ["swap"]}},
                "urls": {"api": {"public": base_url, "private": base_url}},
            }
        )
        self.ccxt.load_markets()

    def close(self):
        self.exchange.session.close()


def answered(call):
    """Whether a call is let through."""
    try:
        return call() or True
    except (ClientError, ccxt.RateLimitExceeded):
        return None


def exhaust(call, at_most):
    """Calls until it is refused."""
    for _ in range(at_most):
        call()
    raise AssertionError(f"{at_most} calls were let through")


def begin_minute(bench):
    """Uses up the minute's weight, and waits for the next."""
    refusal = refused(ClientError, "429", exhaust, bench.info.meta, CALLS)
    need(refusal.status_code == 429, refusal)
    until(lambda: answered(lambda: bench.info.user_role(STRANGER)), "the next minute")


@check
def weight_of_a_minute(bench):
    begin_minute(bench)
    need(len(bench.info.meta()["universe"]) == 1, "meta")


@check
def weight_of_a_minute_by_ccxt(bench):
    refused(ccxt.RateLimitExceeded, "429", exhaust, bench.ccxt.fetch_funding_rates, CALLS)
    rates = until(lambda: answered(bench.ccxt.fetch_funding_rates), "the next minute")
    need(BTC in rates, rates)


@check
def long_answers_weigh_more(bench):
    """Candles weigh 20 and one more for each 60 of them."""
    begin_minute(bench)
    now = bench.info.post("/info", {"type": "exchangeStatus"})["time"]
    counts = []

    def candles():
        rows = bench.info.candles_snapshot("BTC", "1m", now - 3 * 86_400_000, now)
        counts.append(len(rows))

    refused(ClientError, "429", exhaust, candles, CALLS)
    weight = 20 + min(counts) // 60
    need(len(counts) <= 2 * (400 // weight), f"{len(counts)} answers of weight {weight}: {counts}")


@check
def budget_of_an_address(bench):
    """Orders end before cancels do, and trading buys more of both."""
    begin_minute(bench)
    price, resting = round(float(bench.info.all_mids()["BTC"]) * 0.8), []

    def order():
        return bench.exchange.order("BTC", True, 0.001, price, GTC)

    def placed():
        answer = order()
        return answer["response"]["data"]["statuses"][0] if answer["status"] == "ok" else None

    while status := placed():
        resting.append(status["resting"]["oid"])
        need(len(resting) <= 2 * ACTIONS, "the budget has no end")
    need(len(resting) >= ACTIONS, f"only {len(resting)} orders of {ACTIONS}")
    refusal = order()
    if refusal["status"] == "err":
        need(refusal["response"].startswith("Too many cumulative requests sent ("), refusal)
        need("for cumulative volume traded $" in refusal["response"], refusal)
    answer = bench.exchange.cancel("BTC", resting[0])
    need(answer["response"]["data"]["statuses"] == ["success"], answer)
    until(placed, "an action to pass after ten seconds")

    def bought():
        answer = bench.exchange.market_open("BTC", True, 0.01)
        return answer["status"] == "ok"

    until(bought, "an action to pass after ten seconds")
    for _ in range(ACTIONS):
        need(placed(), "600 dollars traded bought no orders")


@check
def budget_of_an_address_by_ccxt(bench):
    begin_minute(bench)
    mid = bench.ccxt.fetch_funding_rate(BTC)["markPrice"]

    def order():
        return bench.ccxt.create_order(BTC, "limit", "buy", 0.001, mid * 0.8)

    refused(
        ccxt.RateLimitExceeded, "Too many cumulative requests sent", exhaust, order, 2 * ACTIONS
    )


if __name__ == "__main__":
    sys.exit(run(Bench))
