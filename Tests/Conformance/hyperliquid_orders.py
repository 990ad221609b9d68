#!/usr/bin/env python3
"""Drives the unmodified hyperliquid-python-sdk through every kind of order of a simulated venue.

    assay exchange --port 3001
    .venv/bin/python Tests/Conformance/hyperliquid_orders.py http://127.0.0.1:3001

What it prints is in `harness.py`. The venue must run in real time, list BTC and ETH, and fund
unknown accounts.
"""

import sys

from hyperliquid.utils.signing import get_timestamp_ms
from hyperliquid.utils.types import Cloid

from harness import check, need, run
from hyperliquid_bench import (
    ALO,
    GTC,
    IOC,
    Bench,
    filled,
    need_balance,
    need_default,
    need_error,
    need_refusal,
    resting,
    statuses,
    trigger,
)


@check
def user_streams(bench):
    for name in ("orderUpdates", "userEvents", "userFills"):
        bench.subscribe({"type": name, "user": bench.address})
    need(bench.frame("userFills")["data"]["isSnapshot"] is True, "no snapshot")


@check
def limit_orders(bench):
    size, price = bench.size("BTC", 100), bench.price("BTC", 0.8)
    oid = resting(bench.exchange.order("BTC", True, size, price, GTC))
    (order,) = [order for order in bench.open_orders() if order["oid"] == oid]
    need(float(order["limitPx"]) == price and float(order["sz"]) == size, order)
    need(order["side"] == "B", order)
    update = bench.frame("orderUpdates", lambda frame: frame["data"][0]["order"]["oid"] == oid)
    need(update["data"][0]["status"] == "open", update)
    need(statuses(bench.exchange.cancel("BTC", oid)) == ["success"], "cancel")
    status = bench.info.query_order_by_oid(bench.address, oid)
    need(status["status"] == "order" and status["order"]["status"] == "canceled", status)
    bench.frame("orderUpdates", lambda frame: frame["data"][0]["status"] == "canceled")


@check
def client_ids(bench):
    cloid = Cloid.from_int(get_timestamp_ms())
    size, price = bench.size("ETH", 100), bench.price("ETH", 0.8)
    answer = bench.exchange.order("ETH", True, size, price, ALO, cloid=cloid)
    need(statuses(answer)[0]["resting"]["cloid"] == cloid.to_raw(), answer)
    status = bench.info.query_order_by_cloid(bench.address, cloid)
    need(status["order"]["order"]["cloid"] == cloid.to_raw(), status)
    need(statuses(bench.exchange.cancel_by_cloid("ETH", cloid)) == ["success"], "cancel")
    status = bench.info.query_order_by_cloid(bench.address, cloid)
    need(status["order"]["status"] == "canceled", status)
    stranger = bench.info.query_order_by_cloid(bench.address, Cloid.from_int(1))
    need(stranger == {"status": "unknownOid"}, stranger)


@check
def bulk_orders_and_cancels(bench):
    size, price = bench.size("BTC", 100), bench.price("BTC", 0.7)
    order = {"coin": "BTC", "is_buy": True, "sz": size, "limit_px": price, "reduce_only": False}
    orders = [{**order, "order_type": GTC}, {**order, "order_type": ALO}]
    oids = [status["resting"]["oid"] for status in statuses(bench.exchange.bulk_orders(orders))]
    cancels = [{"coin": "BTC", "oid": oid} for oid in oids]
    need(statuses(bench.exchange.bulk_cancel(cancels)) == ["success"] * 2, "cancel")


@check
def bulk_cancels_by_client_id(bench):
    first = get_timestamp_ms()
    cloids = [Cloid.from_int(first), Cloid.from_int(first + 1)]
    size, price = bench.size("ETH", 100), bench.price("ETH", 0.7)
    order = {
        "coin": "ETH", "is_buy": True, "sz": size, "limit_px": price, "reduce_only": False,
        "order_type": GTC,
    }
    bench.exchange.bulk_orders([{**order, "cloid": cloid} for cloid in cloids])
    need({order["cloid"] for order in bench.open_orders()} >= {c.to_raw() for c in cloids}, "open")
    cancels = [{"coin": "ETH", "cloid": cloid} for cloid in cloids]
    answer = bench.exchange.bulk_cancel_by_cloid([*cancels, cancels[0]])
    first, second, third = statuses(answer)
    need((first, second) == ("success", "success") and "error" in third, answer)


