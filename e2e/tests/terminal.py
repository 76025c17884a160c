"""Runs a command at a terminal, and gives an answer to each question: ANSWERS COMMAND..."""

import os
import pty
import signal
import sys

answers = sys.argv[1].split(",")
process, terminal = pty.fork()
if process == 0:
    os.execvp(sys.argv[2], sys.argv[2:])
# A command that waits for ever is ended, and fails.
signal.signal(signal.SIGALRM, lambda *_: os.kill(process, signal.SIGKILL))
signal.alarm(60)
seen = b""
while True:
    try:
        data = os.read(terminal, 4096)
    except OSError:  # so a terminal on Linux ends
        data = b""
    if not data:
        break
    sys.stdout.buffer.write(data)
    seen += data
    if b"[y/N]" in seen and answers:
        seen = b""
        os.write(terminal, answers.pop(0).encode() + b"\n")
_, status = os.waitpid(process, 0)
sys.exit(os.waitstatus_to_exitcode(status))
