"""An account of the simulated Hyperliquid, as ccxt sees it."""

import ccxt
import ccxt.pro
import eth_account

# Synthetic: never fund them anywhere.
KEYS = {"mainnet": "0x" + "b22b5c1f" * 8, "sandbox": "0x" + "c33c6d2f" * 8}


def settings(base_url, network, socket_url=None):
    key = KEYS[network]
    return {
        "walletAddress": eth_account.Account.from_key(key).address,
        "privateKey": key,
        "options": {"sandboxMode": network == "sandbox"},
        "enableRateLimit": False,
        "timeout": 30_000,
        "urls": {
            "api": {
                "public": base_url,
                "private": base_url,
                "ws": {"public": socket_url or base_url.replace("http", "ws", 1) + "/ws"},
            }
        },
    }


class Trader:
    """One account, as ccxt sees it."""

    def __init__(self, base_url, network):
        self.client = ccxt.hyperliquid(settings(base_url, network))
        self.stream = ccxt.pro.hyperliquid(settings(base_url, network))
        self.client.load_markets()
        self.clear()

    def price(self, symbol, factor):
        """A valid price, off the mid."""
        mid = self.client.fetch_ticker(symbol)["close"]
        return float(self.client.price_to_precision(symbol, mid * factor))

    def amount(self, symbol, dollars):
        mid = self.client.fetch_ticker(symbol)["close"]
        return float(self.client.amount_to_precision(symbol, dollars / mid))

    def resting(self, symbol, **params):
        """Rests a bid far from the market."""
        return self.client.create_order(
            symbol, "limit", "buy", self.amount(symbol, 100), self.price(symbol, 0.8), params
        )

    def market(self, symbol, side, amount, **params):
        mid = self.client.fetch_ticker(symbol)["close"]
        return self.client.create_order(symbol, "market", side, amount, mid, params)

    def position(self, symbol):
        return next(iter(self.client.fetch_positions([symbol])), None)

    def clear(self):
        """Leaves no order and no position, whatever a check before left."""
        for order in self.client.fetch_open_orders():
            self.client.cancel_order(order["id"], order["symbol"])
        for held in self.client.fetch_positions():
            side = "sell" if held["side"] == "long" else "buy"
            self.market(held["symbol"], side, held["contracts"], reduceOnly=True)