@check
def immediate_order_fills(bench):
    bench.flatten()
    size = bench.size("BTC", 200)
    fill = filled(bench.exchange.order("BTC", True, size, bench.price("BTC", 1.02), IOC))
    need(float(fill["totalSz"]) == size, fill)
    position = bench.position("BTC")
    need(position and float(position["szi"]) == size, position)
    newest = bench.info.user_fills(bench.address)[0]
    need(newest["oid"] == fill["oid"] and newest["dir"] == "Open Long", newest)
    need(newest["crossed"] is True and float(newest["fee"]) > 0, newest)
    ranged = bench.info.user_fills_by_time(bench.address, newest["time"])
    need(fill["oid"] in [row["oid"] for row in ranged], ranged)
    for name in ("userFills", "userEvents"):
        frame = bench.frame(name, lambda frame: "fills" in frame["data"])
        need(frame["data"]["fills"][0]["oid"] == fill["oid"], frame)
    history = bench.info.historical_orders(bench.address)
    need(history[0]["order"]["oid"] == fill["oid"] and history[0]["status"] == "filled", history[0])
    close = filled(bench.exchange.market_close("BTC"))
    need(float(close["totalSz"]) == size and bench.position("BTC") is None, close)


@check
def one_order_through_several_levels(bench):
    """Fills of one order add up to what its reply said, each at the price of its level."""
    bench.flatten()
    asks = bench.info.l2_snapshot("BTC")["levels"][1]
    size = round(float(asks[0]["sz"]) + float(asks[1]["sz"]), 5)
    reply = filled(bench.exchange.order("BTC", True, size, bench.price("BTC", 1.02), IOC))
    fills = [row for row in bench.info.user_fills(bench.address) if row["oid"] == reply["oid"]]
    need(len(fills) >= 2, f"{size} BTC in one fill")
    need(abs(sum(float(row["sz"]) for row in fills) - size) < 1e-9, fills)
    average = sum(float(row["sz"]) * float(row["px"]) for row in fills) / size
    need(abs(average / float(reply["avgPx"]) - 1) < 1e-5, f"{average} is not {reply}")
    for row in fills:
        fee = float(row["px"]) * float(row["sz"]) * 0.00045
        need(abs(float(row["fee"]) - fee) < 1e-5 and row["feeToken"] == "USDC", row)
    need(len({row["tid"] for row in fills}) == len(fills), "two fills share an id")
    bench.flatten()


@check
def a_limit_order_fills_partly_and_rests(bench):
    bench.flatten()
    ask = bench.info.l2_snapshot("BTC")["levels"][1][0]
    size = round(float(ask["sz"]) + 0.5, 5)
    reply = filled(bench.exchange.order("BTC", True, size, float(ask["px"]), GTC))
    need(0 < float(reply["totalSz"]) < size, f"{reply} of {size}")
    (order,) = bench.open_orders()
    need(order["oid"] == reply["oid"] and float(order["origSz"]) == size, order)
    need(abs(float(order["sz"]) + float(reply["totalSz"]) - size) < 1e-9, order)
    bench.flatten()


@check
def own_orders_do_not_trade_with_each_other(bench):
    bench.flatten()
    bids, asks = bench.info.l2_snapshot("BTC")["levels"]
    inside = round((float(bids[0]["px"]) + float(asks[0]["px"])) / 2)
    size = bench.size("BTC", 100)
    oid = resting(bench.exchange.order("BTC", True, size, inside, ALO))
    need_error(bench.exchange.order("BTC", False, size, inside, IOC), "could not immediately match")
    order = bench.info.query_order_by_oid(bench.address, oid)["order"]
    need(order["status"] == "selfTradeCanceled" and bench.position("BTC") is None, order)


