"""The chat page and the console in a real Chromium, with the real processes behind them."""
