"""Makes a mailbox like an exporter's: deterministic, Python's standard library only.

    python3 tests/bench/mails.py FOLDER [COUNT]     fills FOLDER/cur with COUNT mails (10,000) and tells their sizes

Of 10,000 mails (255 MB) the median has 6.7 kB, the mean is 26 kB, one in a hundred is larger than 386 kB: mostly text
with or without HTML, every tenth with an attachment. Eight languages in eleven charsets, replies with quoted history,
bounces, newsletters, out-of-office replies. Mail number n is the same whatever COUNT is.
"""

import base64
import binascii
import email.utils
import html
import os
import random
import statistics
import sys

from vocabulary import GOODS, LANGUAGES, PEOPLE, PLACES

OURS = "sales@lamps.example"
START = 1_780_000_000  # the first mail's time; one follows every ten minutes or so
RANDOM_BYTES = random.Random("attachments").randbytes(3 << 20)
RANDOM_LINES = base64.encodebytes(RANDOM_BYTES)
LINE = 77  # of RANDOM_LINES, with its line end


def encoded_word(text, charset):
    """RFC 2047, one word for each stretch of ten characters."""
    if text.isascii():
        return text
    words = (text[at : at + 10].encode(charset, "replace") for at in range(0, len(text), 10))
    return "\n ".join(f"=?{charset}?B?{base64.b64encode(word).decode()}?=" for word in words)


