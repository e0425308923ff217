"""Runs a command in a pseudo-terminal of its own and does to it what somebody at a keyboard does.

Its one argument is JSON: command, columns, rows, environment, actions, timeout in s. Prints JSON: what was written to the terminal,
the exit code or minus the signal, whether the terminal's settings are as they were before, and how far the output was at each mark.
"""

import fcntl
import json
import os
import select
import signal
import struct
import sys
import termios
import time

spec = json.loads(sys.argv[1])
master, slave = os.openpty()


def resize(columns, rows):
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))


resize(spec["columns"], spec["rows"])
before = termios.tcgetattr(slave)
pid = os.fork()
if pid == 0:
    os.setsid()
    fcntl.ioctl(slave, termios.TIOCSCTTY, 0)
    for fd in (0, 1, 2):
        os.dup2(slave, fd)
    os.close(master)
    os.close(slave)
    os.execvpe(spec["command"][0], spec["command"], {**os.environ, **spec["environment"]})

output = b""
status = None
stops = []
marks = {}


def pump(until):
    """Reads what is written, and looks whether the command has ended or stopped."""
    global output, status
    while time.monotonic() < until:
        ready, _, _ = select.select([master], [], [], 0.02)
        if ready:
            try:
                output += os.read(master, 65536)
            except OSError:
                pass
        if status is not None:
            continue
        done, what = os.waitpid(pid, os.WNOHANG | os.WUNTRACED)
        if done and os.WIFSTOPPED(what):
            stops.append(termios.tcgetattr(slave)[3] == before[3])
        elif done:
            status = os.waitstatus_to_exitcode(what)
            # What it has written last.
            until = time.monotonic() + 0.3


def act(action):
    if "until" in action:
        limit = time.monotonic() + 30
        begin = marks.get(action.get("after"), 0)
        while action["until"].encode() not in output[begin:] and status is None and time.monotonic() < limit:
            pump(time.monotonic() + 0.02)
    if "write" in action:
        os.write(master, action["write"].encode())
    if "size" in action:
        resize(*action["size"])
    if "flow" in action:
        # What Ctrl-S and Ctrl-Q do where the terminal itself obeys them.
        termios.tcflow(slave, termios.TCOOFF if action["flow"] == "off" else termios.TCOON)
    if "signal" in action:
        os.kill(pid, getattr(signal, "SIG" + action["signal"]))
    if "wait" in action:
        pump(time.monotonic() + action["wait"])
    if "mark" in action:
        marks[action["mark"]] = len(output)


for action in spec["actions"]:
    act(action)
limit = time.monotonic() + spec["timeout"]
while status is None and time.monotonic() < limit:
    pump(time.monotonic() + 0.05)
if status is None:
    os.kill(pid, signal.SIGKILL)
pump(time.monotonic() + 0.2)
json.dump(
    {
        "output": output.decode("utf8", "replace"),
        "code": status,
        "isRestored": before[:4] == termios.tcgetattr(slave)[:4],
        "stops": stops,
        "marks": {name: len(output[:at].decode("utf8", "replace")) for name, at in marks.items()},
    },
    sys.stdout,
)
