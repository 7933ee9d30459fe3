"""Grading rules for the bench: as many as wanted, independent of each other and mixed as real ones are."""

import random

# Half of the vocabulary stands in the bench's mails, half doesn't.
FIRST = [
    "quote",
    "target",
    "sample",
    "courier",
    "certificate",
    "carton",
    "delivery",
    "payment",
    "guarantee",
    "price",
    "pallet",
    "forwarder",
    "invoice",
    "inspection",
    "tooling",
    "rebate",
    "consignment",
    "insurance",
    "sticker",
    "voltage",
]
SECOND = [
    "advance",
    "documents",
    "season",
    "label",
    "compare",
    "stock",
    "packing",
    "spare",
    "bracket",
    "offers",
    "warehouse",
    "mould",
    "deposit",
    "franchise",
    "tender",
    "showroom",
    "exclusive",
    "container",
    "barcode",
    "clearance",
]
FOREIGN = [
    "报价",
    "样品",
    "交货期",
    "付款方式",
    "目标价",
    "检测报告",
    "envío",
    "garantie",
    "Prüfbericht",
    "цена",
    "納期",
    "orçamento",
]


def rule(n):
    """Rule number `n`: keywords mostly, every fifth a regular expression with a gap."""
    pick = random.Random(f"rule {n}")
    first, second, foreign = pick.choice(FIRST), pick.choice(SECOND), pick.choice(FOREIGN)
    patterns = [
        [f"{first} {second} {n}", f"{second} of the {first} {n}"],
        [f"{foreign}{n}", f"{first}-{second}-{n}"],
        [f"model {first[:3]}{n}", f"order no {n}"],
        [f"{first} for {second}", f"{n} {first}s per {second}"],
        [f"re:{first}.{{0,40}}{second}.{{0,20}}{n}", f"re:{n} ?(pcs|sets|stück|pezas) {first}"],
    ][n % 5]
    words = ", ".join(f"'{pattern}'" for pattern in patterns)
    points = pick.choice([-5, 5, 10, 20])
    return f'[[rule]]\nid = "bench-{n}"\nwhy = "bench rule {n}"\npoints = {points}\ntext = [{words}]\n'


def rules(count):
    """A grading.toml with `count` rules."""
    return "[thresholds]\nA = 60\nB = 28\nC = 15\n\n" + "\n".join(rule(n) for n in range(count))
