"""A pseudo terminal that Chromium sees as a USB serial adapter (virtual-devices.c shows it), and the talk with whoever drives it.

Knows nothing of what is behind the adapter: scpi-fixture.py, flood.py.
"""
import argparse
import json
import os
import pty
import tty


class Adapter:
    def __init__(self, path, ids):
        self.path, self.ids = path, ids
        self.inside = self.outside = None    # the two ends of the pseudo terminal: ours, and the browser's

    def plug(self):
        if self.inside is not None:
            return
        self.inside, self.outside = pty.openpty()
        tty.setraw(self.inside)
        tty.setraw(self.outside)
        node = os.ttyname(self.outside)
        with open(self.path + '.new', 'w') as file:
            file.write(f'{node} {self.ids}\n')
        os.rename(self.path + '.new', self.path)    # whole or not at all: the browser watches the folder
        say(event='plugged', node=node)

    def unplug(self):
        if self.inside is None:
            return
        os.unlink(self.path)
        os.close(self.inside)
        os.close(self.outside)
        self.inside = self.outside = None
        say(event='unplugged')


def say(**what):
    print(json.dumps(what), flush=True)


def given(vid, pid, serial):
    """What the command line says; the ids are those unless it names others."""
    arguments = argparse.ArgumentParser()
    arguments.add_argument('folder')
    arguments.add_argument('name')
    arguments.add_argument('--vid', default=vid)
    arguments.add_argument('--pid', default=pid)
    arguments.add_argument('--serial', default=serial)
    parsed = arguments.parse_args()
    os.makedirs(parsed.folder, exist_ok=True)
    parsed.path = os.path.join(parsed.folder, parsed.name + '.tty')
    return parsed
