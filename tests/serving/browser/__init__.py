"""The pages in a real browser: Debian's Chromium, driven by Playwright; skipped, with a word, where there is none."""
