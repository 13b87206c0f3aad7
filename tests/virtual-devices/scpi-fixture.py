#!/usr/bin/env python3
"""A SCPI test fixture on a pseudo terminal, which Chromium sees as a USB serial adapter (virtual-devices.c shows it).

usage: scpi-fixture.py FOLDER NAME [--vid 0403] [--pid 6001] [--serial FX0001]

Control lines on standard input, each confirmed by {"event": "done", "line": ...} once it is in force:
  unplug | plug          pull the adapter out, put it back (the fixture forgets nothing)
  mute                   hears everything, answers nothing
  noise                  junk without a line end comes before every answer
  talk                   back to normal
  set QUERY = ANSWER     what a query is answered with
  quit                   ends; so does the end of standard input
On standard output, one line of JSON for everything that happens: plugged, unplugged, heard (a command came in), done.

Knows nothing of the browser; virtual-fixture.ts drives it.
"""
import os
import select
import sys

from adapter import Adapter, given, say


class Fixture(Adapter):
    def __init__(self, path, vid, pid, serial):
        super().__init__(path, f'{vid} {pid} {serial} Fixture')
        self.answers = {
            '*IDN?': f'ACME,FX-1,{serial},1.0',
            'SYST:ERR?': '0,"No error"',
            'MEAS:VOLT:DC?': '3.301',
            'MEAS:CURR:DC?': '0.0421',
            'MEAS:TEMP?': '24.9',
        }
        self.mute = self.noise = False
        self.heard = b''

    def unplug(self):
        super().unplug()
        self.heard = b''

    def control(self, line):
        word, _, rest = line.partition(' ')
        if word == 'plug':
            self.plug()
        elif word == 'unplug':
            self.unplug()
        elif word == 'mute':
            self.mute = True
        elif word == 'noise':
            self.noise = True
        elif word == 'talk':
            self.mute = self.noise = False
        elif word == 'set':
            query, _, answer = rest.partition(' = ')
            self.answers[query] = answer
        say(event='done', line=line)

    def listen(self):
        try:
            self.heard += os.read(self.inside, 4096)
        except OSError:    # nobody has the other end open
            return
        while b'\n' in self.heard:
            line, self.heard = self.heard.split(b'\n', 1)
            command = line.decode('latin1').strip()
            if command:
                self.obey(command)

    def obey(self, command):
        say(event='heard', line=command)
        if self.mute or not command.split(' ')[0].endswith('?'):
            return
        if self.noise:
            os.write(self.inside, b'\x00\xff\x80garbage' + os.urandom(24).replace(b'\n', b'.').replace(b'\r', b'.'))
        for character in self.answers.get(command, 'ERR') + '\n':
            os.write(self.inside, character.encode())    # one by one: a reader must not count on whole lines


def main():
    asked = given('0403', '6001', 'FX0001')
    fixture = Fixture(asked.path, asked.vid, asked.pid, asked.serial)
    fixture.plug()
    while True:
        ready, _, _ = select.select([0] + ([fixture.inside] if fixture.inside is not None else []), [], [])
        if 0 in ready:
            line = sys.stdin.readline()
            if not line or line.strip() == 'quit':
                break
            fixture.control(line.strip())
        elif ready:
            fixture.listen()
    fixture.unplug()


main()