class Mail:
    """Mail number `n`: everything about it follows from the number."""

    def __init__(self, n):
        self.n, self.random = n, random.Random(f"mail {n}")
        pick = self.random
        self.time = START + n * 600 + pick.randrange(600)
        language = pick.choices(list(LANGUAGES), [share for share, _, _ in LANGUAGES.values()])[0]
        _, charsets, self.sentences = LANGUAGES[language]
        self.charset, self.codec = (pick.choice(charsets),) * 2
        if self.charset == "gb2312":
            self.codec = "gbk"  # as mail programs do
        buyer = min(pick.randrange(4000), pick.randrange(4000))
        self.name = PEOPLE[buyer % len(PEOPLE)]
        self.domain = f"buyer{buyer // 2}.example"
        self.address = f"{self.name.split()[0].lower()}{buyer}@{self.domain}"
        self.kind = pick.choices(["inquiry", "reply", "bounce", "newsletter", "absence"], [64, 26, 5, 3, 2])[0]

    def sentence(self):
        pick = self.random
        words = {"g": pick.choice(GOODS), "p": pick.choice(PLACES), "q": pick.choice([200, 500, 1000, 3000])}
        words["u"] = f"{pick.uniform(1, 40):.2f}"
        return pick.choice(self.sentences).format(**words)

    def words(self, size):
        """About `size` bytes of text in short lines."""
        lines, written = [], 0
        while written < size:
            line = self.sentence()
            written += len(line.encode(self.codec, "replace")) + 1
            lines.append(line)
            if self.random.random() < 0.25:
                lines.append("")
        return lines

    def text(self, size):
        lines = (
            ["Hello,", ""]
            + self.words(size)
            + ["", "-- ", self.name, f"https://www.{self.domain}", f"Tel. +{self.random.randrange(10**11)}"]
        )
        if self.kind == "reply":
            lines += ["", f"On {email.utils.formatdate(self.time - 90_000)}, {OURS} wrote:"]
            lines += ["> " + line for line in self.words(size // 2)]
        return "\n".join(lines) + "\n"

    def part(self, text, subtype="plain"):
        """One text part in one of the four transfer encodings."""
        raw = text.encode(self.codec, "xmlcharrefreplace" if subtype == "html" else "replace")
        way = (
            "7bit"
            if raw.isascii() and self.random.random() < 0.6
            else self.random.choice(["base64", "quoted-printable", "8bit"])
        )
        body = {"base64": base64.encodebytes, "quoted-printable": lambda data: binascii.b2a_qp(data, istext=True)}.get(
            way, bytes
        )(raw)
        return (
            f"Content-Type: text/{subtype}; charset={self.charset}\nContent-Transfer-Encoding: {way}\n\n".encode()
            + body
        )

    def html(self, text):
        style = "".join(
            f".s{k} {{ color: #{self.random.randrange(1 << 24):06x}; padding: {k}px }}\n"
            for k in range(self.random.randrange(2, 30))
        )
        rows = "".join(
            f'<p class="s{k % 7}" style="margin: 0; font-family: Arial">{html.escape(line)}</p>\n'
            for k, line in enumerate(text.split("\n"))
        )
        return f"<html><head><style>{style}</style></head><body>\n{rows}</body></html>\n"

    def attachment(self, size):
        """A PDF of about `size` bytes in base64."""
        lines = min(int(size / LINE) + 1, len(RANDOM_LINES) // LINE - 1)
        first = self.random.randrange(len(RANDOM_LINES) // LINE - lines) * LINE
        name = self.random.choice(['filename="specification.pdf"', "filename*=UTF-8''%E8%A7%84%E6%A0%BC%E4%B9%A6.pdf"])
        kind = f"Content-Type: application/pdf\nContent-Disposition: attachment; {name}\n"
        head = kind + "Content-Transfer-Encoding: base64\n\n"
        return head.encode() + RANDOM_LINES[first : first + lines * LINE]

    def multipart(self, kind, parts, parameters=""):
        boundary = f"=_{kind}_{self.n:x}"
        middle = b"".join(b"--" + boundary.encode() + b"\n" + part.rstrip(b"\n") + b"\n" for part in parts)
        return (
            f'Content-Type: multipart/{kind}; boundary="{boundary}"{parameters}\n\n'.encode()
            + middle
            + f"--{boundary}--\n".encode()
        )

    def transport(self):
        """Headers that the ways and the checks of a mail leave."""
        pick, lines = self.random, []
        for hop in range(pick.randrange(2, 5)):
            lines.append(
                f"Received: from mx{hop}.{self.domain} ([192.0.2.{pick.randrange(1, 255)}])"
                f"\n\tby in.lamps.example with ESMTPS id {pick.getrandbits(48):X}"
                f"\n\tfor <{OURS}>; {email.utils.formatdate(self.time + 2)}"
            )
        signature = base64.encodebytes(pick.randbytes(256)).decode().strip().replace("\n", "\n\t")
        lines.append(
            f"DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d={self.domain}; s=k1;"
            f"\n\th=from:to:subject:date; b={signature}"
        )
        lines.append(f"Authentication-Results: in.lamps.example; spf=pass smtp.mailfrom={self.domain}; dkim=pass")
        return lines

    def headers(self):
        pick = self.random
        sender = {
            "bounce": f"Mail Delivery System <MAILER-DAEMON@{self.domain}>",
            "newsletter": f"News <news@{self.domain}>",
        }
        subject = {"bounce": "Undelivered Mail Returned to Sender", "absence": "Automatic reply: your offer"}
        lines = self.transport()
        lines += [f"From: {sender.get(self.kind, f'{self.name} <{self.address}>')}", f"To: Sales <{OURS}>"]
        lines += [
            "Subject: "
            + encoded_word(
                subject.get(self.kind, ("Re: " if self.kind == "reply" else "") + self.sentence()[:60]), self.codec
            )
        ]
        lines += [
            f"Date: {email.utils.formatdate(self.time)}",
            f"Message-ID: <{self.n}.{pick.getrandbits(64):x}@{self.domain}>",
        ]
        if self.kind in ("reply", "absence"):
            lines += [
                f"In-Reply-To: <offer.{self.n // 7}@lamps.example>",
                f"References: <first.{self.n // 9}@lamps.example>\n <offer.{self.n // 7}@lamps.example>",
            ]
        if self.kind in ("bounce", "absence"):
            lines += ["Auto-Submitted: auto-replied"]
        if self.kind == "newsletter":
            lines += [f"List-Unsubscribe: <https://{self.domain}/u/{self.n}>", "Precedence: bulk"]
        return lines + ["MIME-Version: 1.0"]

    def bounce(self):
        said = f"I could not deliver your message.\n\n<{self.address}>: 550 5.1.1 user unknown\n"
        report = (
            f"Content-Type: message/delivery-status\n\nReporting-MTA: dns; mx.{self.domain}\n\n"
            f"Final-Recipient: rfc822; {self.address}\n"
            f"Action: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 5.1.1 user unknown\n"
        )
        returned = (
            f"Content-Type: message/rfc822\n\nFrom: {OURS}\nTo: {self.address}\nSubject: News\n"
            f"Message-ID: <news.{self.n}@lamps.example>\n\n" + "\n".join(self.words(1500)) + "\n"
        )
        self.charset = self.codec = "utf-8"
        return self.multipart(
            "report", [self.part(said), report.encode(), returned.encode()], "; report-type=delivery-status"
        )

    def body(self):
        if self.kind == "bounce":
            return self.bounce()
        pick = self.random
        text = self.text(min(pick.lognormvariate(7.18, 0.85), 60_000) + (4000 if self.kind == "newsletter" else 0))
        form = (
            "alternative"
            if self.kind == "newsletter"
            else pick.choices(["plain", "alternative", "html"], [38, 55, 7])[0]
        )
        body = self.part(text) if form == "plain" else self.part(self.html(text), "html")
        if form == "alternative":
            body = self.multipart("alternative", [self.part(text), body])
        if self.kind in ("inquiry", "reply") and pick.random() < 0.108:
            body = self.multipart("mixed", [body, self.attachment(pick.lognormvariate(11.36, 1.17))])
        return body

    def raw(self):
        return "\n".join(self.headers()).encode() + b"\n" + self.body()


def fill(maildir, count):
    """Writes the mails as a delivery agent does, sizes in the file names; returns the sizes."""
    for name in ("cur", "new", "tmp"):
        os.makedirs(os.path.join(maildir, name), exist_ok=True)
    sizes = []
    for n in range(count):
        mail = Mail(n)
        raw = mail.raw()
        path = os.path.join(maildir, "cur", file_name(n, mail.time, raw))
        with open(path, "wb") as file:
            file.write(raw)
        os.utime(path, (mail.time, mail.time))
        sizes.append(len(raw))
    return sizes


def file_name(n, time, raw):
    return f"{time}.M0P1Q{n}.bench,S={len(raw)},W={len(raw) + raw.count(10)}:2,"


def huge(maildir, size):
    """One mail of `size` bytes."""
    for name in ("cur", "new", "tmp"):
        os.makedirs(os.path.join(maildir, name), exist_ok=True)
    lines = RANDOM_LINES[: len(RANDOM_LINES) // LINE * LINE]
    head = (
        f"From: buyer@huge.example\nTo: {OURS}\nSubject: drawings\nDate: {email.utils.formatdate(START)}\n"
        'Message-ID: <1@huge.example>\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="=_huge"\n\n'
        "--=_huge\nContent-Type: text/plain\n\nPlease quote 500 pcs of the lantern L15.\n"
        '--=_huge\nContent-Type: application/zip; name="drawings.zip"\nContent-Transfer-Encoding: base64\n\n'
    ).encode()
    missing = size - len(head) - 12
    raw = head + (lines * (missing // len(lines) + 1))[: missing // LINE * LINE] + b"--=_huge--\n"
    with open(os.path.join(maildir, "cur", file_name(0, START, raw)), "wb") as file:
        file.write(raw)


def describe(sizes):
    ordered = sorted(sizes)
    return (
        f"{len(sizes):,} mails, {sum(sizes) / 1e6:.0f} MB, median {statistics.median(sizes) / 1e3:.1f} kB, "
        f"mean {statistics.mean(sizes) / 1e3:.1f} kB, p99 {ordered[len(ordered) * 99 // 100] / 1e3:.0f} kB, "
        f"largest {ordered[-1] / 1e6:.1f} MB"
    )


if __name__ == "__main__":
    print(describe(fill(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 10_000)))
