#!/usr/bin/env python3
"""Drives the unmodified hyperliquid-python-sdk against a simulated venue, all but its orders.

    assay exchange --port 3001
    .venv/bin/python Tests/Conformance/hyperliquid_sdk.py http://127.0.0.1:3001

What it prints is in `harness.py`. The venue must run in real time (its nonces follow its clock),
list BTC and ETH, and fund unknown accounts; orders are driven by `hyperliquid_orders.py`.
"""

import sys

import eth_account
from hyperliquid.exchange import Exchange
from hyperliquid.info import Info
from hyperliquid.utils.error import ClientError, ServerError
from hyperliquid.utils.signing import get_timestamp_ms, sign_l1_action
from hyperliquid.utils.types import Cloid

from harness import Frames, Relay, check, near, need, run, until
from hyperliquid_bench import (
    ALO,
    GTC,
    IOC,
    STRANGER,
    Bench,
    filled,
    need_balance,
    need_default,
    need_error,
    need_refusal,
    resting,
    statuses,
)

FRIEND = "0x00000000000000000000000000000000000f41e0"


# Market data


@check
def metadata(bench):
    meta = bench.info.meta()
    names = [asset["name"] for asset in meta["universe"]]
    need("BTC" in names and "ETH" in names, names)
    need(all({"szDecimals", "maxLeverage"} <= asset.keys() for asset in meta["universe"]), meta)
    again, contexts = bench.info.meta_and_asset_ctxs()
    need(again == meta and len(contexts) == len(names), contexts)
    need(all(float(context["markPx"]) > 0 for context in contexts), contexts)
    need(bench.info.perp_dexs() == [None], bench.info.perp_dexs())
    spot, _ = bench.info.spot_meta_and_asset_ctxs()
    need(spot == bench.info.spot_meta(), spot)


@check
def mids_and_book(bench):
    book = bench.info.l2_snapshot("BTC")
    bids, asks = book["levels"]
    need(book["coin"] == "BTC" and 1 <= len(bids) <= 20 and 1 <= len(asks) <= 20, book)
    prices = [float(level["px"]) for level in bids]
    need(prices == sorted(prices, reverse=True), "bids are not sorted")
    prices = [float(level["px"]) for level in asks]
    need(prices == sorted(prices), "asks are not sorted")
    need(float(bids[0]["px"]) < float(asks[0]["px"]), "the book is crossed")
    need(all(level["n"] >= 1 and float(level["sz"]) > 0 for level in bids + asks), "empty level")
    need(abs(bench.mid("BTC") / float(bids[0]["px"]) - 1) < 0.01, "the mid is far from the book")


@check
def candles(bench):
    now = get_timestamp_ms()
    lengths = {"1m": 60_000, "3m": 180_000, "15m": 900_000, "1h": 3_600_000, "1d": 86_400_000}
    for interval, length in lengths.items():
        rows = bench.info.candles_snapshot("BTC", interval, now - 20 * length, now)
        need(10 <= len(rows) <= 21, f"{interval}: {len(rows)} rows")
        times = [row["t"] for row in rows]
        need(times == sorted(times), f"{interval}: not ascending")
        for row in rows:
            low, high = float(row["l"]), float(row["h"])
            need(row["T"] == row["t"] + length - 1 and row["i"] == interval, row)
            need(low <= float(row["o"]) <= high and low <= float(row["c"]) <= high, row)