@check
def reduce_only_orders(bench):
    bench.flatten()
    size = bench.size("BTC", 200)
    filled(bench.exchange.market_open("BTC", True, size))
    need_error(
        bench.exchange.order("BTC", True, size, bench.price("BTC", 1.02), IOC, reduce_only=True),
        "Reduce only order would increase position.",
    )
    low = bench.price("BTC", 0.98)
    reply = filled(
        bench.exchange.order("BTC", False, round(3 * size, 5), low, IOC, reduce_only=True)
    )
    need(float(reply["totalSz"]) == size and bench.position("BTC") is None, reply)


@check
def market_orders(bench):
    size = bench.size("ETH", 300)
    filled(bench.exchange.market_open("ETH", False, size))
    need(float(bench.position("ETH")["szi"]) == -size, "the short is not there")
    filled(bench.exchange.market_close("ETH", round(size / 2, 4) if size > 0.1 else None))
    bench.flatten()
    need(bench.position("ETH") is None, "the position is still there")


@check
def modify(bench):
    size, price = bench.size("BTC", 100), bench.price("BTC", 0.8)
    oid = resting(bench.exchange.order("BTC", True, size, price, GTC))
    lower = bench.price("BTC", 0.75)
    new = resting(bench.exchange.modify_order(oid, "BTC", True, size, lower, GTC))
    need(new != oid, "the id did not change")
    order = bench.info.query_order_by_oid(bench.address, new)["order"]
    need(float(order["order"]["limitPx"]) == lower and order["order"]["tif"] == "Alo", order)
    old = bench.info.query_order_by_oid(bench.address, oid)["order"]
    need(old["status"] == "canceled", old)
    again = bench.exchange.modify_order(oid, "BTC", True, size, lower, GTC)
    need_error(again, "Cannot modify canceled or filled order")
    crossing = bench.exchange.modify_order(new, "BTC", True, size, bench.price("BTC", 1.02), ALO)
    need_error(crossing, "Post only order would have immediately matched")
    bench.flatten()


@check
def bulk_modify_by_client_id(bench):
    cloid = Cloid.from_int(get_timestamp_ms())
    size, price = bench.size("ETH", 100), bench.price("ETH", 0.8)
    oid = resting(bench.exchange.order("ETH", True, size, price, GTC, cloid=cloid))
    lower = bench.price("ETH", 0.75)
    order = {
        "coin": "ETH", "is_buy": True, "sz": size, "limit_px": lower, "order_type": ALO,
        "reduce_only": False, "cloid": cloid,
    }
    answer = bench.exchange.bulk_modify_orders_new([{"oid": cloid, "order": order}])
    (status,) = statuses(answer)
    need(status["resting"]["oid"] != oid and status["resting"]["cloid"] == cloid.to_raw(), answer)
    newest = bench.info.query_order_by_cloid(bench.address, cloid)["order"]
    need(newest["order"]["oid"] == status["resting"]["oid"], newest)
    need(float(newest["order"]["limitPx"]) == lower and newest["status"] == "open", newest)
    bench.flatten()


@check
def every_kind_of_trigger(bench):
    bench.flatten()
    size = bench.size("BTC", 200)
    filled(bench.exchange.market_open("BTC", False, size))
    low, high = bench.price("BTC", 0.8), bench.price("BTC", 1.2)
    kinds = {
        "Stop Market": (high, "sl", True), "Stop Limit": (high, "sl", False),
        "Take Profit Market": (low, "tp", True), "Take Profit Limit": (low, "tp", False),
    }
    for kind, (price, tpsl, is_market) in kinds.items():
        order_type = trigger(price, tpsl, is_market)
        oid = resting(bench.exchange.order("BTC", True, size, price, order_type, reduce_only=True))
        order = bench.info.query_order_by_oid(bench.address, oid)["order"]["order"]
        need(order["orderType"] == kind and float(order["triggerPx"]) == price, order)
        side = "above" if tpsl == "sl" else "below"
        need(order["triggerCondition"].startswith(f"Price {side} "), order)
        need(order["isTrigger"] and order["tif"] is None, order)
    bench.flatten()


