#!/usr/bin/env python3
"""A barcode scanner on a pseudo terminal, which Chromium sees as a USB serial adapter (virtual-devices.c shows it).

usage: scanner.py FOLDER NAME [--vid 0c2e] [--pid 0901] [--serial SC0001]

Control lines on standard input, each confirmed by {"event": "done", "line": ...} once it is in force:
  unplug | plug          pull it out, put it back
  send JSON              that text goes out, character by character: a code is no code before its line end
  quit                   ends; so does the end of standard input

Knows nothing of the browser; virtual-scanner.ts drives it.
"""
import json
import os
import sys

from adapter import Adapter, given, say


def main():
    asked = given('0c2e', '0901', 'SC0001')
    scanner = Adapter(asked.path, f'{asked.vid} {asked.pid} {asked.serial} Scanner')
    scanner.plug()
    for line in sys.stdin:
        word, _, rest = line.strip().partition(' ')
        if word == 'quit':
            break
        if word == 'plug':
            scanner.plug()
        elif word == 'unplug':
            scanner.unplug()
        elif word == 'send':
            for character in json.loads(rest):
                os.write(scanner.inside, character.encode())
        say(event='done', line=line.strip())
    scanner.unplug()


main()
