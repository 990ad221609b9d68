"""What the scripts for hyperliquid-python-sdk share: its clients, and answers taken apart."""

import eth_account
from hyperliquid.exchange import Exchange
from hyperliquid.info import Info

from harness import Frames, need

# Synthetic: never fund it anywhere.
KEY = "0x" + "a55a71de" * 8
STRANGER = "0x00000000000000000000000000000000000abcde"

GTC = {"limit": {"tif": "Gtc"}}
IOC = {"limit": {"tif": "Ioc"}}
ALO = {"limit": {"tif": "Alo"}}


def trigger(price, kind, is_market=True):
    return {"trigger": {"triggerPx": price, "isMarket": is_market, "tpsl": kind}}


def statuses(answer):
    need(answer["status"] == "ok", answer)
    return answer["response"]["data"]["statuses"]


def resting(answer):
    (status,) = statuses(answer)
    need("resting" in status, status)
    return status["resting"]["oid"]


def filled(answer):
    (status,) = statuses(answer)
    need("filled" in status, status)
    return status["filled"]


def error(answer):
    (status,) = statuses(answer)
    need(isinstance(status, dict) and "error" in status, status)
    return status["error"]


def need_error(answer, text):
    need(text in error(answer), f"{error(answer)!r} does not say {text!r}")


def need_refusal(answer, text):
    need(answer["status"] == "err" and text in answer["response"], answer)


def need_default(answer):
    need(answer == {"status": "ok", "response": {"type": "default"}}, answer)


class Bench:
    """The client under test, and what its socket brought."""

    def __init__(self, base_url):
        self.base_url = base_url
        self.wallet = eth_account.Account.from_key(KEY)
        self.address = self.wallet.address
        self.info = Info(base_url, timeout=30)
        self.exchange = Exchange(self.wallet, base_url, timeout=30)
        self.frames = {}
        self.flatten()

    # Prices

    def mid(self, coin):
        return float(self.info.all_mids()[coin])

    def price(self, coin, factor):
        """A valid price: five significant figures, and at most 6 - szDecimals decimals."""
        decimals = 6 - self.info.asset_to_sz_decimals[self.info.name_to_asset(coin)]
        return round(float(f"{self.mid(coin) * factor:.5g}"), decimals)

    def size(self, coin, dollars):
        decimals = self.info.asset_to_sz_decimals[self.info.name_to_asset(coin)]
        return round(dollars / self.mid(coin), decimals)

    # Account

    def open_orders(self):
        return self.info.open_orders(self.address)

    def position(self, coin):
        for item in self.info.user_state(self.address)["assetPositions"]:
            if item["position"]["coin"] == coin:
                return item["position"]
        return None

    def flatten(self):
        """Leaves no order and no position, whatever a check before left."""
        cancels = [{"coin": order["coin"], "oid": order["oid"]} for order in self.open_orders()]
        if cancels:
            self.exchange.bulk_cancel(cancels)
        for coin in ("BTC", "ETH"):
            if self.position(coin):
                self.exchange.market_close(coin)

    # Socket

    def subscribe(self, subscription):
        name = subscription["type"]
        self.frames[name] = Frames()
        self.info.subscribe(subscription, self.frames[name].put)

    def frame(self, name, holds=lambda frame: True):
        """The next frame of a subscription for which a condition holds."""
        return self.frames[name].next(holds)

    def close(self):
        self.info.disconnect_websocket()


def _gained(delta, address):
    """What a row of the ledger added to the account's perpetuals."""
    amount, fee = float(delta["usdc"]), float(delta.get("fee", 0))
    match delta["type"]:
        case "deposit":
            return amount
        case "withdraw":
            return -amount - fee
        case "accountClassTransfer":
            return amount if delta["toPerp"] else -amount
        case "internalTransfer":
            return amount if delta["destination"] == address else -amount - fee
    raise AssertionError(f"what is {delta}?")


def need_balance(bench):
    """Demands that deposits, fills, fees and funding make up the account's value."""
    bench.flatten()
    state = bench.info.user_state(bench.address)
    need(state["assetPositions"] == [] and bench.open_orders() == [], state)
    value = float(state["marginSummary"]["accountValue"])
    need(value == float(state["withdrawable"]), state)
    ledger = bench.info.user_non_funding_ledger_updates(bench.address, 0)
    deposits = sum(_gained(row["delta"], bench.address.lower()) for row in ledger)
    fills = bench.info.user_fills(bench.address)
    earned = sum(float(fill["closedPnl"]) - float(fill["fee"]) for fill in fills)
    funding = bench.info.user_funding_history(bench.address, 0)
    earned += sum(float(row["delta"]["usdc"]) for row in funding)
    need(abs(deposits + earned - value) < 0.001, f"{deposits} + {earned} is not {value}")