@check
def triggers(bench):
    bench.flatten()
    size = bench.size("BTC", 200)
    filled(bench.exchange.market_open("BTC", True, size))
    stop, worst = bench.price("BTC", 0.8), bench.price("BTC", 0.75)
    oid = resting(
        bench.exchange.order("BTC", False, size, worst, trigger(stop, "sl"), reduce_only=True)
    )
    profit = bench.price("BTC", 1.3)
    kind = trigger(profit, "tp", is_market=False)
    resting(bench.exchange.order("BTC", False, size, profit, kind, reduce_only=True))
    orders = {order["orderType"]: order for order in bench.info.frontend_open_orders(bench.address)}
    need(set(orders) == {"Stop Market", "Take Profit Limit"}, orders)
    order = orders["Stop Market"]
    need(order["oid"] == oid and order["isTrigger"] and order["reduceOnly"], order)
    need(order["triggerCondition"].startswith("Price below "), order)
    wrong = bench.exchange.order(
        "BTC", False, size, worst, trigger(bench.price("BTC", 1.2), "sl"), reduce_only=True
    )
    need_error(wrong, "Invalid TP/SL price.")
    bench.flatten()


@check
def grouped_triggers(bench):
    bench.flatten()
    size = bench.size("BTC", 200)

    def family(parent_price, tif):
        def order(is_buy, price, kind, reduce_only):
            return {
                "coin": "BTC", "is_buy": is_buy, "sz": size, "limit_px": price,
                "order_type": kind, "reduce_only": reduce_only,
            }

        profit, stop = bench.price("BTC", 1.3), bench.price("BTC", 0.6)
        worst = bench.price("BTC", 0.55)
        return [
            order(True, parent_price, tif, False),
            order(False, profit, trigger(profit, "tp"), True),
            order(False, worst, trigger(stop, "sl"), True),
        ]

    answer = bench.exchange.bulk_orders(family(bench.price("BTC", 0.8), GTC), grouping="normalTpsl")
    parent, *children = statuses(answer)
    need(children == ["waitingForFill"] * 2, answer)
    orders = bench.info.frontend_open_orders(bench.address)
    (order,) = [order for order in orders if order["oid"] == parent["resting"]["oid"]]
    need(len(order["children"]) == 2, order)
    bench.exchange.cancel("BTC", parent["resting"]["oid"])
    need(bench.open_orders() == [], "the children outlived their parent")

    crossing = family(bench.price("BTC", 1.02), IOC)
    answer = bench.exchange.bulk_orders(crossing, grouping="normalTpsl")
    parent, *children = statuses(answer)
    need("filled" in parent and children == ["waitingForTrigger"] * 2, answer)
    need(len(bench.open_orders()) == 2, "the children do not wait")
    bench.flatten()

    filled(bench.exchange.market_open("BTC", True, size))
    answer = bench.exchange.bulk_orders(
        family(bench.price("BTC", 0.8), GTC)[1:], grouping="positionTpsl"
    )
    need(statuses(answer) == ["waitingForTrigger"] * 2, answer)
    orders = bench.info.frontend_open_orders(bench.address)
    need(all(order["isPositionTpsl"] for order in orders), orders)
    bench.flatten()


@check
def dead_mans_switch(bench):
    size, price = bench.size("BTC", 100), bench.price("BTC", 0.8)
    oid = resting(bench.exchange.order("BTC", True, size, price, GTC))
    too_early = bench.exchange.schedule_cancel(get_timestamp_ms() + 1_000)
    need_refusal(too_early, "at least 5 seconds")
    need_default(bench.exchange.schedule_cancel(get_timestamp_ms() + 60_000))
    need_default(bench.exchange.schedule_cancel(None))
    need_default(bench.exchange.schedule_cancel(get_timestamp_ms() + 6_000))

    def fired(frame):
        return any(
            update["order"]["oid"] == oid and update["status"] == "scheduledCancel"
            for update in frame["data"]
        )

    bench.frame("orderUpdates", fired)
    need(bench.open_orders() == [], "the order is still there")


@check
def books_balance(bench):
    need_balance(bench)


if __name__ == "__main__":
    sys.exit(run(Bench))
