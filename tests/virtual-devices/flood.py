#!/usr/bin/env python3
"""A device that talks without pause, on a pseudo terminal that Chromium sees as a USB serial adapter.

usage: flood.py FOLDER NAME [--vid 0403] [--pid 6015] [--serial FL0001]

Control lines on standard input, each confirmed by {"event": "done", "line": ...} once it is in force:
  plug | unplug
  flood RATE SECONDS     that many bytes a second, for so long, whether anybody reads or not
  quit                   ends; so does the end of standard input
When a flood is over: {"event": "flooded", "sent": bytes that the reader was given, "dropped": bytes that found no room}.

Byte n of a flood belongs to a little-endian counter of 32-bit words, so that whoever reads knows what is missing. Like a
real adapter it has a buffer of its own, and drops what does not fit: it never waits for the reader.
"""
import os
import select
import struct
import sys
import time

from adapter import Adapter, given, say

ADAPTER_BYTES = 64 * 1024    # what an operating system keeps of a port that is not being read
PIECE_BYTES = 4096
TICK_S = 0.002


class Device(Adapter):
    flood = None

    def plug(self):
        super().plug()
        os.set_blocking(self.inside, False)

    def control(self, line):
        word, *rest = line.split()
        if word == 'plug':
            self.plug()
        elif word == 'unplug':
            self.unplug()
        elif word == 'flood':
            self.flood = Flood(int(rest[0]), float(rest[1]))
        say(event='done', line=line)


class Flood:
    def __init__(self, rate, seconds):
        self.rate, self.total = rate, int(rate * seconds) // 4 * 4
        self.begin = time.monotonic()
        self.made = self.sent = self.dropped = 0
        self.kept = bytearray()

    def step(self, inside):
        due = min(self.total, int((time.monotonic() - self.begin) * self.rate) // 4 * 4)
        words = struct.pack(f'<{(due - self.made) // 4}I', *(n & 0xFFFFFFFF for n in range(self.made // 4, due // 4)))
        self.made = due
        self.dropped += max(0, len(self.kept) + len(words) - ADAPTER_BYTES)
        self.kept += words[:max(0, ADAPTER_BYTES - len(self.kept))]
        try:
            while self.kept:
                taken = os.write(inside, self.kept[:PIECE_BYTES])
                self.sent += taken
                del self.kept[:taken]
        except (BlockingIOError, OSError):
            pass
        return self.made == self.total and not self.kept


def main():
    asked = given('0403', '6015', 'FL0001')
    device = Device(asked.path, f'{asked.vid} {asked.pid} {asked.serial} Flood')
    device.plug()
    while True:
        ready, _, _ = select.select([0], [], [], TICK_S if device.flood else None)
        if ready:
            line = sys.stdin.readline()
            if not line or line.strip() == 'quit':
                break
            device.control(line.strip())
        if device.flood and device.inside is not None and device.flood.step(device.inside):
            say(event='flooded', sent=device.flood.sent, dropped=device.flood.dropped)
            device.flood = None
    device.unplug()


main()
