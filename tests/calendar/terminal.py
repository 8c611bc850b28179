"""Runs a command at a terminal whose user types a password once the terminal shows it no more, and prints what the terminal showed.
Arguments: the password, the command and its arguments.
"""

import os
import pty
import sys
import termios
import time

password, command = sys.argv[1], sys.argv[2:]
child, terminal = pty.fork()
if child == 0:
    os.execv(command[0], command)
while termios.tcgetattr(terminal)[3] & termios.ECHO:
    time.sleep(0.01)
os.write(terminal, password.encode() + b"\n")
shown = b""
try:
    while more := os.read(terminal, 4096):
        shown += more
except OSError:
    pass  # On Linux the end of a terminal is an error.
sys.stdout.write(shown.decode())
sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