@check
def funding_history(bench):
    now = get_timestamp_ms()
    rows = bench.info.funding_history("BTC", now - 86_400_000, now)
    need(len(rows) == 24, f"{len(rows)} hours of funding in a day")
    hours = [row["time"] // 3_600_000 for row in rows]
    need(hours == list(range(hours[0], hours[0] + 24)), f"not hour by hour: {hours}")
    need(all(row["time"] % 3_600_000 < 1_000 for row in rows), "not on the hour")
    need(all(row["coin"] == "BTC" and abs(float(row["fundingRate"])) < 0.04 for row in rows), rows)
    need(all("premium" in row for row in rows), rows)


@check
def last_trades(bench):
    rows = bench.info.post("/info", {"type": "recentTrades", "coin": "BTC"})
    times = [row["time"] for row in rows]
    need(rows and times == sorted(times, reverse=True), "not the newest first")
    need(len({row["tid"] for row in rows}) == len(rows), "a trade came twice")
    for row in rows:
        need(row["side"] in ("A", "B") and float(row["sz"]) > 0 and len(row["users"]) == 2, row)
        need(len(row["hash"]) == 66, row)


@check
def predicted_fundings(bench):
    rows = dict(bench.info.post("/info", {"type": "predictedFundings"}))
    (own,) = [venue for name, venue in rows["BTC"] if name == "HlPerp"]
    _, contexts = bench.info.meta_and_asset_ctxs()
    need(float(own["fundingRate"]) == float(contexts[0]["funding"]), own)
    need(own["nextFundingTime"] % 3_600_000 == 0 and own["fundingIntervalHours"] == 1, own)


@check
def aggregated_book(bench):
    fine = bench.info.l2_snapshot("BTC")["levels"]
    body = {"type": "l2Book", "coin": "BTC", "nSigFigs": 3}
    bids, asks = bench.info.post("/info", body)["levels"]
    need(all(float(level["px"]) % 100 == 0 for level in bids + asks), "not three figures")
    need(float(bids[0]["px"]) <= float(fine[0][0]["px"]), "bids do not round down")
    need(float(asks[0]["px"]) >= float(fine[1][0]["px"]), "asks do not round up")


# The account, before it trades


@check
def account_is_funded(bench):
    state = bench.info.user_state(bench.address)
    need(float(state["marginSummary"]["accountValue"]) > 100, state)
    need(float(state["withdrawable"]) > 100, state)
    need("balances" in bench.info.spot_user_state(bench.address), "no spot balances")
    need(bench.info.user_role(bench.address) == {"role": "user"}, "role")
    need(bench.info.user_role(STRANGER) == {"role": "missing"}, "role of a stranger")
    limit = bench.info.user_rate_limit(bench.address)
    need(limit["nRequestsCap"] >= 10_000, limit)
    fees = bench.info.user_fees(bench.address)
    need(0 < float(fees["userAddRate"]) < float(fees["userCrossRate"]), fees)


@check
def account_answers(bench):
    info, address = bench.info, bench.address
    need(info.query_sub_accounts(address) is None, "sub-accounts")
    need(info.query_user_abstraction_state(address) == "default", "abstraction")
    need("cumVlm" in info.query_referral_state(address), "referral")
    need(info.user_vault_equities(address) == [], "vaults")
    need(info.user_staking_delegations(address) == [], "delegations")
    need("delegated" in info.user_staking_summary(address), "staking")
    need(info.user_twap_slice_fills(address) == [], "slices")
    need(isinstance(info.user_funding_history(address, 0), list), "funding")
    updates = info.user_non_funding_ledger_updates(address, 0)
    need(updates and updates[0]["delta"]["type"] == "deposit", updates)


# The socket


@check
def subscriptions(bench):
    user = bench.address
    wanted = [
        {"type": "allMids"},
        {"type": "l2Book", "coin": "BTC"},
        {"type": "trades", "coin": "BTC"},
        {"type": "bbo", "coin": "BTC"},
        {"type": "candle", "coin": "BTC", "interval": "1m"},
        {"type": "activeAssetCtx", "coin": "BTC"},
        {"type": "userEvents", "user": user},
        {"type": "userFills", "user": user},
        {"type": "orderUpdates", "user": user},
        {"type": "userFundings", "user": user},
        {"type": "userNonFundingLedgerUpdates", "user": user},
        {"type": "activeAssetData", "user": user, "coin": "BTC"},
    ]
    for subscription in wanted:
        bench.subscribe(subscription)
    need("BTC" in bench.frame("allMids")["data"]["mids"], "mids")
    need(len(bench.frame("l2Book")["data"]["levels"]) == 2, "book")
    trade = bench.frame("trades")["data"][0]
    need(trade["side"] in ("A", "B") and len(trade["users"]) == 2, trade)
    need(len(bench.frame("bbo")["data"]["bbo"]) == 2, "bbo")
    candle = bench.frame("candle")["data"]
    need(candle["s"] == "BTC" and candle["i"] == "1m", candle)
    need(float(bench.frame("activeAssetCtx")["data"]["ctx"]["markPx"]) > 0, "context")
    for name in ("userFills", "userFundings", "userNonFundingLedgerUpdates"):
        need(bench.frame(name)["data"]["isSnapshot"] is True, f"{name}: no snapshot")
    limits = bench.frame("activeAssetData")["data"]
    need(float(limits["availableToTrade"][0]) > 0, limits)


@check
def market_data_keeps_coming(bench):
    first = bench.frame("l2Book")["data"]["time"]
    bench.frame("l2Book", lambda frame: frame["data"]["time"] > first)
    bench.frame("candle")
    bench.frame("trades")


@check
def unsubscribing(bench):
    """A snapshot comes after each subscription: a second one shows that the first had ended."""
    subscription = {"type": "userFills", "user": STRANGER}
    for _ in range(2):
        frames = Frames()
        number = bench.info.subscribe(subscription, frames.put)
        need(frames.next()["data"] == {"isSnapshot": True, "user": STRANGER, "fills": []}, "frame")
        need(bench.info.unsubscribe(subscription, number), "it was not subscribed")


# Margin and money


@check
def leverage(bench):
    bench.flatten()
    need_default(bench.exchange.update_leverage(7, "BTC"))
    filled(bench.exchange.market_open("BTC", True, bench.size("BTC", 200)))
    need(bench.position("BTC")["leverage"] == {"type": "cross", "value": 7}, "leverage")
    need_refusal(bench.exchange.update_leverage(1_000, "BTC"), "Invalid leverage value")
    need_refusal(
        bench.exchange.update_leverage(7, "BTC", is_cross=False), "Cannot switch leverage type"
    )
    bench.flatten()


@check
def isolated_margin(bench):
    need_default(bench.exchange.update_leverage(5, "ETH", is_cross=False))
    filled(bench.exchange.market_open("ETH", True, bench.size("ETH", 300)))
    before = bench.position("ETH")
    need(before["leverage"]["type"] == "isolated" and "rawUsd" in before["leverage"], before)
    need_default(bench.exchange.update_isolated_margin(25.0, "ETH"))
    gained = float(bench.position("ETH")["leverage"]["rawUsd"])
    gained -= float(before["leverage"]["rawUsd"])
    need(abs(gained - 25) < 0.01, f"25 were added, {gained} came")
    bench.flatten()
    need_default(bench.exchange.update_leverage(20, "ETH"))
    need_refusal(bench.exchange.update_isolated_margin(1.0, "ETH"), "isolated margin")


@check
def transfers(bench):
    need_default(bench.exchange.usd_class_transfer(12.5, False))
    (balance,) = bench.info.spot_user_state(bench.address)["balances"]
    need(balance["coin"] == "USDC" and float(balance["total"]) == 12.5, balance)
    update = bench.frame("userNonFundingLedgerUpdates")["data"]["nonFundingLedgerUpdates"][0]
    need(update["delta"]["type"] == "accountClassTransfer", update)
    need_default(bench.exchange.usd_class_transfer(12.5, True))
    need(bench.info.spot_user_state(bench.address)["balances"] == [], "the money did not return")
    need_refusal(bench.exchange.usd_class_transfer(1e9, False), "Insufficient balance")


@check
def money_leaves(bench):
    exchange, info, address = bench.exchange, bench.info, bench.address

    def value(of):
        return float(info.user_state(of)["marginSummary"]["accountValue"])

    before = value(address)
    need_default(exchange.usd_transfer(1.5, FRIEND))
    received = value(FRIEND)
    need_default(exchange.usd_transfer(2.5, FRIEND))
    need(near(value(FRIEND) - received, 2.5, 1e-6), "it did not arrive")
    need_default(exchange.withdraw_from_bridge(5.0, STRANGER))
    need(near(before - value(address), 9, 1e-6), f"{before} to {value(address)}")
    updates = info.user_non_funding_ledger_updates(address, 0)[-3:]
    deltas = [(row["delta"]["type"], float(row["delta"]["usdc"])) for row in updates]
    wanted = [("internalTransfer", 1.5), ("internalTransfer", 2.5), ("withdraw", 5)]
    need(deltas == wanted, updates)
    need(updates[0]["delta"]["destination"] == FRIEND, updates)
    need_refusal(exchange.usd_transfer(1e9, FRIEND), "Insufficient balance for token transfer")
    need_refusal(exchange.withdraw_from_bridge(1e9, STRANGER), "Insufficient balance for withdraw")


# Agents and builders


@check
def agents(bench):
    approval, key = bench.exchange.approve_agent("conformance")
    need_default(approval)
    agent = eth_account.Account.from_key(key)
    trader = Exchange(agent, bench.base_url, account_address=bench.address, timeout=30)
    size, price = bench.size("BTC", 100), bench.price("BTC", 0.8)
    oid = resting(trader.order("BTC", True, size, price, GTC))
    need(oid in [order["oid"] for order in bench.open_orders()], "not the master's order")
    need(statuses(trader.cancel("BTC", oid)) == ["success"], "cancel")
    role = bench.info.user_role(agent.address)
    need(role == {"role": "agent", "data": {"user": bench.address.lower()}}, role)
    (listed,) = bench.info.extra_agents(bench.address)
    need(listed["address"] == agent.address.lower(), listed)
    need_refusal(trader.usd_class_transfer(1, False), "Must deposit before performing actions")
    second, _ = bench.exchange.approve_agent("conformance")
    need_default(second)
    need_refusal(trader.cancel("BTC", oid), "does not exist")
    unnamed, key = bench.exchange.approve_agent()
    need_default(unnamed)
    trader = Exchange(
        eth_account.Account.from_key(key), bench.base_url, account_address=bench.address, timeout=30
    )
    need_default(trader.update_leverage(20, "BTC"))


@check
def builders(bench):
    builder = {"b": STRANGER, "f": 10}
    need_default(bench.exchange.approve_builder_fee(STRANGER, "0%"))
    refused = bench.exchange.market_open("BTC", True, bench.size("BTC", 100), builder=dict(builder))
    need_error(refused, "Builder fee has not been approved.")
    need_default(bench.exchange.approve_builder_fee(STRANGER, "0.01%"))
    filled(bench.exchange.market_open("BTC", True, bench.size("BTC", 100), builder=dict(builder)))
    newest = bench.info.user_fills(bench.address)[0]
    need(float(newest["builderFee"]) > 0, newest)
    bench.flatten()


# What is refused


@check
def order_refusals(bench):
    exchange, size = bench.exchange, bench.size("BTC", 100)
    low, high = bench.price("BTC", 0.8), bench.price("BTC", 1.02)
    need_error(exchange.order("BTC", True, size, low + 0.01, GTC), "divisible by tick size")
    need_error(exchange.order("BTC", True, 0.00001, low, GTC), "minimum value of $10")
    need_error(exchange.order("BTC", True, size, high, ALO), "bbo was")
    need_error(exchange.order("BTC", True, size, low, IOC), "could not immediately match")
    need_error(exchange.order("BTC", True, 50.0, low, GTC), "Insufficient margin")
    need_error(
        exchange.order("BTC", False, size, low, IOC, reduce_only=True), "Reduce only order"
    )
    need_error(exchange.order("BTC", True, size, round(low / 100), GTC), "reference price")
    need_error(exchange.order("BTC", True, 0, low, GTC), "zero size")


@check
def cancel_refusals(bench):
    need_error(bench.exchange.cancel("BTC", 1), "never placed, already canceled, or filled")
    unknown = bench.exchange.cancel_by_cloid("BTC", Cloid.from_int(2))
    need_error(unknown, "never placed, already canceled, or filled")


@check
def envelope_refusals(bench):
    action, nonce = {"type": "noop"}, get_timestamp_ms()
    need_default(bench.exchange.noop(nonce))
    need_refusal(bench.exchange.noop(nonce), "duplicate nonce")
    need_refusal(bench.exchange.noop(nonce - 3 * 86_400_000), "nonce too low")
    need_refusal(bench.exchange.noop(nonce + 3 * 86_400_000), "nonce too high")
    nonce += 1
    signature = sign_l1_action(bench.wallet, action, None, nonce, None, False)
    broken = {"action": action, "nonce": nonce, "signature": {**signature, "v": 99}}
    need_refusal(bench.exchange.post("/exchange", broken), "Unable to recover signer.")
    vault = Exchange(bench.wallet, bench.base_url, vault_address=STRANGER, timeout=30)
    need_refusal(vault.cancel("BTC", 1), f"Vault not registered: {STRANGER}")
    bench.exchange.set_expires_after(get_timestamp_ms() - 1_000)
    try:
        need_refusal(bench.exchange.cancel("BTC", 1), "Action already expired")
    finally:
        bench.exchange.set_expires_after(None)
    need_refusal(bench.exchange.set_referrer("NOSUCHCODE"), "Referral code not registered")


@check
def both_networks(bench):
    """A client that signs for the mainnet is the same account."""
    action, nonce = {"type": "noop"}, get_timestamp_ms()
    signature = sign_l1_action(bench.wallet, action, None, nonce, None, True)
    envelope = {"action": action, "nonce": nonce, "signature": signature}
    need_default(bench.exchange.post("/exchange", envelope))
    need_refusal(bench.exchange.post("/exchange", envelope), "duplicate nonce")


@check
def what_is_not_simulated(bench):
    """It is refused in the venue's form, so that the SDK parses it."""
    exchange = bench.exchange
    for refusal in (
        exchange.create_sub_account("second"),
        exchange.vault_usd_transfer(STRANGER, True, 1_000_000),
    ):
        need_refusal(refusal, "is not simulated.")


@check
def malformed_requests(bench):
    for path, body in [
        ("/info", {"type": "noSuchRequest"}),
        ("/info", {"type": "clearinghouseState", "user": "0x12"}),
        ("/exchange", {"action": {"type": "noop"}}),
        ("/exchange", {"nonsense": True}),
    ]:
        try:
            answer = bench.info.post(path, body)
        except ClientError as refusal:
            need(refusal.status_code == 422, refusal)
        else:
            raise AssertionError(f"{body} was answered: {answer}")
    try:
        answer = bench.info.post("/info", {"type": "l2Book", "coin": "BTC", "nSigFigs": 7})
    except ServerError as refusal:
        need(refusal.status_code == 500, refusal)
    else:
        raise AssertionError(f"seven significant figures were answered: {answer}")
    need(bench.info.post("/info", {"type": "l2Book", "coin": "NOSUCH"}) is None, "unknown coin")


# A connection that breaks


@check
def a_second_connection_gets_snapshots(bench):
    """The SDK does not reconnect: who opens another Info finds there what it missed."""
    relay = Relay(bench.base_url)
    first, second = Info(f"http://{relay.address}", timeout=30), None
    try:
        fills, books = Frames(), Frames()
        first.subscribe({"type": "userFills", "user": bench.address}, fills.put)
        first.subscribe({"type": "l2Book", "coin": "BTC"}, books.put)
        need(fills.next()["data"]["isSnapshot"] is True, "no snapshot")
        books.next()
        relay.cut()
        until(lambda: not first.ws_manager.ws.keep_running, "the SDK to notice")
        missed = filled(bench.exchange.market_open("BTC", True, bench.size("BTC", 100)))
        second = Info(f"http://{relay.address}", timeout=30)
        for name, data in {
            "userFills": "fills", "userFundings": "fundings",
            "userNonFundingLedgerUpdates": "nonFundingLedgerUpdates",
        }.items():
            frames = Frames()
            second.subscribe({"type": name, "user": bench.address}, frames.put)
            frame = frames.next()["data"]
            need(frame["isSnapshot"] is True and data in frame, f"{name}: {frame}")
            if name == "userFills":
                oids = [row["oid"] for row in frame["fills"]]
                need(missed["oid"] in oids, "the fill of the outage is missing")
        books = Frames()
        second.subscribe({"type": "l2Book", "coin": "BTC"}, books.put)
        need(len(books.next()["data"]["levels"]) == 2, "no book")
    finally:
        for info in filter(None, (first, second)):
            info.disconnect_websocket()
        relay.close()
        bench.flatten()


@check
def books_balance(bench):
    need_balance(bench)


if __name__ == "__main__":
    sys.exit(run(Bench))
